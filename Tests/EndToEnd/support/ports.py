"""Ports that nothing else uses."""
import contextlib
import random
import socket


def free_ports(count, together=False):
    """So many ports that were free a moment ago, below those that the system gives to clients."""
    while True:
        first = random.randrange(20000, 32000 - count)
        ports = range(first, first + count) if together else [random.randrange(20000, 32000) for _ in range(count)]
        with contextlib.ExitStack() as probes:
            try:
                for port in ports:
                    probes.enter_context(socket.socket()).bind(("127.0.0.1", port))
                return list(ports)
            except OSError:
                continue


def free_port():
    return free_ports(1)[0]
