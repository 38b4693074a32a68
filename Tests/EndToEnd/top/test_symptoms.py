"""Questions that operators ask, and the keys that answer them: those of docs/journeys.md, at two sizes."""
import re
import time

import pytest

from support.checks import contains, same

SIZES = pytest.mark.parametrize("width, height", [(120, 36), (80, 24)])


def moment(back=0):
    return int((time.time() - back) * 1e6)


def stop(number, service="order_service", kind="create_order", outcome="ok", took=5_000, user="u_1", node="orders@a", **more):
    """The end of a request, as a gateway tells it."""
    return ("executor.request.stop", dict(duration_us=took),
            dict(request_id=f"req_{number}", service=service, request_type=kind, user_id=user, version="1.0.0",
                 success=outcome == "ok", outcome=outcome, **{"async": False},
                 **({"node_called": node} if node else {}), **more))


def page(screen, *patterns, most=25):
    """Reads a page of details to its end, as one does on a small screen."""
    read = screen.text()
    for _ in range(most):
        if all(re.search(pattern, read) for pattern in patterns):
            return
        screen.keys("PageDown")
        time.sleep(0.2)
        read += screen.text()
    contains(read, *patterns)


@SIZES
def test_slow_on_which_node_for_whom(watch, width, height):
    """Journey in one key: which function is slow, on which node, for whom."""
    names = tuple((f"service_{n}", "call") for n in range(20)) + (("order_service", "create_order"), ("slow_service", "report"))
    numbers = iter(range(10_000_000))

    def emit(elapsed):
        return [stop(f"s{next(numbers)}", "slow_service", "report", took=2_400_000, user="u_waits", node="reports@slow"),
                stop(f"f{next(numbers)}", "slow_service", "report", took=3_000, user="u_fine", node="reports@fast")]

    gateway, screen = watch(services=names, latencies=dict(slow_service=2_400_000), emit=emit, width=width, height=height)
    # It fails and is slow like all of them fail: it is found by its name in the filter where others are as bad.
    screen.keys("/")
    screen.literally("service:slow_service")
    screen.keys("Enter")
    screen.wait_for(r"[▸ ]slow_service", within=4)
    screen.keys("Enter")
    screen.wait_for("slow_service report", within=3)
    page(screen, r"By gateway", r"reports@slow.*2\.4s", r"reports@fast.*3\.0ms", r"u_waits.*2\.4s", "From the events that are kept")


@SIZES
def test_who_is_refused_and_since_when(watch, width, height):
    """Journey in two keys: who is refused, and since when."""
    def limits(elapsed):
        rejected = int(elapsed * 20)
        keys = [dict(limit="l", key_value=f"u_full_{n}", used=400, max=400, reset_ms=9_000, rejections=0) for n in range(15)]
        keys.append(dict(limit="l", key_value="u_greedy", used=380, max=400, reset_ms=4_200, rejections=rejected))
        return dict(limits=[dict(id="l", scope="global", key="user_id", max_requests=400, window_ms=60_000,
                                 checks=int(elapsed * 200), rejections=rejected, tracked_keys=16, last_rejection_at=moment())],
                    hot_keys=keys)

    gateway, screen = watch(more=limits, width=width, height=height)
    screen.keys("3")
    screen.wait_for(r"✗ ?\d+(\.\d)?/s", within=4)
    screen.wait_for(r"u_greedy", within=4)
    screen.keys("Enter")
    screen.wait_for(r"refusing since +\d\d:\d\d:\d\d", within=4)
    screen.shows(r"u_greedy.*refused +\d+")
    screen.keys("Enter")
    screen.wait_for("User u_greedy", within=3)
    screen.keys("Escape")
    screen.wait_for("Rate limit global user_id", within=3)


