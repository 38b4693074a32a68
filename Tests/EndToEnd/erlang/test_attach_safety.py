"""What docs/attach.md promises to a gateway of the Elixir library that is attached: each row that needs a whole program."""
import json
import os
import resource
import signal
import socket
import subprocess
import threading
import time

import pytest

from support.checks import expect
from support.programs import TOP
from support.standin import StandIn, document, numbers, states, totals, until

pytestmark = pytest.mark.timeout(240)


def settled(gateway):
    """What the node counts once it counts the same for a second."""
    counts = None
    while counts != (now := gateway.counts()):
        counts = now
        time.sleep(1)
    return counts


SECONDS = int(os.environ.get("OVERLOAD_SECONDS", "12"))


def test_totals_are_those_of_the_load_after_an_overload(gateway, bridge, top):
    """At overload, with lost events, a reconnect and a second watcher, totals are the load's own count, and the lost are told."""
    slow, slow_port, _ = bridge()
    reader = socket.create_connection(("127.0.0.1", slow_port))
    reader.sendall(b'{"t":"subscribe"}\n')
    second, _, _ = bridge()
    counted = []
    load = threading.Thread(target=lambda: counted.extend(int(number) for number in gateway.tell(f"overload {SECONDS}")))
    load.start()
    time.sleep(1)
    # It takes nothing for a while: what the agent has for it is lost, and its numbers come later.
    slow.send_signal(signal.SIGSTOP)
    time.sleep(4)
    second.kill()
    slow.send_signal(signal.SIGCONT)
    _, third_port, _ = bridge()
    load.join()
    reader.close()
    expect(counted[0] == sum(counted[1:]) > 10_000, f"the load counted {counted}")
    seen = totals(top, f"127.0.0.1:{slow_port}")
    expect(numbers(seen) == counted, f"the one that was slow: {seen}, counted {counted}")
    expect(seen["events_dropped"] > 0, f"what was lost is told: {seen}")
    seen = numbers(totals(top, f"127.0.0.1:{third_port}"))
    expect(seen == counted, f"the one that came later: {seen}, counted {counted}")


def test_two_dashboards_a_bridge_and_a_recording_see_the_same(gateway, bridge, epmd, top, tmp_path):
    """Two dashboards, a bridge and a recording at once share one handler, and each has the load's own totals."""
    _, port, _ = bridge()
    alone = gateway.tell("left")
    environment = epmd.environment | {"GENAPI_COOKIE": "secret"}
    recording = tmp_path / "recording"
    printed = [tmp_path / f"printed{number}" for number in range(3)]
    processes = []
    for path, more in zip(printed, [[], [], ["--record", str(recording)]]):
        with open(path, "w") as file:
            processes.append(subprocess.Popen([TOP, "--batch", "90", "--json", "erlang:gateway@127.0.0.1", *more], stdout=file, env=environment))
    epmd.processes.extend(processes)

    def shown(path):
        lines = path.read_text().split("\n")[:-1]
        return numbers(json.loads(lines[-1])["totals"]) if lines else None
    until(lambda: all(shown(path) for path in printed), "all print", 40)
    expect(gateway.tell("hidden") == ["4"] and gateway.tell("left")[0] == alone[0],
           f"{gateway.tell('hidden')} watchers, handlers: {gateway.tell('left')}, of one watcher {alone}")
    counted = [int(number) for number in gateway.tell("load 20000")]
    until(lambda: [shown(path) for path in printed] == [counted] * 3, f"each shows {counted}", 30)
    seen = numbers(totals(top, f"127.0.0.1:{port}"))
    expect(seen == counted, f"through the bridge: {seen}, counted {counted}")
    for process in processes:
        process.terminate()
        process.wait()
    played = top("--once", "--json", "--replay", str(recording), "--speed", "50", "--after", "60s")
    seen = numbers(json.loads(played.stdout)["totals"])
    expect(seen == counted, f"in the recording: {seen}, counted {counted}")


def test_a_node_without_room_is_left_alone_in_words(gateway, epmd, tmp_path, top):
    """A node whose table of atoms is nearly full, which the first attach would end, is left alone and lives, with the agent and without."""
    atoms = gateway.counts()[0]
    full = StandIn(epmd, tmp_path, name="full@127.0.0.1", erl=f"+t {atoms + 1_200}")
    for options in [[], ["--no-agent"]]:
        done = top("--once", *options, "erlang:full@127.0.0.1")
        expect(done.returncode == 1 and "places left" in done.stderr, done.stdout + done.stderr)
        expect(full.is_clean() and full.counts()[0] < atoms + 200, f"nothing was put there: {atoms}, now {full.counts()}")


