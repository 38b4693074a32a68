"""`genapi-top erlang:…` against a stand-in of a gateway of the Elixir library: its names, tables and events."""
import json
import socket
import time

import pytest

from support.checks import expect
from support.programs import ROOT
from support.standin import StandIn, document, numbers, states, totals, until


@pytest.mark.timeout(240)
def test_totals_are_those_of_the_load_for_two_watchers(gateway, bridge, top):
    """A bridge and a dashboard of its own see the totals that the load client counted, whatever events were lost."""
    _, port, _ = bridge()
    with socket.create_connection(("127.0.0.1", port)) as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.sendall(b'{"t":"subscribe"}\n')
        time.sleep(1.5)
        counted = [int(number) for number in gateway.tell("load 40000")]
        expect(counted[0] == 40_000 == sum(counted[1:]), f"the load counted {counted}")
        seen = numbers(totals(top, "erlang:gateway@127.0.0.1"))
        expect(seen == counted, f"attached beside the bridge: {seen}, counted {counted}")
    seen = numbers(totals(top, f"127.0.0.1:{port}"))
    expect(seen == counted, f"through the bridge: {seen}, counted {counted}")
    counted = [a + int(b) for a, b in zip(counted, gateway.tell("load 4000"))]
    seen = numbers(totals(top, f"127.0.0.1:{port}"))
    expect(seen == counted, f"after a reconnect: {seen}, counted {counted}")


@pytest.mark.timeout(240)
def test_nothing_is_left_when_a_watcher_is_killed(gateway, bridge):
    """After kill -9 of the only watcher its handler, processes and module are gone within 2 s."""
    process, _, _ = bridge()
    expect(not gateway.is_clean(), "the agent is there while it is watched")
    process.kill()
    process.wait()
    time.sleep(2)
    expect(gateway.is_clean(), f"left after 2 s: {gateway.tell('left')}")


@pytest.mark.timeout(240)
def test_a_node_that_is_killed_is_attached_again(gateway, bridge, epmd, tmp_path, top):
    """A gateway that is killed and comes back is attached again, and its counters begin anew."""
    _, port, log = bridge()
    gateway.tell("load 100")
    gateway.kill()
    until(lambda: "the node is gone" in log.read_text() or "registered" in log.read_text(), "the bridge says so")
    again = StandIn(epmd, tmp_path)
    until(lambda: log.read_text().count("attached;") == 2, "attached again")
    counted = [int(number) for number in again.tell("load 200")]
    expect(numbers(totals(top, f"127.0.0.1:{port}")) == counted, "counted from the new beginning")


@pytest.mark.timeout(240)
def test_every_section_tells_what_the_library_holds(gateway, bridge, top):
    """Functions, services, limits with their keys, pools, relay groups and hooks are there as the library has them."""
    bridge()
    gateway.tell("load 2000")
    shown = document(top, "erlang:gateway@127.0.0.1")

    functions = {(f["service"], f["request_type"]): f for f in states(shown["configs"]["functions"])}
    expect(functions["user_service", "get_user"]["source"] == "pull", shown["configs"])
    expect(functions["order_service", "create_order"]["retry"] == "same_node 2", shown["configs"])
    expect({s["service"]: s["config_version"] for s in states(shown["configs"]["services"])} == {"user_service": "7", "order_service": "3"},
           shown["configs"])
    [limit] = states(shown["rate_limits"]["limits"])
    expect(limit["id"] == "global user_id 5/60000ms" and limit["rejections"] == 100, limit)
    [hot] = states(shown["rate_limits"]["hot_keys"])
    expect((hot["key_value"], hot["used"], hot["max"]) == ("u_7", 2, 5), hot)
    pools = {pool["name"]: pool for pool in states(shown["pools"])}
    expect(pools["async_pool"]["executed"] == 1800 and pools["async_pool"]["busy"] == 2, pools)
    [group] = states(shown["relay"])
    expect((group["group_id"], group["active"], group["muted"]) == ("room_1", 1, 1), group)


@pytest.mark.timeout(240)
def test_events_and_check_take_the_target(gateway, top):
    """`events` prints its events, `check` answers for it, and what its filter leaves out is not sent."""
    gateway.tell("traffic 5")
    events = top("events", "erlang:gateway@127.0.0.1", "--count", "20", "--json", "--filter", "service:order_*")
    lines = [json.loads(line) for line in events.stdout.splitlines()]
    expect(len(lines) == 20 and all(line["d"]["service"] == "order_service" for line in lines), events.stdout + events.stderr)
    done = top("check", "rps(user_service) > 10", "erlang:gateway@127.0.0.1")
    expect(done.returncode == 0, done.stdout + done.stderr)
    until(gateway.is_clean, "nothing is left after both", 5)


@pytest.mark.timeout(240)
def test_targets_of_both_kinds_are_one_view(gateway, start_server, top):
    """A gateway of the Elixir library and one of ours stand beside each other."""
    server = start_server()
    shown = json.loads(top("--once", "--json", "erlang:gateway@127.0.0.1", server.addresses["telemetry"]).stdout)
    expect(len([node for node in shown["nodes"] if node["up"]]) == 2, shown["nodes"])


@pytest.mark.timeout(240)
def test_what_is_missing_is_said(gateway, top):
    """A node that is not there, a wrong cookie and a library that has stopped are told in words."""
    done = top("check", "p99 < 1s", "erlang:nobody@127.0.0.1")
    expect(done.returncode == 2 and "no node nobody is registered on 127.0.0.1" in done.stderr, done.stderr)
    done = top("check", "p99 < 1s", "erlang:gateway@127.0.0.1", cookie="another")
    expect(done.returncode == 2 and "cookie" in done.stderr, done.stderr)
    gateway.tell("stop")
    done = top("check", "p99 < 1s", "erlang:gateway@127.0.0.1")
    expect(done.returncode == 2 and "phoenix_gen_api does not run" in done.stderr, done.stderr)


def test_a_dry_run_shows_everything_and_does_nothing(gateway, top):
    """--dry-run prints every call and the module, and touches nothing."""
    done = top("--dry-run", "erlang:gateway@127.0.0.1")
    with open(f"{ROOT}/Sources/GenAPIAttach/Agent/genapi_agent_1.erl") as file:
        expect(done.returncode == 0 and file.read() in done.stdout and "code:load_binary" in done.stdout, done.stdout[:500])
    expect(gateway.is_clean(), "nothing was put there")
    expect(top("--dry-run", "127.0.0.1").returncode == 2, "it needs a target of the Elixir library")
