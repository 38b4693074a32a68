"""Pipes that break and disks that are full."""
import fcntl
import os
import resource
import signal
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

from support.checks import contains, same, wait_for
from support.programs import BIN, ROOT, TOP, read
from support.terminal import environment, run_top


def test_a_full_disk(start_gateway, folder):
    """Nothing that could not be written ends with 0."""
    gateway = start_gateway()
    shot = os.path.join(folder, "full.svg")
    os.symlink("/dev/full", shot)
    for arguments, code in [
        (["--help"], 1), (["--version"], 1), (["events", "--help"], 1), (["--generate-completion-script", "bash"], 1),
        (["config"], 1), (["--once", gateway.address], 1), (["--once", "--json", gateway.address], 1),
        (["--batch", "2", "--interval", "200ms", gateway.address], 1),
        (["events", "--count", "1", gateway.address], 1), (["events", "--json", "--count", "1", gateway.address], 1),
        (["check", "no node down", gateway.address], 2), (["check", "--json", "no node down", gateway.address], 2),
    ]:
        with open("/dev/full", "wb") as full:
            done = subprocess.run([TOP, *arguments], stdout=full, stderr=subprocess.PIPE, text=True, timeout=30,
                                  env=environment(), stdin=subprocess.DEVNULL)
        same(done.returncode, code, f"exit code of {arguments} ({done.stderr})")
        contains(done.stderr, "cannot write to standard output: No space left")
    for arguments in (["--once", "--record", "/dev/full", gateway.address], ["--screenshot", shot, gateway.address]):
        done = run_top(*arguments)
        if done.returncode == 0:
            raise AssertionError(f"{arguments} ended with 0")
        contains(done.stderr, "No space left")
    # Closed is not full, and no success either.
    done = subprocess.run(["sh", "-c", f"exec {TOP} config >&-"], capture_output=True, text=True, env=environment())
    same(done.returncode, 1, "exit code of a closed standard output")


