"""The agent that `genapi-top erlang:…` puts on a gateway, with Erlang alone: its own tests, and what it costs."""
import os
import subprocess

import pytest

from support import erlang_release
from support.checks import expect
from support.programs import ROOT

# As long as it may take where others want the machine, several times what it does alone.
pytestmark = pytest.mark.timeout(480)

AGENT = f"{ROOT}/Sources/GenAPIAttach/Agent/genapi_agent_1.erl"
LOAD = f"{ROOT}/Sources/GenAPIAttach/Agent/genapi_load.exprs"
TESTS = f"{ROOT}/Tests/EndToEnd/erlang/agent"


def erlang(folder, function, programs=""):
    """Compiles the agent and its tests, and runs one function of them."""
    os.makedirs(f"{folder}/tests", exist_ok=True)
    for out, sources in [(folder, [AGENT]), (f"{folder}/tests", [f"{TESTS}/{name}.erl" for name in ["telemetry", "agent_tests"]])]:
        made = subprocess.run([f"{programs}erlc", "-Werror", "-o", out, *sources], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True)
        expect(made.returncode == 0, made.stdout)
    with open(f"{folder}/told", "w+", encoding="utf-8", errors="replace") as told:
        process = subprocess.Popen([f"{programs}erl", "-noshell", "-pa", f"{folder}/tests", "-s", "agent_tests", function],
                                   env=os.environ | {"AGENT_BEAM": f"{folder}/genapi_agent_1.beam", "AGENT_LOAD": LOAD, "AGENT_SOURCE": AGENT},
                                   stdin=subprocess.DEVNULL, stdout=told, stderr=subprocess.STDOUT)
        try:
            process.wait(timeout=460)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        told.seek(0)
        said = told.read()
    # The last test that is named is the one before what did not end.
    expect(process.returncode == 0, f"{process.returncode}: {said[-20_000:]}")
    print(said)


def test_the_agent_counts_bounds_and_leaves_nothing(tmp_path):
    """The agent counts exactly, keeps its bounds, survives faults, and is gone after its last watcher."""
    erlang(tmp_path, "main")


@pytest.mark.alone
def test_what_the_agent_costs_a_request(tmp_path):
    """A request of four events costs some 2 µs more, an event that somebody wants 1.5 µs: never four times as much."""
    erlang(tmp_path, "cost")


def test_the_agent_with_a_newer_release(request, tmp_path):
    """The agent passes its tests on the newer Erlang/OTP too."""
    erlang(tmp_path, "main", erlang_release.installed(request.config.getoption("--otp")) + "/bin/")
