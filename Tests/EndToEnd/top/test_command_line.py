"""genapi-top's command line."""
import json
import os
import re
import signal
import subprocess
import threading
import time

import pytest

from support.checks import contains, expect, lacks, same
from support.ports import free_port
from support.programs import ROOT, TOP
from support.terminal import environment, run_top


def test_the_help_names_every_option():
    """The help names every option and the subcommand."""
    done = run_top("--help")
    same(done.returncode, 0, "exit code")
    contains(done.stdout, "--demo", "--once", "--json", "--batch", "--interval", "--record", "--replay", "--speed",
             "--filter", "--theme", "--ascii", "--no-color", "--screenshot", "--size", "--token-file", "events")


def test_a_bad_argument():
    """A bad argument ends with 2 or 64 and says what is allowed."""
    for arguments, words in [
        (["--size", "9x9", "--once"], ["--size", "120x36|20x5"]),
        (["--size", "wide", "--once"], ["--size", "120x36"]),
        (["--interval", "1y"], ["--interval", "500ms"]),
        (["--interval", "5ms"], ["--interval", "100ms to 60s"]),
        (["--speed", "2"], ["--replay"]),
        (["--replay", "x", "--speed", "0"], ["0.1 to 100"]),
        (["--demo", "gw1"], ["--demo", "gw1"]),
        (["--json"], ["--once"]),
        (["--batch", "0"], ["--batch", "1 to"]),
        (["--screenshot", "x.png"], [r"\.svg"]),
        (["gw1:99999"], ["99999", "65535"]),
        (["unix:"], ["unix:"]),
        (["--wat"], ["--wat"]),
        (["--token", "a", "--token-file", "b"], ["--token-file"]),
        (["--token-file", "/does/not/exist"], ["/does/not/exist"]),
        (["--once", "--filter", "wat:1"], ["wat"]),
        (["--once", "--demo", "--theme", "no-such-theme"], ["no-such-theme", "default"]),
        (["--replay", "/does/not/exist"], ["/does/not/exist"]),
    ]:
        done = run_top(*arguments)
        if done.returncode not in (2, 64):
            raise AssertionError(f"{arguments}: exit code {done.returncode}\n{done.stderr}{done.stdout[:500]}")
        contains(done.stderr, *words)


def test_no_terminal():
    """Without a terminal there are no escape codes but a hint."""
    done = run_top("127.0.0.1:1")
    if done.returncode == 0:
        raise AssertionError("exit code 0")
    contains(done.stderr, "--once")
    lacks(done.stdout + done.stderr, "\x1b")


def test_once_with_nobody_there():
    """--once tells within 5 s why a target is not reached, and ends with 1."""
    port = free_port()
    begun = time.time()
    done = run_top("--once", f"127.0.0.1:{port}")
    same(done.returncode, 1, "exit code")
    contains(done.stderr, f"127.0.0.1:{port}", "refused|nobody")
    if time.time() - begun > 6:
        raise AssertionError(f"took {time.time() - begun:.1f} s")
    lacks(done.stdout + done.stderr, "\x1b")


def test_once_with_one_gateway_of_two(start_gateway):
    """--once with one gateway of two prints it, names the other, and ends with 1."""
    gateway, port = start_gateway(), free_port()
    done = run_top("--once", "--json", gateway.address, f"127.0.0.1:{port}")
    same(done.returncode, 1, "exit code")
    contains(done.stderr, f"127.0.0.1:{port}", "the numbers of 1 of 2 gateways are missing")
    same(json.loads(done.stdout)["totals"]["requests"] > 0, True, "requests")


def test_once_with_a_gateway_that_falls_silent(start_server):
    """--once with numbers that are old by then prints them, says whose they are, and ends with 1."""
    server = start_server()
    stop = threading.Timer(3, server.process.send_signal, [signal.SIGSTOP])
    stop.start()
    try:
        done = run_top("--once", "--json", "--after", "7s", server.addresses["telemetry"])
    finally:
        stop.join()
        server.process.send_signal(signal.SIGCONT)
    same(done.returncode, 1, "exit code")
    contains(done.stderr, "fell silent", "the numbers of 1 of 1 gateways are old")
    same(json.loads(done.stdout)["nodes"][0]["up"], False, "up")