@SIZES
def test_which_breaker_is_open_and_why(watch, width, height):
    """Journey in two keys: which breaker is open, why, what it refuses, and when it probes."""
    numbers = iter(range(10_000_000))
    # It opens as the first reader comes, however late that is: what was before is of no event.
    first = []

    def since():
        if not first:
            first.append(moment())
        return first[0]

    def pools(elapsed):
        opened = since()
        many = [dict(name=f"pool_{n:02}", workers=8, busy=0, queued=0, queue_limit=100, breaker="closed", consecutive_failures=0,
                     threshold=5, open_workers=0, half_open_workers=0, executed=1, failed=0, rejected=0, busy_slots=[])
                for n in range(30)]
        many.append(dict(many[0], name="stream_pool", breaker="open", consecutive_failures=5))
        return dict(pools=many, breakers=[dict(pool="stream_pool", state="open", since=opened, opened_at=opened,
                                               consecutive_failures=5, cooldown_ms=115_000, opened_count=1,
                                               last_reason="timeout", probe_at=moment(-115))])

    def emit(elapsed):
        events = [("worker_pool.task.rejected", dict(system_time=1),
                   dict(request_id=f"r{next(numbers)}", service="order_service", request_type="create_order", user_id="u_1",
                        pool_name="stream_pool", reason="circuit_open", scope="pool"))]
        if moment() - since() < 1_000_000:
            number = f"t{next(numbers)}"
            events.append(stop(number, outcome="timeout", took=5_000_000, error="no answer within 5000 ms"))
            # Only of a call that the pool tells of it is known that it was in that pool.
            events.append(("worker_pool.task.stop", dict(duration_us=5_000_000),
                           dict(request_id=f"req_{number}", service="order_service", request_type="create_order", user_id="u_1",
                                pool_name="stream_pool", worker=1)))
        return events

    gateway, screen = watch(more=pools, emit=emit, width=width, height=height)
    screen.keys("4")
    screen.wait_for(r"[▸ ]stream", within=4)
    screen.keys("o")
    screen.wait_for("Breaker stream_pool", within=4)
    screen.wait_for(r"OPEN, probe in 1m\d+s", within=4)
    # The cause is above the fold, whatever is refused.
    screen.wait_for("Calls that failed before it opened", within=4)
    screen.wait_for(r"order_service create_order +\d+ refused", within=4)
    screen.shows(r"last reason +timeout", "Calls that failed before it opened", "answer within 5000 ms")


@SIZES
def test_which_gateway_has_another_config(start_gateway, open_screen, width, height):
    """Journey in two keys: which gateway has another config, and what differs."""
    def having(version, timeout):
        return lambda elapsed: dict(
            services=[dict(service=name, source="push", config_version=version if name == "order_service" else "1.0.0",
                           functions=1, disabled=0, last_success_at=moment(), pull_failures=0)
                      for name in ["a_service", "b_service", "c_service", "order_service"]],
            functions=[dict(service="order_service", request_type="create_order", version="1.0.0", enabled=True,
                            nodes=["orders@a"], response_type="sync", source="push", config_version=version, timeout_ms=timeout,
                            permission="false", choose_node="random", hooks=[], changed_at=moment())])

    one = start_gateway(node="gw-new", more=having("1.1.0", 5_000))
    two = start_gateway(node="gw-old", more=having("1.0.4", 3_000))
    screen = open_screen(width=width, height=height)
    screen.start(one.address, two.address)
    screen.wait_for("order_service", within=4)
    screen.keys("5")
    screen.wait_for(r"[▸ ]order_service", within=4)
    screen.wait_for(r"≠ 1 differ", within=4)
    screen.keys("Enter")
    screen.wait_for(r"gw-old.*1\.0\.4", within=3)
    screen.shows(r"gw-new.*1\.1\.0", r"≠ create_order@1\.0\.0 +timeout", r"gw-old 3000 ms")


@SIZES
def test_why_a_member_gets_nothing(watch, width, height):
    """Journey in three keys: why a member of a relay group gets nothing, and what was told of it."""
    def relay(elapsed):
        members = [dict(user_id=user, status=status, role=role, connections=connections, since=moment(60))
                   for user, status, role, connections in [("u_1", "active", "admin", 1), ("u_new", "pending", "member", 1),
                                                           ("u_gone", "active", "member", 0)]]
        quiet = [dict(group_id=f"quiet_{n}", group_type="public", active=50, pending=0, muted=0, members=[], messages=0,
                      created_at=moment(60)) for n in range(20)]
        return dict(relay=quiet + [dict(group_id="board", group_type="strict_private", active=2, pending=1, muted=0,
                                        members=members, messages=int(elapsed), created_at=moment(60))])

    gateway, screen = watch(more=relay, width=width, height=height)
    screen.keys("6")
    screen.wait_for(r"[▸ ]board", within=4)
    screen.keys("Enter")
    screen.wait_for(r"u_new.*pending", within=3)
    if width >= 100:
        screen.shows(r"u_new.*gets nothing", r"u_gone.*no connection")
    screen.keys("Enter")
    screen.wait_for("User u_new", within=3)
    screen.shows("board")


@SIZES
def test_how_it_was_compared_with_now(watch, width, height):
    """Journey in four keys: how it was some time ago, compared with now."""
    changed = []

    def more(elapsed):
        late = bool(changed)
        return dict(pools=[dict(name="async_pool", workers=8, busy=7 if late else 1, queued=0, queue_limit=100,
                                breaker="open" if late else "closed", consecutive_failures=5 if late else 0, threshold=5,
                                open_workers=0, half_open_workers=0, executed=100, failed=5, rejected=0, busy_slots=[])])

    gateway, screen = watch(more=more, width=width, height=height)
    screen.wait_for("order_service", within=3)
    time.sleep(9)
    changed.append(time.time())
    time.sleep(4)
    screen.keys("D")
    screen.wait_for("Compare with", within=3)
    # Some seconds before the change, however long all took.
    screen.literally(f"{int(time.time() - changed[0]) + 4}s")
    screen.keys("Enter")
    screen.wait_for(r"vs ◆\d\d:\d\d:\d\d", within=3)
    screen.wait_for(r"CHANGE", within=3)
    screen.keys("4")
    screen.wait_for(r"closed→OP", within=3)
    screen.keys("Escape")
    screen.wait_until_gone("CHANGE", within=3)


