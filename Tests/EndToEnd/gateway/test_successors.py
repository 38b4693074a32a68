"""A gateway that ends beside the one that takes its place, and one that is the first process of a container."""
import os
import socket
import subprocess
import time

from support.checks import expect
from support.programs import BIN

SERVER = """
node = "gw"
[auth]
mode = "anonymous"
[websocket]
listen = "127.0.0.1:0"
[telemetry]
listen = ["unix:{folder}/t.sock"]
[health]
socket = "{folder}/h.sock"
"""


def test_the_sockets_of_a_successor(start_configured, folder):
    """Whoever was started meanwhile from the same file keeps its Unix sockets, and takes them away at its own end."""
    def is_reached(name):
        with socket.socket(socket.AF_UNIX) as client:
            return client.connect_ex(f"{folder}/{name}") == 0
    text = SERVER.format(folder=folder)
    first = start_configured(folder, text)
    for name in ["t.sock", "h.sock"]:
        os.unlink(f"{folder}/{name}")
    second = start_configured(folder, text)
    expect(first.end() == 0, first.log)
    expect(is_reached("t.sock") and is_reached("h.sock"), "the first removed the sockets of the second")
    ended = subprocess.run([f"{BIN}/genapi-gateway", "ctl", "status", "--socket", f"{folder}/h.sock"],
                           capture_output=True, text=True, timeout=30)
    expect(ended.returncode == 0, ended)
    expect(second.end() == 0, second.log)
    expect(not os.path.exists(f"{folder}/t.sock") and not os.path.exists(f"{folder}/h.sock"), os.listdir(folder))


def test_process_1_reaps_orphans(start_configured, folder):
    """As process 1 of a namespace it leaves no zombie of a child that another process left behind, and SIGTERM ends it."""
    script = '(sleep 0.1 & exec sleep 0.2) & exec "$@"'
    prefix = ["unshare", "--fork", "--pid", "--mount-proc", "--kill-child", "sh", "-c", script, "sh"]
    if subprocess.run(["unshare", "--fork", "--pid", "--mount-proc", "true"], capture_output=True).returncode != 0:
        # As in a container that may make no namespaces.
        return
    gateway = start_configured(folder, SERVER.format(folder=folder), prefix=prefix)

    def children(pid):
        with open(f"/proc/{pid}/task/{pid}/children") as file:
            return [int(child) for child in file.read().split()]
    # `unshare` forked the gateway, whose own children are what was left to it.
    first = children(gateway.process.pid)[0]
    deadline = time.monotonic() + 20
    while children(first) and time.monotonic() < deadline:
        time.sleep(0.1)
    expect(children(first) == [], "zombies of process 1 stay")
    os.kill(first, 15)
    expect(gateway.process.wait(timeout=40) == 0, gateway.log)
