"""Health and metrics, as they are asked for."""
import asyncio
import json
import subprocess

from jsonschema import Draft202012Validator
from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_metrics
from prometheus_client.parser import text_string_to_metric_families as text

from support.checks import expect
from support.clients import Socket


AWKWARD = ['quo"te', "back\\slash", "sp ace", 'quo"\u0301te', "back\\\u0301slash", "e\u0301", "\u00e9", "{}=,# x"]


def test_health_and_metrics(start_server):
    """Health is JSON, metrics are text or OpenMetrics, as they are asked for."""
    server = start_server(anonymous=True)
    status, body = server.get("health")
    expect(status == 200 and json.loads(body)["status"] == "ok", body)
    status, body = server.get("metrics")
    expect(status == 200 and "# EOF" not in body and "genapi_sockets 0" in body, body)
    status, body = server.get("metrics", "application/openmetrics-text; version=1.0.0")
    expect(status == 200 and body.endswith("# EOF\n") and "genapi_sockets 0" in body, body)


def test_prometheus_parsers_read_awkward_names(start_server):
    """Prometheus' own parsers read every function's name back, whatever is in it."""
    functions = "".join(f'[[functions]]\nservice = {json.dumps(name)}\nrequest_type = {json.dumps(name + "!")}\n'
                        'mfa = "Builtin.time"\n' for name in AWKWARD)

    async def call(server):
        async with Socket(server) as socket:
            await socket.join()
            for name in AWKWARD:
                expect((await socket.answer(name + "!", {}, name, service=name))["success"], name)
    server = start_server(anonymous=True, more="\n" + functions)
    asyncio.run(call(server))
    for accept, parse in (("", text), ("application/openmetrics-text", open_metrics)):
        body = server.get("metrics", accept)[1]
        families = {family.name: family for family in parse(body)}
        samples = [sample for sample in families["genapi_requests"].samples
                   if sample.labels["service"] in AWKWARD]
        expect({(sample.labels["service"], sample.labels["request_type"], sample.value) for sample in samples}
               == {(name, name + "!", 1) for name in AWKWARD}, samples)
        expect(all(family.documentation for family in families.values()), "a family has no help text")
        events = {sample.labels["event"]: sample.value
                  for sample in families["genapi_telemetry_events"].samples}
        # Nobody is attached to this gateway.
        expect(events.get("phoenix_gen_api.executor.request.stop", 0) >= len(AWKWARD), events)
    done = subprocess.run(["promtool", "check", "metrics"], input=server.get("metrics")[1], text=True, capture_output=True)
    expect(done.returncode == 0, done.stdout + done.stderr)


FUNCTIONS = """
[[functions]]
service = "users"
request_type = "rename"
mfa = "Builtin.echo"
description = "Gives a user another name."
arg_types = { id = "uuid", name = { type = "string", max_bytes = 5 }, loud = { type = "boolean", default_value = false } }
"""


def test_functions_over_http(start_server):
    """What can be called is told over HTTP where it is asked for, with schemas that another implementation checks by."""
    server = start_server(anonymous=True, more=FUNCTIONS)
    expect(server.get("functions")[0] == 404, "they are told though nobody said so")
    server = start_server(anonymous=True, more=FUNCTIONS, environment={"GENAPI_HEALTH_FUNCTIONS": "true"})
    told = json.loads(server.get("functions")[1])
    rename, = [function for function in told["functions"] if function["service"] == "users"]
    expect(rename["description"] == "Gives a user another name.", rename)
    for function in told["functions"]:
        Draft202012Validator.check_schema(function["arguments"])
    validator = Draft202012Validator(rename["arguments"] | {"$schema": told["schema"]})
    good = {"id": "00000000-0000-4000-8000-000000000000", "name": "Ann"}
    expect(validator.is_valid(good), list(validator.iter_errors(good)))
    expect(validator.is_valid(good | {"loud": None}), "null stands for the default, and the schema refuses it")
    for bad in (good | {"other": 1}, good | {"id": "0"}, good | {"id": None}, {"name": "Ann"}, good | {"name": "longer"}, good | {"name": 1}, good | {"loud": "yes"}):
        expect(not validator.is_valid(bad), bad)