@SIZES
def test_how_it_was_a_while_ago(watch, width, height):
    """Journey: how it was some time ago, by T."""
    gateway, screen = watch(width=width, height=height)
    time.sleep(4)
    screen.keys("T")
    screen.wait_for("Go to", within=2)
    screen.literally("3s")
    screen.keys("Enter")
    screen.wait_for(r"paused, [2345]s back", within=3)
    screen.keys("Escape")
    screen.wait_until_gone("paused", within=3)


@SIZES
def test_everything_about_a_user(watch, width, height):
    """Journey: everything about a user, then one request."""
    numbers = iter(range(10_000_000))

    def emit(elapsed):
        number = next(numbers)
        return [("executor.request.start", dict(system_time=1),
                 dict(request_id=f"req_n{number}", service="order_service", request_type="create_order", user_id="u_17",
                      version="1.0.0")),
                stop(f"n{number}", outcome="error", took=41_000, user="u_17", error="no stock")]

    gateway, screen = watch(emit=emit, width=width, height=height)
    screen.keys("u")
    screen.wait_for("Everything about a user", within=3)
    screen.literally("17")
    screen.keys("Enter")
    screen.wait_for("User u_17", within=3)
    screen.wait_for(r"order_service create_order +41\.\d+ms +error", within=3)
    screen.keys("Enter")
    screen.wait_for(r"Request req_n\d+", within=3)
    screen.shows("executor.request.start", r"outcome +error")
    screen.keys("Escape")
    screen.wait_for("User u_17", within=3)
    # = narrows the whole screen to the user.
    screen.keys("=", "Escape")
    screen.wait_for("filter user:u_17", within=3)


@SIZES
def test_from_an_alert_to_its_cause(watch, width, height):
    """Journey in two keys: from an alert to what it is about."""
    def pools(elapsed):
        opened = moment(10)
        return dict(pools=[dict(name="async_pool", workers=8, busy=2, queued=0, queue_limit=100, breaker="open",
                                consecutive_failures=5, threshold=5, open_workers=0, half_open_workers=0, executed=100,
                                failed=5, rejected=0, busy_slots=[])],
                    breakers=[dict(pool="async_pool", state="open", since=opened, consecutive_failures=5, cooldown_ms=60_000,
                                   opened_count=1, last_reason="timeout", probe_at=moment(-50))])

    gateway, screen = watch(more=pools, events=False, services=(("order_service", "create_order"),), width=width, height=height)
    screen.wait_for("alert", within=8)
    screen.keys("9")
    screen.wait_for("br.*en", within=5)
    screen.keys("/")
    screen.keys("Escape")
    # Which alert is the first is not this test's: each in turn, until the page is the breaker's.
    deadline = time.time() + 60
    while True:
        screen.keys("o")
        if "Breaker async_pool" in screen.shows("Esc closes|Breaker async_pool", within=5):
            break
        assert time.time() < deadline, screen.text()
        screen.keys("Escape", "j")
    screen.wait_for("Breaker async_pool", within=2)


def test_a_layout_is_saved_for_the_next_start(start_gateway, open_screen, tmp_path):
    """Journey: sort a pane, choose its columns, save it; the next start is as that, and nothing that a person wrote is touched."""
    gateway = start_gateway()
    folder = tmp_path / "genapi-top"
    folder.mkdir()
    own = "# mine\n[layout]\nfocus = \"circuits\"\n"
    (folder / "config.toml").write_text(own)
    screen = open_screen(XDG_CONFIG_HOME=str(tmp_path))
    screen.start(gateway.address)
    screen.keys("8", "<")
    screen.literally("cpu")
    screen.keys("Enter")
    screen.wait_for("▼CPU%", within=3)
    screen.keys("F")
    screen.wait_for("Columns of Nodes", within=3)
    screen.literally("version")
    screen.keys("Space", "Enter", "W")
    screen.wait_for("layout saved to", within=3)
    saved = folder / "config.layout.toml"
    assert saved.stat().st_mode & 0o777 == 0o600
    assert (folder / "config.toml").read_text() == own
    assert sorted(path.name for path in folder.iterdir()) == ["config.layout.toml", "config.toml"]
    screen.keys("q")
    screen.start(gateway.address, expect="▼CPU%")
    assert "VERSION" not in screen.text()
    # What somebody else wrote by that name stays.
    saved.write_text("window = \"5m\"\n")
    screen.keys("W")
    screen.wait_for("the layout is not saved", within=3)
    assert saved.read_text() == "window = \"5m\"\n"


