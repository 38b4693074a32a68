"""What genapi-top prints without a screen."""
import json
import os

from support import toonframes
from support.checks import contains, lacks, same
from support.programs import ROOT
from support.schema import agrees
from support.terminal import run_top


def test_events(start_gateway):
    """events prints a line an event, as JSON what the gateway sent, and the same as TOON."""
    gateway = start_gateway()
    done = run_top("events", gateway.address, "--count", "4")
    same(done.returncode, 0, "exit code")
    same(len(done.stdout.splitlines()), 4, "lines")
    contains(done.stdout, "executor.request.stop", "user_service", "create_order", "req_1")
    lacks(done.stdout, "\x1b")
    done = run_top("events", gateway.address, "--count", "2", "--json")
    for line in done.stdout.splitlines():
        event = json.loads(line)
        same(event["name"], "phoenix_gen_api.executor.request.stop", "name")
        same(event["node"], "gw-test", "node")
    same(len(done.stdout.splitlines()), 2, "lines")
    done = run_top("events", gateway.address, "--count", "2", "--toon")
    documents = done.stdout.split("\n\n")
    same((len(documents), documents.pop()), (3, ""), "documents, and what is behind the last")
    for document in documents:
        told = toonframes.read(document)
        same((told["name"], told["node"]), ("phoenix_gen_api.executor.request.stop", "gw-test"), "name and node")
        same(list(told), list(event), "fields")
    done = run_top("events", gateway.address, "--json", "--toon")
    same(done.returncode, 64, "exit code")


def test_once_and_batch(start_gateway):
    """--once prints one frame as text, --batch several, --once --json one object, --once --toon the same."""
    gateway = start_gateway()
    done = run_top("--once", gateway.address)
    same(done.returncode, 0, "exit code")
    same(len(done.stdout.splitlines()), 36, "lines")
    contains(done.stdout, "user_service", "req/s")
    lacks(done.stdout, "\x1b")
    done = run_top("--once", gateway.address, "--size", "80x24", "--ascii")
    same(len(done.stdout.splitlines()), 24, "lines")
    if not done.stdout.isascii():
        raise AssertionError(f"not ASCII:\n{done.stdout}")
    done = run_top("--batch", "2", "--interval", "200ms", gateway.address)
    same(done.stdout.count("genapi-top"), 2, "frames")
    done = run_top("--once", "--json", gateway.address)
    summary = json.loads(done.stdout)
    same(len(done.stdout.splitlines()), 1, "lines")
    contains(done.stdout, "user_service")
    told = toonframes.read(run_top("--once", "--toon", gateway.address).stdout)
    same(list(told), list(summary), "fields")
    same([node["name"] for node in told["nodes"]], [node["name"] for node in summary["nodes"]], "nodes")
    same(run_top("--toon", gateway.address).returncode, 64, "exit code")


def test_a_filter_of_the_document(start_gateway):
    """--filter narrows --once --json as it does the panes; terms of events, of which it holds none, are refused."""
    gateway = start_gateway()
    summary = json.loads(run_top("--once", "--json", gateway.address).stdout)
    services = {entry["service"] for entry in summary["series"]}
    same("user_service" in services, True, "a service")
    done = run_top("--once", "--json", "--filter", "service:user_service", gateway.address)
    narrowed = json.loads(done.stdout)
    with open(os.path.join(ROOT, "docs/once.schema.json")) as file:
        agrees(narrowed, json.load(file))
    same({entry["service"] for entry in narrowed["series"]}, {"user_service"}, "services")
    same(narrowed["filter"], "service:user_service", "filter")
    contains(" ".join(narrowed["not_narrowed"]["service"]), "events_seen", "pools")
    same(narrowed["totals"]["requests"], sum(entry["requests"] for entry in narrowed["series"]), "requests")
    same(len(services) > 1, True, "several services")
    for form in ("--json", "--toon"):
        done = run_top("--once", form, "--filter", "status:error user:u_1", gateway.address)
        same((done.returncode, done.stdout), (2, ""), "exit code and output")
        contains(done.stderr, "--filter: .*status:")


def test_an_alert_without_a_screen(start_gateway, folder):
    """An alert knows since when it fires, without a screen too."""
    path = os.path.join(folder, "since.toml")
    with open(path, "w") as file:
        file.write('[alerts]\ndefaults = false\nrules = ["error%(order_service/*) > 1"]\n')
    gateway = start_gateway()
    shot = os.path.join(folder, "since.txt")
    done = run_top("--screenshot", shot, "--size", "200x60", "--config", path, "--after", "4s", gateway.address)
    same(done.returncode, 0, f"exit code ({done.stderr})")
    with open(shot) as file:
        contains(file.read(), r"error%\(order_service/\*\) > 1 .* [2-5]s")


def test_screenshots(start_gateway, folder):
    """--screenshot draws SVG, text and ANSI."""
    gateway = start_gateway()
    for ending, start in [("svg", "<svg"), ("txt", " genapi-top"), ("ansi", "\x1b[")]:
        path = os.path.join(folder, f"shot.{ending}")
        done = run_top("--screenshot", path, "--size", "160x30", gateway.address)
        same(done.returncode, 0, f"exit code ({done.stderr})")
        same(oct(os.stat(path).st_mode & 0o777), "0o600", "mode")
        with open(path) as file:
            text = file.read()
        if not text.startswith(start):
            raise AssertionError(f"{ending} begins with {text[:40]!r}")
        contains(text, "user_service")


def test_the_demo_shows_all_events():
    """The demo shows all 31 events, as the schema says."""
    done = run_top("--demo", "--once", "--json", timeout=40)
    same(done.returncode, 0, f"exit code ({done.stderr})")
    summary = json.loads(done.stdout)
    with open(os.path.join(ROOT, "docs", "once.schema.json")) as file:
        agrees(summary, json.load(file))
    extensions = ("relay.", "channel.", "cluster.")
    seen = [name for name, count in summary["events_seen"].items() if count > 0
            and not name.removeprefix("phoenix_gen_api.").startswith(extensions)]
    same(len(seen), 31, f"events seen: {sorted(seen)}")
    same(len(summary["nodes"]), 3, "gateways")
    same(all(node["up"] for node in summary["nodes"]), True, "all up")
    totals = summary["totals"]
    same(totals["ok"] + totals["failed"] + totals["rejected"] + totals["cancelled"] + totals["in_flight"],
         totals["requests"], "the sum")
