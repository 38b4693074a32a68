"""Kubernetes, the container, Prometheus, and whether a gateway is ready."""
import ast
import json
import os
import pathlib
import re
import shlex
import signal
import socket
import subprocess
import tempfile
import time

import yaml

from support.checks import expect, wait_for
from support.ports import free_ports
from support.production import BLOCKS, FUNCTIONS, asked, certificate, example, is_ready, replaced, write
from support.programs import BIN, ROOT, read
from support.tokens import SECRET


def test_every_example_is_run():
    """Every block of docs/production.md that says it is run is run by a test."""
    here = "".join(read(f"Tests/EndToEnd/{name}.py") for name in
                   ("production/test_deployment", "production/test_proxies", "production/test_systemd",
                    "support/production"))
    unit = "".join(path.read_text() for path in pathlib.Path(ROOT, "Tests").rglob("*.swift"))
    unused = [name for name in BLOCKS if f'"{name}"' not in here and f"<!-- run: {name} -->" not in unit]
    expect(BLOCKS and not unused, f"nothing runs {unused}")


def test_documents_name_tests_that_exist():
    """Every end-to-end test that a document names by the beginning of its sentence is there."""
    sentences = []
    for path in pathlib.Path(ROOT, "Tests/EndToEnd").glob("*/test_*.py"):
        tests = [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)]
        sentences += [" ".join(ast.get_docstring(test).split()).lower() for test in tests if ast.get_docstring(test)]
    named = []
    for path in pathlib.Path(ROOT, "docs").glob("*.md"):
        for names in re.findall(r'`scripts/test-e2e`((?:,? "[^"]+")+)', path.read_text()):
            named += [name.removesuffix(" …").lower() for name in re.findall(r'"([^"]+)"', names)]
    missing = [name for name in named if not any(sentence.startswith(name) for sentence in sentences)]
    expect(len(named) > 10 and not missing, f"of {len(named)} named there are not {missing}")


def test_a_gateway_without_functions(start_configured, folder):
    """A gateway without functions says once why it is not ready, and the check of its configuration warns."""
    text = f"""[websocket]
listen = "127.0.0.1:0"
[auth]
secret = "{SECRET}"
[telemetry]
listen = ["127.0.0.1:0"]
"""
    gateway = start_configured(folder, text)
    checked = subprocess.run([f"{BIN}/genapi-gateway", "--config", gateway.file, "--check-config"],
                             capture_output=True, text=True)
    expect(checked.returncode == 0 and "ok, 0 functions" in checked.stdout, checked)
    expect("0 functions: /readyz stays 503 until some are pushed or pulled" in checked.stderr, checked)
    wait_for("the warning", lambda: gateway.says("warning", "no function is known: /readyz stays 503"))
    expect(gateway.get(path="/readyz") == (503, "no function is known\n"), gateway.get(path="/readyz"))
    write(gateway.file, text + FUNCTIONS.replace('[telemetry]\nlisten = ["127.0.0.1:0"]\n', ""))
    gateway.process.send_signal(signal.SIGHUP)
    wait_for("that it is ready", lambda: gateway.says("functions are known: /readyz reads 200"))
    is_ready(gateway)
    expect(sum("no function is known" in line for line in gateway.log) == 1, gateway.log)


def test_why_a_start_failed(folder):
    """Why a start failed is told in the log's own format, once."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken, free = other.getsockname()[1], free_ports(1)[0]
        cluster = f'[cluster]\nname = "gw@127.0.0.1"\ncookie = "c"\nepmd_port = {free}\nepmd_wait_ms = 0\n'
        for listen, more, wanted in [(taken, "", f"cannot listen on 127.0.0.1:{taken}: the address is in use"),
                                     (0, cluster, "epmd cannot be reached")]:
            for form in ("json", "journald", "text"):
                write(f"{folder}/gateway.toml", f"""[log]
