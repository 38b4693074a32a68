"""The tests with real peers against a newer Erlang/OTP and Elixir than the system's: `--otp sid` takes Debian's newest."""
import os
import re
import subprocess

import pytest

from support import erlang_release
from support.checks import expect
from support.programs import BIN, ROOT

SUITES = ["ErlangNodeTests.ErlangPeerTests", "ErlangNodeTests.GlobalPeerTests", "ErlangNodeTests.RefusalPeerTests",
          "ErlangNodeTests.EpmdRestartTests", "ErlangNodeTests.TLSPeerTests", "GenAPIClusterTests.ElixirServiceTests",
          "GenAPIClusterTests.ElixirConsoleTests", "GenAPIClusterTests.ElixirNodeChoiceTests",
          "GenAPIClusterTests.ElixirResultTests", "GenAPIClusterTests.ElixirStreamTests",
          "GenAPIClusterTests.ElixirTermsTests", "GenAPIClusterTests.ElixirTimesTests",
          "GenAPIClusterTests.DeniedModulesTests", "GenAPIClusterTests.WideIntegerTests"]


@pytest.fixture(scope="session")
def release(request):
    return erlang_release.installed(request.config.getoption("--otp"))


def test_the_release_runs(release):
    """The programs of the newer release run beside the system's."""
    version = erlang_release.output(f"{release}/bin/erl", "-noshell", "-eval",
                                    "io:put_chars(erlang:system_info(otp_release)), halt().")
    expect(int(version) >= 27, f"Erlang/OTP {version}")
    expect(erlang_release.output(f"{release}/bin/elixir", "-e", "IO.puts(System.version())").startswith("1."), "Elixir")


@pytest.mark.timeout(300)
@pytest.mark.parametrize("suite", SUITES)
def test_with_real_peers(release, suite):
    """A suite with real peers passes against the newer release."""
    path = f"{release}/bin:{os.environ['PATH']}"
    done = subprocess.run(
        [f"{BIN}/genapiPackageTests.xctest", "--testing-library", "swift-testing", "--no-parallel", "--filter",
         re.escape(suite) + "/"], cwd=ROOT, env=os.environ | {"PATH": path}, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True)
    ran = re.search(r"Test run with (\d+) tests?.* passed", done.stdout)
    expect(done.returncode == 0 and ran and int(ran[1]) > 0, done.stdout[-20_000:])