def test_a_library_that_is_upgraded_is_attached_anew(gateway, bridge, top):
    """When the library's version is another all begins anew, and the version is shown."""
    gateway.tell("version 2.22.0")
    _, port, log = bridge()
    gateway.tell("load 100")
    gateway.tell("version 2.24.0")
    until(lambda: log.read_text().count("attached;") == 2, "attached again")
    expect("its library was upgraded" in log.read_text(), log.read_text())
    counted = [int(number) for number in gateway.tell("load 200")]
    shown = document(top, f"127.0.0.1:{port}")
    expect(numbers(shown["totals"]) == counted and "2.24.0" in shown["nodes"][0]["software"], [shown["totals"], shown["nodes"]])


def test_a_watcher_without_the_agent_loads_nothing(gateway, top):
    """--no-agent shows what can be read, loads no module, leaves no process, and has no number that nobody counts."""
    gateway.tell("load 2000")
    document(top, "--no-agent", "erlang:gateway@127.0.0.1")
    before = settled(gateway)
    shown = document(top, "--no-agent", "erlang:gateway@127.0.0.1")
    # The connection's own processes end a moment after the watcher.
    until(lambda: gateway.counts() == before, f"left: {gateway.counts()}, before {before}", 10)
    expect(gateway.is_clean(), "no agent")
    functions = {(f["service"], f["request_type"]): f for f in states(shown["configs"]["functions"])}
    expect(functions["order_service", "create_order"]["retry"] == "same_node 2", functions)
    expect(functions["order_service", "create_order"]["hooks"] == ["before Hooks.quota"], functions)
    [limit] = states(shown["rate_limits"]["limits"])
    expect(limit["max_requests"] == 5 and "rejections" not in limit and "checks" not in limit, limit)
    [hot] = states(shown["rate_limits"]["hot_keys"])
    expect((hot["key_value"], hot["used"]) == ("u_7", 2) and "rejections" not in hot, hot)
    pools = {pool["name"]: pool for pool in states(shown["pools"])}
    expect(pools["async_pool"]["busy"] == 2 and "executed" not in pools["async_pool"], pools)
    [group] = states(shown["relay"])
    expect((group["active"], group["muted"]) == (1, 1) and "messages" not in group, group)
    expect("requests" not in shown["totals"] and shown["series"] == [] and "sockets" not in shown["nodes"][0], shown["totals"])
    events = top("events", "--no-agent", "erlang:gateway@127.0.0.1")
    expect(events.returncode != 0 and "without the agent there are none" in events.stderr, events.stderr)
    screen = top("--once", "--no-agent", "erlang:gateway@127.0.0.1")
    expect("– req/s" in screen.stdout and "no gateway tells of this" in screen.stdout, screen.stdout + screen.stderr)


def test_no_number_that_the_library_does_not_tell_is_zero(gateway, top):
    """With the agent too, what the library does not tell is a dash on the screen and in no document."""
    gateway.tell("load 200")
    shown = document(top, "erlang:gateway@127.0.0.1")
    [limit] = states(shown["rate_limits"]["limits"])
    expect("rejections" in limit and "checks" not in limit and "tracked_keys" not in limit, limit)
    expect("invalid" not in shown["totals"] and "requests" in shown["totals"], shown["totals"])
    for pool in states(shown["pools"]):
        expect("executed" in pool and "busy_slots" not in pool and "breaker" not in pool, pool)
    for node in states(shown["service_nodes"]):
        expect("calls" not in node and "latency" not in node, node)
    [group] = states(shown["relay"])
    expect("messages" not in group and all("connections" not in member for member in group["members"]), group)


def test_nothing_is_left_of_many_attaches(gateway, top):
    """Atoms, processes, tables and modules of the gateway are as many after ten attaches as after one."""
    def attach():
        done = top("check", "node down", "erlang:gateway@127.0.0.1")
        expect(done.returncode in (0, 1), done.stderr)
        until(gateway.is_clean, "nothing is left", 5)
        until(lambda: gateway.tell("left") == ["0", "false", "0"], "nor a process that removes", 5)
    # What a node loads or names for the first time is none of what an attach leaves: until one leaves all as it was.
    attach()
    before, now = None, settled(gateway)
    for _ in range(6):
        if before == now:
            break
        attach()
        before, now = now, settled(gateway)
    for _ in range(10):
        attach()
    until(lambda: gateway.counts() == before, f"left: {gateway.counts()}, before {before}", 10)