def test_an_unknown_terminal(open_screen):
    """An unknown terminal type is named, with what to do."""
    screen = open_screen()
    screen.type(f"TERM=nonesuch {TOP} 127.0.0.1:1; echo code=$?")
    screen.wait_for("code=1")
    screen.shows("nonesuch", "TERM=xterm-256color")


def test_tokens(start_gateway, folder):
    """A wrong token is told, the right one from a file lets in."""
    gateway = start_gateway(token="secret")
    path = os.path.join(folder, "token")
    with open(path, "w") as file:
        file.write("secret\n")
    done = run_top("events", gateway.address, "--count", "1", "--token-file", path)
    same(len(done.stdout.splitlines()), 1, "lines")
    done = run_top("--once", gateway.address, "--token", "wrong")
    same(done.returncode, 1, "exit code")
    contains(done.stderr, "token")
    done = run_top("--once", gateway.address)
    same(done.returncode, 1, "exit code")
    contains(done.stderr, "token")


def test_what_is_installed_runs(start_gateway, folder):
    """What is installed runs from any folder, with its themes, manual and completions."""
    prefix = os.path.join(folder, "prefix")
    built = os.path.join(folder, "built")
    os.makedirs(built)
    os.symlink(TOP, os.path.join(built, "genapi-top"))
    gateway = os.path.join(built, "genapi-gateway")
    with open(gateway, "w") as file:
        file.write("#!/bin/sh\nexit 0\n")
    os.chmod(gateway, 0o755)
    install = os.path.join(ROOT, "scripts", "install")
    done = subprocess.run([install, "--prefix", prefix, "--bin", built], capture_output=True, text=True, timeout=60)
    same(done.returncode, 0, f"exit code ({done.stderr})")
    for path, part in [("share/man/man1/genapi-top.1", "genapi-top"),
                       ("share/man/man1/genapi-gateway.1", "genapi-gateway"),
                       ("share/bash-completion/completions/genapi-top", "--replay"),
                       ("share/zsh/site-functions/_genapi-top", "#compdef genapi-top"),
                       ("share/fish/vendor_completions.d/genapi-top.fish", "replay")]:
        with open(os.path.join(prefix, path)) as file:
            contains(file.read().replace("\n", " "), re.escape(part))
    check = subprocess.run(["bash", "-n", os.path.join(prefix, "share/bash-completion/completions/genapi-top")],
                           capture_output=True, text=True)
    same(check.returncode, 0, f"bash reads the completion ({check.stderr})")
    same(sorted(os.listdir(os.path.join(prefix, "share/genapi-top/themes"))),
         sorted(os.listdir(os.path.join(ROOT, "themes"))), "themes")
    watched = start_gateway()
    shot = os.path.join(folder, "nord.svg")
    done = subprocess.run([os.path.join(prefix, "bin", "genapi-top"), watched.address, "--theme", "nord",
                           "--screenshot", shot], cwd="/", capture_output=True, text=True, timeout=30,
                          env=environment())
    same(done.returncode, 0, f"exit code ({done.stderr})")
    with open(shot) as file:
        contains(file.read(), "(?i)#2e3440")
    watched.stop()
    done = subprocess.run([install, "--prefix", prefix, "--remove"], capture_output=True, text=True, timeout=60)
    same(done.returncode, 0, f"exit code ({done.stderr})")
    left = [os.path.join(place, file) for place, _, files in os.walk(prefix) for file in files]
    same(left, [], "files that stay")
    done = subprocess.run([install, "--prefix"], capture_output=True, text=True)
    same(done.returncode, 2, "exit code of a missing folder")


@pytest.mark.parametrize("limit", [8, 12])
@pytest.mark.parametrize("arguments", [("--once", "--json"), ("--demo", "--once"), ("events", "--count", "1"),
                                       ("check", "p99 < 1s"), ("--batch", "1")], ids=" ".join)
def test_few_descriptors(limit, arguments):
    """Where few descriptors are left the program says so in words, and does not crash."""
    done = subprocess.run(["bash", "-c", f'ulimit -n {limit}; exec "$@"', "-", TOP, *arguments], capture_output=True,
                          text=True, timeout=30, env=environment(), stdin=subprocess.DEVNULL)
    expect(done.returncode in (1, 2), f"exit code {done.returncode}: {done.stderr[-300:]}")
    contains(done.stderr, f"genapi-top: the process may have {limit} descriptors open.* raise the limit")