def test_the_first_process(start_gateway, folder):
    """The first process of a container, which the system shields from signals, ends by them as any other."""
    gateway = start_gateway()
    record = os.path.join(folder, "first.jsonl")
    # A server that never answers.
    silent = socket.create_server(("127.0.0.1", 0))
    load = [f"{BIN}/genapi-gateway", "load", f"ws://127.0.0.1:{silent.getsockname()[1]}", "--seconds", "60",
            "--request", "order_service/list_orders={}"]
    alone = ["unshare", "--pid", "--fork", "--kill-child"]
    if subprocess.run([*alone, "true"], capture_output=True).returncode != 0:
        # As in a container that may make no namespaces.
        return
    for command in (
        [TOP, "--batch", "1000", gateway.address], [TOP, "events", "--json", gateway.address],
        [TOP, "check", "no node down", "--for", "60s", gateway.address],
        [TOP, "--batch", "1000", "--record", record, gateway.address], load,
    ):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            process = subprocess.Popen([*alone, *command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                       env=environment())
            children = f"/proc/{process.pid}/task/{process.pid}/children"
            wait_for("a child", lambda: read(children).split())
            first = int(read(children).split()[0])
            wait_for(f"{command[:2]} handles {number}", lambda: handles(first, number))
            os.kill(first, number)
            same(process.wait(10), 128 + number, f"exit code of {command} ({process.stderr.read()})")
    silent.close()


def handles(pid, number):
    caught = next(line for line in read(f"/proc/{pid}/status").splitlines() if line.startswith("SigCgt"))
    return int(caught.split()[1], 16) >> (number - 1) & 1


def test_a_disk_that_is_full_later(start_gateway, folder):
    """What is recorded on a disk that is full later is told, and does not end with 0."""
    gateway = start_gateway()
    path = os.path.join(folder, "limited.jsonl")
    # A file may grow to 20 kB: as a full disk, seen by the program.
    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
    done = subprocess.run([TOP, "--once", "--after", "4s", "--record", path, gateway.address], capture_output=True,
                          text=True, timeout=30, env=environment(), preexec_fn=limit)
    same(done.returncode, 1, f"exit code ({done.stderr})")
    contains(done.stderr, "the recording is not whole: cannot write .*limited.jsonl")
    contains(done.stdout, "order_service")


def test_a_reader_that_is_gone(start_gateway):
    """events ends when its reader has, also when no event comes."""
    gateway = start_gateway()
    for arguments in (["events"], ["events", "--json"], ["--batch", "1000", "--interval", "6s"]):
        process = subprocess.Popen([TOP, *arguments, gateway.address], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   env=environment(), stdin=subprocess.DEVNULL)
        process.stdout.readline()
        gateway.events = False
        process.stdout.close()
        try:
            same(process.wait(4), -signal.SIGPIPE, f"exit code of {arguments}")
        except subprocess.TimeoutExpired:
            process.kill()
            raise AssertionError(f"{arguments} still runs")
        same(process.stderr.read(), b"", "standard error")
        gateway.events = True


def test_a_non_blocking_pipe(start_gateway):
    """A pipe that another program made non-blocking loses nothing."""
    gateway = start_gateway()
    read, write = os.pipe()
    fcntl.fcntl(write, fcntl.F_SETFL, fcntl.fcntl(write, fcntl.F_GETFL) | os.O_NONBLOCK)
    process = subprocess.Popen([TOP, "--batch", "8", "--interval", "100ms", "--size", "300x100", gateway.address],
                               stdout=write, stderr=subprocess.PIPE, env=environment(), stdin=subprocess.DEVNULL)
    os.close(write)
    time.sleep(3)  # the pipe is full by then
    with os.fdopen(read, "rb") as pipe:
        text = pipe.read().decode()
    same(process.wait(10), 0, "exit code")
    same(text.count("genapi-top"), 8, "frames")
    same(len(text.splitlines()), 8 * 100 + 7, "lines")


def test_every_door_for_a_file(folder):
    """Wherever a file is named, a folder, a pipe that nobody has open, one that is empty or far too large, and one that is not there is
    told by its name, within seconds; what may be empty is."""
    kinds = ("folder", "pipe", "empty", "huge", "absent")

    def made(door, kind):
        path = os.path.join(folder, door, f"{kind}.toml")
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if kind == "folder":
            os.mkdir(path)
        elif kind == "pipe":
            os.mkfifo(path)
        elif kind != "absent":
            with open(path, "w") as file:
                os.truncate(file.fileno(), 2 << 30 if kind == "huge" else 0)
        return path
    nobody = "127.0.0.1:1"
    environments = {"GENAPI_WEBSOCKET_LISTEN": "127.0.0.1:0", "GENAPI_TELEMETRY_LISTEN": "127.0.0.1:0"}
    example = os.path.join(ROOT, "examples", "gateway.toml")
    gateway = f"{BIN}/genapi-gateway"
    certificate = ["GENAPI_WEBSOCKET_TLS_CERTIFICATE", "GENAPI_WEBSOCKET_TLS_KEY"]

    def of_gateway(*names):
        return lambda path: ([gateway, "--config", example, "--check-config"], {name: path for name in names})
    doors = {
        "configuration": lambda path: ([TOP, "config", "--config", path], {}),
        "theme": lambda path: ([TOP, "--once", "--theme", path, nobody], {}),
        "token": lambda path: ([TOP, "--once", "--token-file", path, nobody], {}),
        "replay": lambda path: ([TOP, "--once", "--replay", path], {}),
        "events": lambda path: ([TOP, "events", "--replay", path], {}),
        "check": lambda path: ([TOP, "check", "no node down", "--replay", path], {}),
        "record": lambda path: ([TOP, "--once", "--record", path, nobody], {}),
        "gateway": lambda path: ([gateway, "--config", path, "--check-config"], {}),
        "serve": lambda path: ([gateway, "--config", path], {}),
        "secret": of_gateway("GENAPI_AUTH_SECRET_FILE"),
        "keys": of_gateway("GENAPI_AUTH_JWKS_FILE"),
        "certificate": of_gateway(*certificate),
        "functions": of_gateway("GENAPI_FUNCTION_FILES"),
        "push": lambda path: ([gateway, "ctl", "push", path], {}),
        "trust": lambda path: ([gateway, "call", "--url", f"wss://{nobody}/ws", "--ca", path, "demo/echo", "{}"], {}),
    }
    # Nothing was written to a file that is empty or not there yet, and the one of nothing is a configuration of nothing.
    fine = {("configuration", "empty"), ("record", "empty"), ("record", "absent")}

    def tried(door, kind):
        arguments, more = doors[door](made(door, kind))
        begun = time.monotonic()
        done = subprocess.run(arguments, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL,
                              env=environment() | environments | more)
        return door, kind, done, time.monotonic() - begun
    with ThreadPoolExecutor(4) as pool:
        for door, kind, done, took in pool.map(lambda one: tried(*one), [(door, kind) for door in doors for kind in kinds]):
            what = f"{door} {kind}: {done.returncode} after {took:.1f} s, {done.stdout}{done.stderr}"
            if (door, kind) not in fine:
                same(done.returncode in (1, 2, 64), True, what)
                contains(done.stderr, f"{kind}[.]toml")
            if took > 25:
                raise AssertionError(what)
            if kind == "pipe":
                contains(done.stderr, "a pipe that nobody|nobody reads|is no plain file")