def test_a_gateway_that_hears_nothing_any_more_removes_the_agent(epmd, tmp_path, bridge):
    """After a cut cable, as when the watcher is stopped, nothing is left within the node's net_ticktime and 2 s."""
    gateway = StandIn(epmd, tmp_path, erl="-kernel net_ticktime 4")
    process, _, _ = bridge()
    expect(not gateway.is_clean(), "the agent is there while it is watched")
    process.send_signal(signal.SIGSTOP)
    # Erlang notices within five quarters of its net_ticktime.
    until(gateway.is_clean, "nothing is left", 5 + 2)
    process.send_signal(signal.SIGCONT)


def test_a_library_that_stops_while_its_node_lives_is_its_own_state(gateway, bridge, top):
    """A library that stops is said to have, and is counted again when it is back, without a restart of anything."""
    _, port, log = bridge()
    gateway.tell("stop")

    def node():
        return document(top, f"127.0.0.1:{port}")["nodes"][0]
    shown = node()
    expect(shown["up"] and shown["readiness"] == "starting" and "has stopped" in shown["readiness_fault"], shown)
    gateway.tell("start")
    expect(node()["readiness"] == "ready", node())
    counted = [int(number) for number in gateway.tell("load 500")]
    expect(numbers(totals(top, f"127.0.0.1:{port}")) == counted, "counted again")
    expect(log.read_text().count("attached;") == 1, "it stayed attached")


@pytest.mark.parametrize("how", ["nonsense", "flood"])
def test_an_agent_that_sends_nonsense_is_an_error_in_words(gateway, epmd, how):
    """An agent that answers or sends what is none is told in words, within bounds of memory."""
    gateway.tell(f"hostile {how}")
    process = subprocess.Popen([TOP, "check", "p99 < 1s", "erlang:gateway@127.0.0.1"], stderr=subprocess.STDOUT, text=True,
                               env=epmd.environment | {"GENAPI_COOKIE": "secret"}, stdout=subprocess.PIPE)
    said, _ = process.communicate(timeout=60)
    print(said)
    expect(process.returncode in (1, 2) and said, f"{process.returncode} {said}")
    expect(how == "flood" or "starting the agent" in said, said)
    expect(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 700_000, "bounded memory")


