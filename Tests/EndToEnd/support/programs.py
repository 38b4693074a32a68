"""The programs under test, and the files of the project."""
import os
import subprocess


ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
# The folder of the programs, which scripts/test-e2e has built.
BIN = os.environ.get("GENAPI_BIN") or os.path.join(ROOT, ".build", "debug")
TOP = os.path.join(BIN, "genapi-top")


def program(*arguments, **options):
    """The gateway's program with other arguments, to its end."""
    done = subprocess.run([f"{BIN}/genapi-gateway", *arguments], capture_output=True, text=True, timeout=60, **options)
    return done.returncode, done.stdout, done.stderr


def read(path):
    with open(os.path.join(ROOT, path)) as file:
        return file.read()


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
