"""A stand-in of a gateway of the Elixir library, as a node that genapi-top attaches to."""
import json
import subprocess
import time

from support.checks import expect
from support.programs import ROOT

AGENT = f"{ROOT}/Tests/EndToEnd/erlang/agent"


class StandIn:
    """A node with the stand-in, told what to do by lines."""

    def __init__(self, epmd, folder, name="gateway@127.0.0.1", erl="", names="--name"):
        self.name = name
        subprocess.run(["erlc", "-o", str(folder), f"{AGENT}/telemetry.erl"], check=True)
        self.process = subprocess.Popen(
            ["elixir", names, name, "--cookie", "secret", *(["--erl", erl] if erl else []), "-pa", str(folder), f"{AGENT}/gateway.exs"],
            env=epmd.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        epmd.processes.append(self.process)
        expect(self.answer() == ["ready"], "the stand-in runs")

    def tell(self, words):
        self.process.stdin.write(words + "\n")
        self.process.stdin.flush()
        return self.answer()

    def counts(self):
        """How many atoms, processes, tables and modules the node has."""
        return [int(number) for number in self.tell("counts")]

    def answer(self):
        """The next answer; the node's log stands between them."""
        for line in self.process.stdout:
            if line.startswith("answer: "):
                return line.split()[1:]
        raise AssertionError("the stand-in ended")

    def kill(self):
        self.process.kill()
        self.process.wait()

    def is_clean(self):
        return self.tell("left") == ["0", "false", "0"]


def until(holds, what, seconds=20):
    end = time.monotonic() + seconds
    while not holds():
        expect(time.monotonic() < end, what)
        time.sleep(0.1)


def document(top, *targets):
    done = top("--once", "--json", "--after", "3s", *targets)
    expect(done.stdout, done.stderr)
    return json.loads(done.stdout)


def totals(top, *targets):
    return document(top, *targets)["totals"]


def numbers(of):
    return [of[name] for name in ("requests", "ok", "failed", "rejected")]


def states(entries):
    return [entry["state"] for entry in entries]
