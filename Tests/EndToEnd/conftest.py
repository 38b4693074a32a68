"""Fixtures of the end-to-end tests: real processes and terminals, which end with the test that started them."""
import contextlib
import os
import shutil
import signal

import pytest

from support.demo import DemoGateway
from support.epmd import Epmd
from support.production import ConfiguredGateway
from support.programs import BIN
from support.scripted import GarbageServer, ScriptedGateway
from support.server import Server
from support.terminal import WORK, Patience, Screen

# What nothing here can do without. That one is missing fails the run: a test that is left out is not green.
NEEDED = ["tmux", "screen", "epmd", "erl", "elixir", "nginx", "haproxy", "promtool", "systemd-analyze", "openssl"]


def pytest_addoption(parser):
    parser.addoption("--otp", default="trixie", help="the suite of Debian whose Erlang/OTP and Elixir are tested too")


def pytest_configure():
    # A shell ignores these for what it runs beside something else, and the programs under test would inherit it.
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    signal.signal(signal.SIGQUIT, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # Where Debian has programs of administrators.
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    missing = [name for name in NEEDED if not shutil.which(name)]
    if missing:
        raise pytest.UsageError(f"{', '.join(missing)}: not installed, see scripts/requirements test")
    for name in ("genapi-gateway", "genapi-top", "genapiPackageTests.xctest", "user-gateway", "order-service", "watched-gateway",
                 "cluster-gateway"):
        if not os.path.exists(os.path.join(BIN, name)):
            raise pytest.UsageError(f"{BIN}/{name} is not built, see scripts/test-e2e")


def pytest_collection_modifyitems(items):
    """A test is also found by the words of its sentence, and the report tells it."""
    for item in items:
        if sentence := item.function.__doc__:
            item.extra_keyword_matches.update(sentence.strip(".").split())
            item.user_properties.append(("sentence", " ".join(sentence.split())))


@pytest.fixture(autouse=True)
def patience(request):
    """Only what runs alone measures how soon something is there."""
    Patience.least = 0 if request.node.get_closest_marker("alone") else 20


@pytest.fixture
def ended():
    """What is entered here ends with the test."""
    with contextlib.ExitStack() as stack:
        yield stack


@pytest.fixture
def folder(tmp_path):
    """A folder of the test's own."""
    return str(tmp_path)


@pytest.fixture
def start_demo(ended):
    """Starts `genapi-gateway --demo`."""
    return lambda *arguments, **options: ended.enter_context(DemoGateway(*arguments, **options))


@pytest.fixture
def start_server(ended):
    """Starts `genapi-gateway --config` with the example's configuration."""
    return lambda *arguments, **options: ended.enter_context(Server(*arguments, **options))


@pytest.fixture
def start_configured(ended):
    """Starts `genapi-gateway --config` with a text in a folder."""
    return lambda *arguments, **options: ended.enter_context(ConfiguredGateway(*arguments, **options))


@pytest.fixture
def epmd(ended):
    """A real epmd on a port of its own."""
    return ended.enter_context(Epmd())


@pytest.fixture
def start_gateway(ended):
    """Starts a gateway whose numbers are known, in this process."""
    def start(*arguments, **options):
        gateway = ScriptedGateway(*arguments, **options)
        ended.callback(gateway.stop)
        return gateway
    return start


@pytest.fixture
def start_garbage(ended):
    """Starts a server that answers with what is no stream."""
    return lambda answer: ended.enter_context(contextlib.closing(GarbageServer(answer)))


@pytest.fixture(scope="session", autouse=True)
def work():
    """The folder of this process, which goes with it."""
    os.makedirs(WORK, mode=0o700)
    yield
    shutil.rmtree(WORK, ignore_errors=True)


@pytest.fixture(scope="session")
def terminals(work):
    """A tmux server that is nobody else's."""
    Screen.tmux("new-session", "-d", "-s", "keeper", "sleep", "100000")
    yield
    Screen.tmux("kill-server")


@pytest.fixture
def open_screen(ended, terminals):
    """Opens a shell in a terminal of tmux."""
    return lambda *arguments, **options: ended.enter_context(contextlib.closing(Screen(*arguments, **options)))


@pytest.fixture
def watch(start_gateway, open_screen):
    """Starts a gateway whose numbers are known and a screen that watches it."""
    def start(*arguments, width=120, height=36, **options):
        gateway = start_gateway(**options)
        screen = open_screen(width=width, height=height)
        # Where there is little room the name of the program is the first to go.
        screen.start(gateway.address, *arguments, expect="genapi-top|live")
        screen.wait_for("live", within=3)
        screen.wait_for("order_service", within=3)
        if "emit" in options:
            # Numbers of the seconds before the first event have no event on the screen.
            gateway.wait_for_events(2.5)
        return gateway, screen
    return start
