"""What a test says holds."""
import re
import time


def expect(holds, what):
    if not holds:
        raise AssertionError(what)


def wait_for(what, holds, within=20):
    deadline = time.monotonic() + within
    while not holds():
        expect(time.monotonic() < deadline, f"not within {within} s: {what}")
        time.sleep(0.05)


def same(found, expected, what):
    if found != expected:
        raise AssertionError(f"{what}: {found!r} instead of {expected!r}")


def contains(text, *patterns):
    for pattern in patterns:
        if not re.search(pattern, text):
            raise AssertionError(f"/{pattern}/ is not in:\n{text[:4000]}")


def lacks(text, *patterns):
    for pattern in patterns:
        if re.search(pattern, text):
            raise AssertionError(f"/{pattern}/ is in:\n{text[:4000]}")