@SIZES
def test_a_row_is_searched_for(watch, width, height):
    """Journey: Ctrl-F finds a row in a list and a line in its page; n and N go on."""
    names = tuple((f"service_{n}", "call") for n in range(30)) + (("order_service", "create_order"),)
    gateway, screen = watch(services=names, width=width, height=height)
    screen.keys("C-f")
    screen.literally("service_2")
    screen.wait_for(r"1 of 11", within=3)
    screen.keys("Enter", "n", "n")
    screen.wait_for(r"3 of 11.*n next", within=3)
    screen.wait_for(r"▸service_21", within=3)
    screen.keys("N")
    screen.wait_for(r"▸service_20", within=3)
    screen.keys("Escape", "Enter")
    screen.wait_for("service_20 call", within=3)
    screen.keys("C-f")
    screen.literally("by gateway")
    screen.wait_for(r"find by gateway.*1 of 1", within=3)


@SIZES
def test_by_what_requests_are_grouped(watch, width, height):
    """b folds functions to their services and shows users from events; Enter opens, Esc goes back."""
    names = tuple(("plenty_service", f"call_{n}") for n in range(30)) + (("order_service", "create_order"),)
    numbers = iter(range(10_000_000))

    def emit(elapsed):
        return [stop(f"a{next(numbers)}", user="u_many"), stop(f"b{next(numbers)}", outcome="error", user="u_fails")]

    gateway, screen = watch(services=names, emit=emit, width=width, height=height)
    screen.keys("1", "b")
    screen.wait_for("Requests by service", within=3)
    screen.wait_for(r"[▸ ]plenty_service .*\d", within=3)
    same(len(re.findall(r"[▸ ]plenty_service", screen.text().split("Events")[0])), 1, "rows of the service")
    screen.keys("Enter")
    screen.wait_for(r"Service \w+_service", within=3)
    screen.keys("Escape", "B", "B")
    screen.wait_for(r"by user .*events", within=4)
    screen.wait_for(r"[▸ ]u_fails .*100", within=4)
    screen.keys("Enter")
    screen.wait_for("User u_fails", within=3)
    screen.keys("Escape", "=")
    screen.wait_for("user:u_fails", within=3)


@SIZES
def test_the_cell_of_the_heat_map(watch, width, height):
    """From the heat map to the slow requests in two keys, and to one of them in a third."""
    numbers = iter(range(10_000_000))

    def emit(elapsed):
        return [stop(f"h{next(numbers)}", took=400_000, user="u_slow", node="orders@slow")]

    gateway, screen = watch(services=(("order_service", "create_order"),), latencies=dict(order_service=400_000), emit=emit,
                            width=width, height=height)
    screen.keys("2", "m")
    screen.wait_for(r"[░▒▓█]{2} 1 " if height > 30 else "[▒▓█]", within=6)
    screen.keys("Up")
    screen.wait_for(r"Enter \d+( requests?)? of \d+ms", within=3)
    screen.keys("Enter")
    screen.wait_for("Requests of .*ms at", within=3)
    page(screen, r"counted +\d+ by the gateways", "create_order.*400ms", "orders@slow")
    screen.keys("g", "Enter")
    screen.wait_for("Request req_h", within=3)
    screen.keys("Escape", "Escape", "Escape")
    screen.wait_for("nothing|░|▒|▓|█", within=3)


@pytest.mark.alone  # Pictures are called by the second that they are of, in the folder that all tests run in.
@SIZES
def test_showing_it_to_somebody(watch, width, height):
    """Journey in two keys: share it. P writes pictures that nobody else reads, and the command that shows the same again."""
    gateway, screen = watch(width=width, height=height)
    screen.wait_for("order_service", within=4)
    screen.keys("Enter", "P")
    screen.wait_for(r"wrote genapi-top-\d+-\d+(-\d+)?\.svg", within=4)
    # Tests run beside each other in one folder.
    base = re.search(r"wrote (genapi-top-\d+-\d+(?:-\d+)?)\.svg", screen.text())[1]
    screen.keys("Escape", "q")
    screen.wait_for("ready>", within=4)
    screen.type(f"clear; stat -c '%a %n' {base}.*; tail -1 {base}.txt; rm -f {base}.*")
    screen.wait_for(r"--press '1 .*enter'", within=4)
    screen.shows(rf"600 {base}\.svg", rf"600 {base}\.ansi", rf"600 {base}\.txt", r"genapi-top 127\.0\.0\.1:\d+ --press")
