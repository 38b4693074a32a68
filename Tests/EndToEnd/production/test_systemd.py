"""systemd: what it is told, what it keeps, and its unit."""
import asyncio
import os
import re
import signal
import socket
import subprocess

import websockets

from support.checks import expect, wait_for
from support.ports import free_ports
from support.production import FUNCTIONS, call, connect, example, is_ready, joined, replaced, write
from support.programs import BIN, ROOT, read
from support.tokens import SECRET


def test_the_service_manager_is_told(start_configured, folder):
    """The service manager is told of the start, of life, of a reload and of the end."""
    told = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    told.bind(f"{folder}/notify")
    told.settimeout(10)
    text = f'[websocket]\nlisten = "127.0.0.1:0"\n[auth]\nsecret = "{SECRET}"\n' + FUNCTIONS
    with start_configured(folder, text, {"NOTIFY_SOCKET": f"{folder}/notify", "WATCHDOG_USEC": "600000"}) as gateway:
        lines = []

        def hear(line):
            while line not in lines:
                lines.extend(told.recv(4096).decode().splitlines())
            return lines.index(line)
        hear("READY=1")
        for _ in range(3):
            hear("WATCHDOG=1")
            lines.remove("WATCHDOG=1")
        lines.clear()
        gateway.process.send_signal(signal.SIGHUP)
        expect(hear("RELOADING=1") < hear("READY=1"), lines)
        hear("STATUS=")
        # A reload that failed ends as every other, and says why.
        lines.clear()
        write(gateway.file, text + "[log]\nlevel = \"loud\"\n")
        gateway.process.send_signal(signal.SIGHUP)
        hear("RELOADING=1")
        status = hear("READY=1") + 1
        while len(lines) <= status:
            lines.extend(told.recv(4096).decode().splitlines())
        expect(lines[status].startswith("STATUS=the last reload failed: ") and "log.level" in lines[status], lines)
        lines.clear()
        write(gateway.file, text)
        gateway.process.send_signal(signal.SIGHUP)
        hear("STATUS=")
        # A process that is stopped says nothing.
        gateway.process.send_signal(signal.SIGSTOP)
        told.settimeout(1)
        try:
            while True:
                told.recv(4096)
        except socket.timeout:
            pass
        told.settimeout(10)
        gateway.process.send_signal(signal.SIGCONT)
        gateway.process.terminate()
        hear("STOPPING=1")
        expect(gateway.process.wait(timeout=20) == 0, gateway.log)
    told.close()


def test_a_waiting_start_asks_for_time(folder):
    """A start that waits for epmd asks the service manager for more time, and ends with its own reason."""
    told = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    told.bind(f"{folder}/notify")
    told.settimeout(10)
    write(f"{folder}/gateway.toml", f"""[websocket]
listen = "127.0.0.1:0"
[auth]
secret = "{SECRET}"
[cluster]
name = "gw@127.0.0.1"
cookie = "c"
epmd_port = {free_ports(1)[0]}
epmd_wait_ms = 700
{FUNCTIONS}""")
    ended = subprocess.run([f"{BIN}/genapi-gateway", "--config", f"{folder}/gateway.toml"], capture_output=True,
                           text=True, timeout=20, env=os.environ | {"NOTIFY_SOCKET": f"{folder}/notify"})
    expect(ended.returncode == 1 and "epmd cannot be reached" in ended.stderr, ended)
    more = re.fullmatch(r"EXTEND_TIMEOUT_USEC=(\d+)", told.recv(4096).decode())
    expect(more and int(more[1]) >= 15_000_000, "it does not ask for more time")
    told.close()


def test_a_socket_that_the_service_manager_keeps(start_configured, folder):
    """With a socket that the service manager keeps a restart refuses nobody."""
    unit = read("packaging/systemd/genapi-gateway.socket")
    name = re.search(r"^FileDescriptorName=(\w+)$", unit, re.M)[1]
    text = f'[websocket]\nevent = "api"\nlisten = "127.0.0.1:1"\n[auth]\nsecret = "{SECRET}"\n[health]\nlisten = "127.0.0.1:0"\n'
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as kept:
        port = kept.getsockname()[1]

        def start():
            # As systemd does: the socket is descriptor 3, and the number is the program's own.
            shell = f'exec 3<&{kept.fileno()}; export LISTEN_FDS=1 LISTEN_FDNAMES={name} LISTEN_PID=$$; exec "$@"'
            return start_configured(folder, text + FUNCTIONS, prefix=("bash", "-c", shell, "bash"), pass_fds=(kept.fileno(),))

        async def visitor():
            async with connect(f"ws://127.0.0.1:{port}", open_timeout=30) as ws:
                answer = await call(await joined(ws), "echo", 1, message="x")
                expect(answer["result"] == "x", answer)

        async def run(gateway):
            visitors = []
            restarted = asyncio.create_task(asyncio.to_thread(lambda: (gateway.end(), start())[1]))
            while not restarted.done():
                visitors.append(asyncio.create_task(visitor()))
                await asyncio.sleep(0.01)
            again = await restarted
            results = await asyncio.gather(*visitors, return_exceptions=True)
            return again, results

        gateway = start()
        expect(gateway.port == port, f"it listens on {gateway.addresses}")
        wait_for("that the setting does nothing", lambda: gateway.says(
            "warning", "websocket.listen, 127.0.0.1:1, does nothing", f"listens on 127.0.0.1:{port}", "ListenStream="))
        gateway, results = asyncio.run(run(gateway))
        with gateway:
            # Who had a socket already when the old one drained was told so; nobody was refused.
            refused = [result for result in results if isinstance(result, OSError)
                       or isinstance(result, websockets.exceptions.InvalidHandshake)]
            expect(not refused, f"{len(refused)} of {len(results)}: {refused[:3]}")
            expect(any(result is None for result in results), results[:3])


