"""genapi-top check: what scripts go by."""
import json
import socket
import threading
import time

from support.checks import contains, same
from support.ports import free_port
from support.scripted import config
from support.terminal import run_top


def breaker(state):
    """Sections of a gateway of which one service's breaker is so."""
    entry = dict(pool="async_pool", service="mail", state=state, since=1, consecutive_failures=5, cooldown_ms=5_000, opened_count=1)
    return lambda elapsed: dict(breakers=[entry])


def having(timeout):
    """Sections of a gateway with one function."""
    return lambda elapsed: dict(
        services=[dict(service="orders", source="push", config_version="1", functions=1, disabled=0,
                       last_success_at=int(time.time() * 1e6), pull_failures=0)],
        functions=[dict(config("orders"), request_type="create", version="1.0.0", timeout_ms=timeout)])


def test_check_ends_with_what_it_found(start_gateway):
    """check ends with 0 when it holds, 1 when not, 2 when it cannot be told, 64 when nobody can know what is meant."""
    well, open_, probing = start_gateway(), start_gateway(more=breaker("open")), start_gateway(more=breaker("half_open"))
    nobody = f"127.0.0.1:{free_port()}"
    for arguments, code in [
        (["no breaker open", well.address], 0), (["memory < 1GB", well.address], 0),
        (["no breaker open", open_.address], 1), (["no breaker open", well.address, open_.address], 1),
        (["breaker open", open_.address], 0),
        # Half-open is not open.
        (["no breaker open", probing.address], 0),
        (["memory < 1MB", well.address], 1), (["no node down", nobody], 1), (["no breaker open", nobody], 2),
        (["no breaker open", well.address, nobody], 2), (["no breaker open(nosuch)", well.address], 2),
        (["no breaker open", "--replay", "/nowhere"], 2), (["no breaker oben", well.address], 64),
        (["p99 <", well.address], 64), (["no breaker open", well.address, "--nosuch"], 64),
        (["no breaker open", well.address, "--for", "a while"], 64), ([], 64),
    ]:
        done = run_top("check", *arguments, timeout=60)
        same(done.returncode, code, f"{arguments}: {done.stdout}{done.stderr}")
        if code == 64:
            same(done.stdout, "", "a usage error says nothing on standard output")


def test_check_of_one_that_takes_the_connection_and_says_nothing(start_gateway):
    well = start_gateway()
    with socket.create_server(("127.0.0.1", 0)) as mute:
        address = "127.0.0.1:%d" % mute.getsockname()[1]
        for arguments, code in [
            (["no node down", address], 1), (["no node down", well.address, address], 1),
            (["node down", address], 0), (["memory < 1GB", address], 2),
        ]:
            done = run_top("check", *arguments, timeout=60)
            same(done.returncode, code, f"{arguments}: {done.stdout}{done.stderr}")
            contains(done.stdout + done.stderr, "no answer within")


def test_check_names_what_is_not_so(start_gateway):
    """A check that fails names the gateways and functions that it failed for."""
    one, other = start_gateway("gw1", more=having(1_000)), start_gateway("gw2", more=having(3_000))
    done = run_top("check", "no config mismatch", one.address, other.address, timeout=60)
    same(done.returncode, 1, done.stdout + done.stderr)
    contains(done.stdout, r"! orders: create@1\.0\.0: timeout .*gw1", "gw2")
    told = json.loads(run_top("check", "no config mismatch", one.address, other.address, "--json", timeout=60).stdout)
    contains(told["seen"][0]["is"], r"create@1\.0\.0", "gw1", "gw2")
    done = run_top("check", "no config mismatch", one.address, timeout=60)
    same(done.returncode, 0, done.stdout + done.stderr)


def test_check_waits_for_a_gateway(start_gateway):
    """check --within waits for a gateway that is not up yet, and one that restarts during --for fails nothing."""
    port = free_port()

    def after(seconds, action):
        timer = threading.Timer(seconds, action)
        timer.start()
        return timer
    timer = after(9, lambda: start_gateway(port=port))
    done = run_top("check", "memory < 1GB", f"127.0.0.1:{port}", "--within", "40s", timeout=60)
    timer.join()
    same(done.returncode, 0, done.stdout + done.stderr)

    begun = time.monotonic()
    done = run_top("check", "memory < 1GB", f"127.0.0.1:{free_port()}", "--within", "9s", timeout=60)
    same(done.returncode, 2, done.stdout + done.stderr)
    same(time.monotonic() - begun >= 9, True, "it waited for as long as it was told to")

    for rule, code in [("memory < 1GB", 0), ("no node down", 1)]:
        gateway = start_gateway()
        timer = after(4, gateway.stop)
        again = after(7, lambda: start_gateway(port=gateway.port))
        done = run_top("check", rule, gateway.address, "--for", "8s", timeout=90)
        timer.join()
        again.join()
        same(done.returncode, code, done.stdout + done.stderr)
        if code == 0:
            contains(done.stderr, "waiting for it")
