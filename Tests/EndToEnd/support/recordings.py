"""Recordings to be replayed."""
import json
import os
import time

from support.checks import same
from support.scripted import ScriptedGateway, bucket_of
from support.terminal import WORK, run_top


def recording_of(seconds, *arguments, gateway=None):
    """A recording made without a screen."""
    path = os.path.join(WORK, f"made-{time.time()}.jsonl{'.gz' if 'gz' in arguments else ''}")
    own = gateway or ScriptedGateway()
    try:
        done = run_top("--once", "--after", f"{seconds}s", "--record", path, own.address)
        same(done.returncode, 0, f"exit code ({done.stderr})")
    finally:
        if not gateway:
            own.stop()
    return path


def six_minutes():
    """A recording: around the end of its first minute half of the requests fail, for half a minute.

    What is minutes ago is kept in steps of ten seconds of the day. The steps around its 60th second fail as a whole, at whatever time
    of the day it begins."""
    path = os.path.join(WORK, "six-minutes.jsonl")
    begun = int(time.time() * 1e6) - 400_000_000
    with open(path, "w") as file:
        def put(**frame):
            file.write(json.dumps(frame) + "\n")

        put(t="recording", proto=1, started_at=begun, targets=["gw1:4710"])
        put(t="hello", proto=1, node="gw1", software="test 1", started_at=begun, interval_ms=1000, auth="none",
            categories=["executor"])
        count, failed = 0, 0
        for second in range(360):
            count += 100
            failed += 50 if 45 <= second < 75 else 0
            put(t="state" if second else "snapshot", at=begun + second * 1_000_000, seq=0,
                totals=dict(requests=count, ok=count - failed, failed=failed, exceptions=0, rejected=0, in_flight=0,
                            invalid=0, retries=0, events_emitted=0, events_dropped=0, events={}),
                series=[dict(service="order_service", request_type="create_order", requests=count,
                             outcomes=dict(ok=count - failed, error=failed), retries=0, max_us=5_000,
                             latency=dict(sum=count * 5_000, buckets=[[bucket_of(5_000), count]]))])
            # The breaker's event is followed by more than are kept.
            names = {50: [("worker_pool.circuit_breaker.open", dict(pool_name="async_pool"))],
                     200: [("executor.request.stop", dict(service="order_service", outcome="ok"))] * 9_000}
            for name, fields in names.get(second, []):
                put(t="event", seq=0, at=begun + second * 1_000_000, name=f"phoenix_gen_api.{name}", m={}, d=fields)
    return path
