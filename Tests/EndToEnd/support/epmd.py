"""A real epmd, and the nodes that find each other by it."""
import os
import random
import socket
import subprocess
import time

from support.server import Server


class Epmd:
    """A real epmd, on a port that nothing else uses, and the processes that find each other by it."""

    def __init__(self):
        self.processes = []
        for _ in range(20):
            # Below the ports that the system gives to clients, which stay taken for a minute after they close.
            self.port = random.randrange(20000, 32000)
            self.environment = os.environ | {"ERL_EPMD_PORT": str(self.port)}
            epmd = self.start("epmd", "-port", str(self.port), "-address", "127.0.0.1")
            # One whose port is taken ends at once.
            while epmd.poll() is None:
                try:
                    socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                except OSError:
                    time.sleep(0.02)
                    continue
                if epmd.poll() is None:
                    return
        raise AssertionError("no port is free for epmd")

    def start(self, *arguments):
        process = subprocess.Popen(arguments, env=self.environment, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.processes.append(process)
        return process

    def gateway(self, descriptors=None, environment={}):
        """A server in the cluster."""
        return Server(anonymous=True, descriptors=descriptors, environment=environment, more=f'''
[cluster]
name = "gateway@127.0.0.1"
cookie = "e2e"
epmd_port = {self.port}
''')

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self.processes:
            process.kill()
            process.wait()
