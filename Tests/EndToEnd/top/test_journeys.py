"""Questions that operators ask, and the keys that answer them."""
import re
import time

from support.checks import wait_for
from support.terminal import Patience


def test_which_function_is_slow(watch):
    """Journey: which function is slow, and what of it."""
    names = tuple((f"service_{n}", "call") for n in range(20)) + (("order_service", "create_order"), ("slow_service", "report"))
    gateway, screen = watch(services=names, latencies=dict(slow_service=2_400_000))
    # The palette sorts by what is meant; the slowest comes to the top.
    def order():
        return re.findall(r"sort \S+", screen.text())

    deadline = time.time() + Patience.of(10)
    while not re.search(r"sort p99", screen.text()):
        if time.time() > deadline:
            raise AssertionError(f"s does not reach p99:\n{screen.text()}")
        before = order()
        screen.keys("s")
        # Another press before this one is seen would go past it.
        wait_for("another order", lambda: order() != before)
    screen.wait_for(r"│[▸ ]slow_service", within=3)
    screen.keys("1", "g", "Enter")
    screen.wait_for("slow_service report", within=3)
    screen.wait_for("By gateway", within=3)
    screen.shows(r"p99 2\.[34]", "Outcomes of", "error")


def test_whose_requests_the_limit_refuses(watch):
    """Journey: whose requests does the limit refuse, and until when."""
    def limits(elapsed):
        rejected = int(elapsed * 20)
        return dict(limits=[dict(id="global\x1fuser_id", scope="global", key="user_id", max_requests=400,
                                 window_ms=60_000, checks=int(elapsed * 200), rejections=rejected, tracked_keys=3,
                                 last_rejection_at=int(time.time() * 1e6))],
                    hot_keys=[dict(limit="global\x1fuser_id", key_value="u_greedy", used=400, max=400, reset_ms=4_200,
                                   rejections=rejected),
                              dict(limit="global\x1fuser_id", key_value="u_modest", used=20, max=400, reset_ms=9_000,
                                   rejections=0)])

    gateway, screen = watch(more=limits)
    screen.keys("3", "z")
    screen.wait_for(r"u_greedy.*400 +waits", within=4)
    # A rate needs two states.
    screen.wait_for(r"✗ ?\d+(\.\d)?/s", within=4)
    screen.shows(r"u_modest.* 5\.0%")
    screen.keys("Enter")
    screen.wait_for("Esc closes", within=2)
    screen.wait_for("u_greedy", within=2)


def test_a_breaker_opens_and_closes(watch):
    """Journey: a breaker opens, cools down and closes."""
    # Its states so far, and since when each is.
    phases = [("closed", int(time.time() * 1e6))]

    def becomes(phase):
        phases.append((phase, int(time.time() * 1e6)))

    def pools(elapsed):
        phase, since = phases[-1]
        failures = 0 if phase == "closed" else 5
        return dict(pools=[dict(name="async_pool", workers=8, busy=2, queued=0, queue_limit=100, breaker=phase,
                                consecutive_failures=failures, threshold=5, open_workers=0, half_open_workers=0,
                                executed=100, failed=failures, rejected=0, busy_slots=[])],
                    breakers=[dict(pool="async_pool", state=phase, since=since, consecutive_failures=failures,
                                   cooldown_ms=5_000, opened_count=1 if len(phases) > 1 else 0, last_reason="timeout",
                                   **(dict(probe_at=since + 5_000_000) if phase == "open" else {}))])

    gateway, screen = watch(more=pools)
    screen.keys("4", "z")
    screen.wait_for(r"async.*closed", within=3)
    becomes("open")
    screen.wait_for(r"async.*OPEN, probe in [1-5]\S*s", within=8)
    becomes("half_open")
    screen.wait_for(r"async.*half", within=8)
    becomes("closed")
    screen.wait_for(r"async.*closed", within=8)
    screen.keys("c", "c")  # pools, workers, timeline
    screen.wait_for("timeline", within=2)
    screen.shows("async")


def test_which_gateway_has_an_old_config(start_gateway, open_screen):
    """Journey: which gateway has an old config."""
    def having(version):
        return lambda elapsed: dict(
            services=[dict(service="order_service", source="push", config_version=version, functions=1, disabled=0,
                           last_success_at=int(time.time() * 1e6), pull_failures=0)],
            functions=[dict(service="order_service", request_type="create_order", version="1.0.0", enabled=True,
                            nodes=["orders@a"], response_type="sync", source="push", config_version=version,
                            permission="false", choose_node="random", hooks=[], changed_at=int(time.time() * 1e6))])

    one, two = start_gateway(node="gw-new", more=having("1.1.0")), start_gateway(node="gw-old", more=having("1.0.4"))
    screen = open_screen()
    screen.start(one.address, two.address)
    screen.wait_for("2/2 gateways", within=4)
    screen.wait_for(r"≠ 1 differ", within=4)
    screen.keys("5", "Enter")
    screen.wait_for("Esc closes", within=2)
    screen.wait_for(r"gw-old.*1\.0\.4", within=3)
    screen.shows(r"gw-new.*1\.1\.0")


def test_who_is_muted(watch):
    """Journey: who is muted in a group."""
    def relay(elapsed):
        since = int(time.time() * 1e6) - 60_000_000
        members = [dict(user_id=user, status=status, role=role, connections=1, since=since)
                   for user, status, role in [("u_1", "active", "admin"), ("u_loud", "muted", "member"),
                                              ("u_new", "pending", "member")]]
        return dict(relay=[dict(group_id="board", group_type="strict_private", active=1, pending=1, muted=1,
                                members=members, messages=int(elapsed), created_at=since)])

    gateway, screen = watch(more=relay)
    screen.keys("6")
    screen.wait_for(r"board", within=4)
    screen.keys("Enter")
    screen.wait_for("Group board", within=3)
    screen.wait_for(r"u_loud.*muted", within=3)
    screen.shows(r"u_new.*pending", r"u_1.*admin")