def test_a_gateway_that_is_restarted_is_shown_again_soon(gateway, epmd, tmp_path):
    """A dashboard shows a gateway that came back after one pause, not after two in a row."""
    process = subprocess.Popen([TOP, "events", "erlang:gateway@127.0.0.1"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                               env=epmd.environment | {"GENAPI_COOKIE": "secret"})
    epmd.processes.append(process)
    until(lambda: not gateway.is_clean(), "attached")
    gateway.kill()
    # Long enough for all pauses to be at their longest.
    time.sleep(8)
    again = StandIn(epmd, tmp_path)
    again.tell("traffic 1")
    began = time.monotonic()
    expect(process.stdout.readline(), "an event of the gateway that came back")
    print(f"shown again after {time.monotonic() - began:.1f} s")


def test_distribution_over_tls_and_another_epmd(epmd, tmp_path, top):
    """A node that speaks TLS is watched with a certificate, by the port of its epmd; without one it is said."""
    key, certificate, authority = tmp_path / "key.pem", tmp_path / "cert.pem", tmp_path / "ca.pem"
    signing = tmp_path / "ca-key.pem"

    def certify(name, key, certificate, *more):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}", "-keyout", key,
                        "-out", certificate, *more], check=True, capture_output=True)
    certify("authority", signing, authority)
    certify("gateway", key, certificate, "-CA", authority, "-CAkey", signing, "-addext", "basicConstraints=critical,CA:FALSE")
    options = f"verify verify_peer fail_if_no_peer_cert true cacertfile {authority}"
    gateway = StandIn(epmd, tmp_path, erl="-proto_dist inet_tls -ssl_dist_opt "
                      f"server_certfile {certificate} server_keyfile {key} "
                      + " ".join(f"server_{option} {value}" for option, value in zip(options.split()[::2], options.split()[1::2])))
    gateway.tell("load 100")
    elsewhere = {name: value for name, value in epmd.environment.items() if name != "ERL_EPMD_PORT"}
    port = ["--epmd-port", epmd.environment["ERL_EPMD_PORT"]]
    shown = top("--once", "--json", "erlang:gateway@127.0.0.1", *port, "--tls-certificate", str(certificate), "--tls-key", str(key),
                "--tls-ca", str(authority), environment=elsewhere)
    expect(shown.returncode == 0 and '"up":true' in shown.stdout, shown.stderr + shown.stdout[:300])
    plain = top("check", "p99 < 1s", "erlang:gateway@127.0.0.1", *port, environment=elsewhere)
    expect(plain.returncode == 2 and "TLS" in plain.stderr, plain.stderr)
    wrong = top("check", "p99 < 1s", "erlang:gateway@127.0.0.1", *port, "--tls-certificate", str(certificate), "--tls-key", str(key),
                "--tls-ca", str(authority), environment=elsewhere, cookie="another")
    expect(wrong.returncode == 2 and "is that the cookie of its cluster?" in wrong.stderr and "--tls" not in wrong.stderr, wrong.stderr)
    # Whatever is wrong with certificates is told in words that say what to do.
    other_key, other, other_authority = tmp_path / "other-key.pem", tmp_path / "other.pem", tmp_path / "other-ca.pem"
    certify("another authority", tmp_path / "other-ca-key.pem", other_authority)
    certify("stranger", other_key, other, "-CA", other_authority, "-CAkey", tmp_path / "other-ca-key.pem",
            "-addext", "basicConstraints=critical,CA:FALSE")
    ours = ["--tls-certificate", str(certificate), "--tls-key", str(key)]
    for options, words in [
            (["--tls-ca", str(authority)], "it wants a certificate that its authority has signed: see --tls-certificate"),
            (["--tls-ca", str(other_authority), *ours], "its certificate is not signed by what --tls-ca names"),
            (["--tls-ca", str(authority), "--tls-certificate", str(other), "--tls-key", str(other_key)],
             "it does not trust the certificate of --tls-certificate"),
            (ours, "--tls-certificate goes with --tls-ca"),
            (["--tls-ca", str(authority), "--tls-certificate", str(certificate), "--tls-key", str(other_key)],
             f"{other_key} is not the key of the certificate in {certificate}"),
            (["--tls-ca", str(tmp_path / "none.pem")], "none.pem cannot be read: No such file or directory")]:
        done = top("check", "p99 < 1s", "erlang:gateway@127.0.0.1", *port, *options, environment=elsewhere)
        expect(done.returncode != 0 and words in done.stderr, f"{options}: {done.stderr}")
        expect("SSL" not in done.stderr and "failedTo" not in done.stderr, f"{options}: {done.stderr}")


def test_a_certificate_that_has_expired_is_said_to_have(epmd, tmp_path, top):
    """Of a node whose certificate has expired that is said, and nothing of who signed it."""
    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], check=True, capture_output=True, cwd=tmp_path)
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=authority", "-keyout", "ca-key.pem", "-out", "ca.pem")
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=gateway", "-keyout", "key.pem", "-out", "request.pem")
    (tmp_path / "index.txt").write_text("")
    (tmp_path / "ca.cnf").write_text("[ca]\ndefault_ca = one\n[one]\ndatabase = index.txt\nnew_certs_dir = .\ndefault_md = sha256\n"
                                     "policy = any\nrand_serial = yes\n[any]\ncommonName = supplied\n")
    openssl("ca", "-batch", "-notext", "-config", "ca.cnf", "-cert", "ca.pem", "-keyfile", "ca-key.pem", "-in", "request.pem",
            "-startdate", "20200101000000Z", "-enddate", "20200201000000Z", "-out", "cert.pem")
    StandIn(epmd, tmp_path, erl=f"-proto_dist inet_tls -ssl_dist_opt server_certfile {tmp_path}/cert.pem server_keyfile {tmp_path}/key.pem")
    done = top("check", "p99 < 1s", "erlang:gateway@127.0.0.1", "--tls-ca", str(tmp_path / "ca.pem"))
    expect(done.returncode == 2 and "its certificate has expired" in done.stderr and "signed" not in done.stderr, done.stderr)


def test_a_node_with_a_short_name(epmd, tmp_path, top):
    """A node with a short name is watched by one with a short name."""
    host = socket.gethostname().split(".")[0]
    gateway = StandIn(epmd, tmp_path, name=f"gateway@{host}", names="--sname")
    gateway.tell("load 10")
    done = top("check", "node down", f"erlang:gateway@{host}")
    expect(done.returncode in (0, 1), done.stderr)
