"""Fixtures of the tests that attach to a gateway of the Elixir library."""
import subprocess

import pytest

from support.ports import free_port
from support.programs import TOP
from support.standin import StandIn, until


@pytest.fixture
def gateway(epmd, tmp_path):
    return StandIn(epmd, tmp_path)


@pytest.fixture
def top(epmd):
    """Runs genapi-top to its end, with the cookie."""
    def run(*arguments, cookie="secret", environment=None):
        return subprocess.run([TOP, *arguments], env=(environment or epmd.environment) | {"GENAPI_COOKIE": cookie},
                              capture_output=True, text=True, timeout=60)
    return run


@pytest.fixture
def bridge(epmd, tmp_path):
    """A bridge to the stand-in, once it is attached: its process, its port and what it said."""
    def start(name="gateway@127.0.0.1", *options):
        port = free_port()
        log = tmp_path / f"bridge{port}"
        with open(log, "w") as file:
            process = subprocess.Popen([TOP, "bridge", f"erlang:{name}", "--listen", f"127.0.0.1:{port}", *options], stderr=file,
                                       env=epmd.environment | {"GENAPI_COOKIE": "secret"}, stdin=subprocess.DEVNULL)
        epmd.processes.append(process)
        until(lambda: "attached" in log.read_text(), "the bridge is attached")
        return process, port, log
    return start
