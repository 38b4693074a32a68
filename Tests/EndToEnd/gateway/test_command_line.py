"""The gateway's command line: what is wrong is named, with what is allowed."""
import json
import os
import re
import signal
import socket
import subprocess
import tempfile

from support.checks import expect
from support.programs import BIN, ROOT, program


def test_wrong_arguments():
    """Wrong arguments are named with what is allowed."""
    for options, word in [([], "--demo"), (["--demo", "--telemetry", "nowhere"], "--telemetry"),
                          (["--demo", "--telemetry", "0.0.0.0:4710"], "loopback"),
                          (["--demo", "--load", "0"], "--load")]:
        ended = subprocess.run([f"{BIN}/genapi-gateway", *options], capture_output=True, text=True, timeout=10)
        expect(ended.returncode not in (0, -signal.SIGABRT), f"{options} ended with {ended.returncode}")
        expect(word in ended.stderr, f"{options}: {ended.stderr}")


def test_versions():
    """--version of both programs."""
    for name in ("genapi-gateway", "genapi-top"):
        ended = subprocess.run([f"{BIN}/{name}", "--version"], capture_output=True, text=True, timeout=10)
        expect(ended.returncode == 0 and ended.stdout.strip().count(".") == 2, ended)


def test_a_taken_port_of_the_demo(start_demo):
    """A port that is taken is named, and nothing is left running."""
    gateway = start_demo()
    ended = subprocess.run([f"{BIN}/genapi-gateway", "--demo", "--telemetry", f"127.0.0.1:{gateway.port}"],
                           capture_output=True, text=True, timeout=10)
    expect(ended.returncode != 0, "a second gateway started on the same port")
    expect(str(gateway.port) in ended.stderr, ended.stderr)


def test_wrong_files_and_options():
    """Wrong files and options are told with file, line, key and what is allowed, and nothing starts."""
    for text, wanted in [
        ('[auth]\nmode = "none"', ':2: auth.mode: must be one of anonymous, jwt, phoenix_token, not "none"'),
        ('[auth\n', ':1'), ('[websocket]\nlisten = 7', ':2: websocket.listen: must be a string, not 7'),
        ('[auth]\nmode = "anonymous"\n[[functions]]\nservice = "s"', 'mfa must name a module and a function'),
        ('[auth]\nmode = "anonymous"\n[telemetry]\nlisten = []', ':4: telemetry.listen: must have one address or more'),
        ('[auth]\nmode = "anonymous"\n[websocket]\nlisten = "127.0.0.1:4710"', ':4: websocket.listen: '),
    ]:
        with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
            file.write(text)
            file.flush()
            for option in ("--check-config", "--print-config", None):
                ended = subprocess.run([f"{BIN}/genapi-gateway", "--config", file.name, *([option] if option else [])],
                                       capture_output=True, text=True, timeout=20)
                expect(ended.returncode == 1 and wanted in ended.stderr and not ended.stdout, ended)
    ended = subprocess.run([f"{BIN}/genapi-gateway", "--config", "/nowhere.toml"], capture_output=True, text=True)
    expect(ended.returncode == 1 and "/nowhere.toml: cannot be read" in ended.stderr, ended.stderr)
    ended = subprocess.run([f"{BIN}/genapi-gateway", "--config", f"{ROOT}/examples/gateway.toml", "--check-config"],
                           capture_output=True, text=True)
    expect(ended.returncode == 0 and "ok, 11 functions" in ended.stdout, ended)


def test_a_listener_that_cannot_open():
    """A listener that cannot open is told once, with the reason, and nothing starts."""
    with socket.socket() as other, tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        for listen in (f'[websocket]\nlisten = "127.0.0.1:{port}"\n[telemetry]\nlisten = "127.0.0.1:0"',
                       f'[websocket]\nlisten = "127.0.0.1:0"\n[telemetry]\nlisten = "127.0.0.1:{port}"'):
            file.seek(0)
            file.truncate()
            file.write(f'[auth]\nmode = "anonymous"\n{listen}\n')
            file.flush()
            ended = subprocess.run([f"{BIN}/genapi-gateway", "--config", file.name], capture_output=True, text=True, timeout=20)
            said = [line for line in ended.stderr.splitlines() if "cannot listen" in line]
            expect(ended.returncode == 1 and len(said) == 1 and "Error" not in ended.stderr
                   and f"cannot listen on 127.0.0.1:{port}: the address is in use" in said[0], ended)


def test_the_manual_has_every_option():
    """The manual has every option of every subcommand, completions are made, and an option that is none is named."""
    with open(os.path.join(ROOT, "docs/genapi-gateway.1")) as file:
        page = file.read().replace("\\-", "-")
    for command in ["serve", "call", "ctl", "load", "toon"]:
        code, text, _ = program("help", command)
        expect(code == 0 and command in page, command)
        for option in set(re.findall(r"^\s+(?:-\w, )?--([\w-]+)", text, re.M)):
            expect(f"Fl Fl {option}" in page, f"{command} --{option} is not in the manual")
    for shell, part in [("bash", "check-config"), ("zsh", "#compdef genapi-gateway"), ("fish", "check-config")]:
        code, text, _ = program("--generate-completion-script", shell)
        expect(code == 0 and part in text, shell)
    for arguments in [["--bogus"], ["serve", "--bogus"], ["--check-confg", "--config", "x.toml"]]:
        code, _, text = program(*arguments)
        expect(code == 64 and f"Unknown option '{next(a for a in arguments if a.startswith('--'))}'" in text, text)
    code, _, text = program()
    expect(code == 64 and "Say what to run: --config FILE, or --demo" in text, text)


def test_toon_to_json_and_back():
    """toon: JSON to TOON and back, faults with their line, options that do not go together."""
    def convert(text, *options):
        return subprocess.run([f"{BIN}/genapi-gateway", "toon", *options], input=text, capture_output=True, text=True,
                              timeout=30)
    value = {"rows": [{"a": 1, "b": "x,y"}, {"a": 2, "b": ""}], "k": {"p": {"q": 1.5}, "r": {"q": None}}, "e": [], "#": "é"}
    for options, reading in [([], []), (["--toon-version", "4.0"], []), (["--delimiter", "tab", "--sort-keys"], []),
                             (["--indent", "4", "--delimiter", "pipe"], ["--indent", "4"])]:
        written = convert(json.dumps(value), *options)
        expect(written.returncode == 0, written.stderr)
        back = convert(written.stdout, "--decode", *reading)
        expect(json.loads(back.stdout) == value, f"{options}: {written.stdout}{back.stdout}{back.stderr}")
    written = convert(json.dumps(value)).stdout
    expect(written.startswith('rows[2]{a,b}:\n  1,"x,y"\n  2,""\n') and "e[0]:" in written, written)
    for text, options, code, part in [("a[2]: 1", ["--decode"], 1, "line 1, column 1"), ("{", [], 1, "byte 1"),
                                      ("{}", ["--lenient"], 64, "--decode"), ("", ["--decode", "--sort-keys"], 64, "--decode")]:
        ended = convert(text, *options)
        expect(ended.returncode == code and part in ended.stderr, ended)
    expect(convert("a[2]: 1", "--decode", "--lenient").stdout == '{"a":[1]}\n', "lenient")