format = "{form}"
[websocket]
listen = "127.0.0.1:{listen}"
[auth]
secret = "{SECRET}"
{more}{FUNCTIONS}""")
                ended = subprocess.run([f"{BIN}/genapi-gateway", "--config", f"{folder}/gateway.toml"],
                                       capture_output=True, text=True, timeout=20)
                lines = ended.stderr.splitlines()
                said = [line for line in lines if wanted in line]
                expect(ended.returncode == 1 and len(said) == 1, ended)
                if form == "json":
                    objects = [json.loads(line) for line in lines]
                    expect(any(line["level"] == "critical" and wanted in line["message"] for line in objects), lines)
                elif form == "journald":
                    expect(all(re.match(r"<[0-7]>", line) for line in lines) and said[0].startswith("<2>"), lines)
                else:
                    expect(" critical genapi.server: the gateway cannot start: " in said[0], lines)


def test_alert_rules_and_dashboard(start_configured, folder):
    """The alert rules are right, fire when they should, and ask for metrics that a gateway has."""
    packaged = os.path.join(ROOT, "packaging/prometheus")
    for arguments in [["check", "rules", "alerts.yml"], ["test", "rules", "alerts_test.yml"]]:
        done = subprocess.run(["promtool", *arguments], cwd=packaged, capture_output=True, text=True)
        expect(done.returncode == 0, done.stdout + done.stderr)
    write(f"{folder}/prometheus.yml", replaced(
        example("prometheus"), ("/etc/prometheus/genapi/alerts.yml", f"{packaged}/alerts.yml")))
    done = subprocess.run(["promtool", "check", "config", f"{folder}/prometheus.yml"], capture_output=True, text=True)
    expect(done.returncode == 0, done.stdout + done.stderr)
    text = f'[websocket]\nlisten = "127.0.0.1:0"\n[auth]\nsecret = "{SECRET}"\n' + FUNCTIONS
    gateway = start_configured(folder, text)
    metrics = gateway.get()[1]
    done = subprocess.run(["promtool", "check", "metrics"], input=metrics, capture_output=True, text=True)
    faults = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    expect(done.returncode in (0, 3), faults)
    names = set(re.findall(r"^# TYPE (\w+) ", metrics, re.M))
    rules = read("packaging/prometheus/alerts.yml")
    expect("| humanize }}" not in rules, "a rate below 1 would be written in thousandths")
    asked = {re.sub(r"_bucket$", "", name) for name in re.findall(r"\b((?:genapi|process)_\w+)", rules)}
    expect(asked <= names, f"alerts ask for {asked - names}")
    board = read("packaging/prometheus/grafana.json")
    shown = {re.sub(r"_bucket$", "", name) for name in re.findall(
        r"\b((?:genapi|process)_\w+)\{", board)}
    expect(names <= shown, f"the dashboard does not show {names - shown}")
    expect(abs(gateway.metric("process_start_time_seconds") - time.time()) < 120, "the start time is wrong")
    expect(3 < gateway.metric("process_open_fds") < gateway.metric("process_max_fds"), "descriptors")


def test_kubernetes_manifests(start_configured):
    """The Kubernetes manifests are whole: probes, a pre-stop that fits the drain, a configuration that is right."""
    parts = list(yaml.safe_load_all(read("packaging/kubernetes/gateway.yaml")))
    kinds = {part["kind"]: part for part in parts}
    pod = kinds["Deployment"]["spec"]["template"]["spec"]
    container = pod["containers"][0]
    labels = kinds["Deployment"]["spec"]["template"]["metadata"]["labels"]
    for selector in [kinds["Deployment"]["spec"]["selector"]["matchLabels"], kinds["Service"]["spec"]["selector"],
                     kinds["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"]]:
        expect(selector.items() <= labels.items(), f"{selector} selects nothing")
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    for probe, path in [("startupProbe", "/livez"), ("readinessProbe", "/readyz"), ("livenessProbe", "/livez")]:
        expect(container[probe]["httpGet"] == {"path": path, "port": "health"}, probe)
    volumes = {volume["name"] for volume in pod["volumes"]}
    mounts = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
    expect(set(mounts) == volumes, f"{mounts} of {volumes}")
    with tempfile.TemporaryDirectory() as folder:
        for name, secret in kinds["Secret"]["stringData"].items():
            write(f"{folder}/{name}", secret)
        text = kinds["ConfigMap"]["data"]["gateway.toml"]
        write(f"{folder}/gateway.toml", replaced(text, (mounts["secrets"], folder)))
        expect(pod["enableServiceLinks"] is False, "services of the namespace become variables")
        # A pod of somebody who left that out has these for the manifest's own service.
        prefix, address, port = kinds["Service"]["metadata"]["name"].upper().replace("-", "_"), "10.96.1.2", "4700"
        links = {"SERVICE_HOST": address, "SERVICE_PORT": port, "SERVICE_PORT_WEBSOCKET": port,
                 "PORT": f"tcp://{address}:{port}", f"PORT_{port}_TCP": f"tcp://{address}:{port}",
                 f"PORT_{port}_TCP_PROTO": "tcp", f"PORT_{port}_TCP_PORT": port, f"PORT_{port}_TCP_ADDR": address}
        environment = os.environ | {variable["name"]: "gw" for variable in container["env"]}
        environment |= {f"{prefix}_{name}": value for name, value in links.items()}
        done = subprocess.run([f"{BIN}/genapi-gateway", "--config", f"{folder}/gateway.toml", "--check-config"],
                              capture_output=True, text=True, env=environment)
        expect(done.returncode == 0, done.stderr)
        printed = subprocess.run([f"{BIN}/genapi-gateway", "--config", f"{folder}/gateway.toml", "--print-config"],
                                 capture_output=True, text=True, env=environment).stdout
        # As the kubelet, a balancer and Prometheus ask: by the address, and by names of the cluster.
        here = dict(zip(ports, free_ports(len(ports))))
        moved = replaced(text, (mounts["secrets"], folder), *[(f":{ports[name]}", f":{here[name]}") for name in ports])
        with start_configured(folder, moved) as gateway:
            is_ready(gateway)
            for port, path, host, wanted in [
                    ("health", "/livez", "10.1.2.3:4701", 200), ("health", "/readyz", "10.1.2.3:4701", 200),
                    ("health", "/metrics", "10.1.2.3:4701", 200), ("health", "/metrics", "gateway.monitoring:4701", 200),
                    ("websocket", "/readyz", "10.1.2.3:4700", 200), ("websocket", "/readyz", "[fd00::7]:4700", 200),
                    ("websocket", "/readyz", "evil.example", 421), ("websocket", "/healthz", "gateway.monitoring", 421),
                    ("websocket", "/socket/websocket", "10.1.2.3:4700", 421),
                    ("websocket", "/socket/websocket", "api.example.org", 426)]:
                found, body = asked(here[port], path, host)
                expect(found == wanted, f"{path} of {host} at {port}: {found} {body[:100]}")
    spent = sum(int(re.search(rf"^{name}_ms = (\d+)", printed, re.M)[1]) for name in
                ["drain_delay", "drain_spread", "drain_timeout"])
    pause = int(container["lifecycle"]["preStop"]["exec"]["command"][1])
    expect(pod["terminationGracePeriodSeconds"] > pause + spent / 1000, f"{pause} s and {spent} ms are too much")
    for name, port in ports.items():
        expect(f":{port}" in printed, f"nothing listens on {name} {port}")


def test_container(start_configured):
    """The container's build is pinned, has all it copies and nothing else, and its health check tells."""
    text = read("packaging/container/Dockerfile")
    for image in re.findall(r"^FROM (\S+)", text, re.M):
        expect(re.search(r"@sha256:[0-9a-f]{64}$", image), f"{image} is not pinned")
    copied = [words[:-1] for words in (shlex.split(line) for line in re.findall(r"^COPY (?!--from)(.*)$", text, re.M))]
    let_in = [line[1:] for line in read("packaging/container/Dockerfile.dockerignore").splitlines() if line.startswith("!")]
    for source in sum(copied, []):
        expect(os.path.exists(os.path.join(ROOT, source.rstrip("/"))), f"{source} is not there")
        expect(source.rstrip("/") in let_in, f"{source} is kept out by .dockerignore")
    pins = {pin["location"].removesuffix(".git"): pin["state"]["version"]
            for pin in json.loads(read("packaging/container/Package.resolved"))["pins"]}
    for url, least in re.findall(r'\.package\(url: "([^"]+)", from: "([\d.]+)"\)', read("Package.swift")):
        pinned = pins.get(url.removesuffix(".git"))
        expect(pinned, f"{url} is not pinned in packaging/container/Package.resolved")
        number = lambda version: [int(part) for part in version.split(".")]  # noqa: E731
        expect(number(pinned) >= number(least), f"{url} is pinned to {pinned}, and {least} is needed")
    probe = json.loads(re.search(r"^HEALTHCHECK .*\\\n\s+CMD (\[.*\])$", text, re.M)[1])
    toml = f'[websocket]\nlisten = "127.0.0.1:0"\n[auth]\nsecret = "{SECRET}"\n' + FUNCTIONS
    with tempfile.TemporaryDirectory() as folder, start_configured(folder, toml) as gateway:
        environment = os.environ | {"PROBE_PORT": str(gateway.port)}
        done = subprocess.run(probe, env=environment, capture_output=True, text=True, timeout=10)
        expect(done.returncode == 0, f"{done.stderr}: {gateway.get(path='/livez')}")
        expect(gateway.end() == 0, gateway.log)
        expect(subprocess.run(probe, env=environment, capture_output=True, timeout=10).returncode != 0, "it is always well")
    # With TLS only the listener of health answers it, whose port is asked first, is exposed, and is that of the manifest.
    with tempfile.TemporaryDirectory() as folder:
        cert, key = certificate(folder)
        toml = replaced(toml, ("[auth]", f'tls_certificate = "{cert}"\ntls_key = "{key}"\n[health]\nlisten = "127.0.0.1:0"\n[auth]'))
        with start_configured(folder, toml) as gateway:
            health = int(gateway.addresses["metrics"].split(":")[2].split("/")[0])
            for port, well in [(gateway.port, False), (health, True), (f"{gateway.port} {health}", True)]:
                done = subprocess.run(probe, env=os.environ | {"PROBE_PORT": str(port)}, capture_output=True, text=True, timeout=10)
                expect((done.returncode == 0) == well, f"{port}: {done}")
    exposed = re.search(r"^EXPOSE (.*)$", text, re.M)[1].split()
    first = re.search(r"PROBE_PORT:-(\d+)", probe[-1])[1]
    manifest = read("packaging/kubernetes/gateway.yaml")
    expect(first in exposed and f"{{name: health, containerPort: {first}}}" in manifest, (first, exposed))