def test_the_unit_is_ok():
    """systemd's own check calls the unit OK, and its files fit together."""
    service = os.path.join(ROOT, "packaging/systemd/genapi-gateway.service")
    answer = subprocess.run(["systemd-analyze", "security", "--offline=true", service], capture_output=True, text=True)
    exposure = re.search(r"Overall exposure level .*: ([\d.]+)", answer.stdout)
    expect(exposure and float(exposure[1]) < 3.5, answer.stdout[-500:] + answer.stderr)
    text = read("packaging/systemd/genapi-gateway.service")
    reloads = re.findall(r"^ExecReload=(.*)$", text, re.M)
    expect("--check-config" in reloads[0] and "HUP" in reloads[1], reloads)
    expect("Type=notify\n" in text and "WatchdogSec=" in text and "StartLimitBurst=" in text, "it is not supervised")
    # Each credential is one that the gateway takes.
    keys = re.findall(r"^\| `([\w.]+)` ", read("docs/server.md"), re.M)
    for name in re.findall(r"^LoadCredential=(.*)$", text, re.M):
        expect(name in {"genapi." + key.replace(".", "_") for key in keys}, f"{name} is no setting")


def test_the_documented_installation(start_configured, folder):
    """systemd's block installs all that its unit starts, and the gateway is ready as it is installed."""
    block = example("systemd")
    expect("systemctl enable --now genapi-gateway.socket genapi-gateway.service\n" in block, block)
    # Below a folder, without its users and without a systemd that runs.
    lines = [line for line in block.splitlines() if not line.startswith("systemctl ")]
    shell = replaced("\n".join(lines), ("--prefix /usr/local", f"--prefix {folder}/usr/local --bin {BIN}"),
                     (" && systemd-sysusers", f" && systemd-sysusers --root={folder} --dry-run"),
                     (" -o root -g genapi", ""), (" /etc/", f" {folder}/etc/"))
    if subprocess.run(["systemd-sysusers", "--dry-run", "/dev/null"], capture_output=True).returncode:
        shell = shell.replace(f" && systemd-sysusers --root={folder} --dry-run", "")
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", shell], cwd=ROOT, capture_output=True, text=True)
    expect(done.returncode == 0, done.stderr)
    unit = open(f"{folder}/etc/systemd/system/genapi-gateway.service").read()
    for line in re.findall(r"^Exec\w+=(/usr/local/\S+ .*)$", unit, re.M):
        program, *arguments = line.split()
        expect(os.access(folder + program, os.X_OK), f"{program} is not installed")
        expect(os.path.exists(folder + arguments[arguments.index("--config") + 1]), f"no configuration: {line}")
    for path, mode in [("", 0o750), ("/gateway.toml", 0o640), ("/auth_secret", 0o640)]:
        found = os.stat(f"{folder}/etc/genapi{path}").st_mode & 0o777
        expect(found == mode, f"/etc/genapi{path} has {found:o}")
    user = re.search(r"^User=(\w+)$", unit, re.M)[1]
    expect(re.search(rf"^u {user} ", open(f"{folder}/etc/sysusers.d/genapi.conf").read(), re.M), "no such user")
    # Its ports are another's here.
    text = open(f"{folder}/etc/genapi/gateway.toml").read()
    stream = re.search(r"^ListenStream=(.*)$", read("packaging/systemd/genapi-gateway.socket"), re.M)[1]
    expect(f'listen = "{stream}"' in text, f"{stream} of the socket is not in gateway.toml")
    port, health = free_ports(2)
    text = replaced(text, (stream, f"127.0.0.1:{port}"), ("127.0.0.1:4701", f"127.0.0.1:{health}"))
    socket_path = re.search(r'^socket = "(.*)"$', text, re.M)[1]
    expect(os.path.dirname(socket_path) == f"/run/{re.search(r'^RuntimeDirectory=(.*)$', unit, re.M)[1]}", socket_path)
    gateway = start_configured(f"{folder}/etc/genapi", replaced(text, (socket_path, f"{folder}/control.sock")),
                               {"GENAPI_TELEMETRY_LISTEN": "127.0.0.1:0"})
    is_ready(gateway)
    expect(not gateway.says("others can"), gateway.log)
