"""`genapi-gateway --config` with the example's configuration as a process of its own."""
import os
import resource
import subprocess
import tempfile
import threading
import urllib.error
import urllib.request

from support.programs import BIN, ROOT
from support.tokens import SECRET


class Server:
    """`genapi-gateway --config` as a process of its own, on ports the system chose."""

    def __init__(self, *options, anonymous=False, more="", environment={}, descriptors=None, reads_log=True):
        with open(f"{ROOT}/examples/gateway.toml") as file:
            text = file.read()
        self.file = tempfile.NamedTemporaryFile("w", suffix=".toml", delete=False)
        self.write(text + more)
        self.text = text
        set_here = {
            "GENAPI_WEBSOCKET_LISTEN": "127.0.0.1:0", "GENAPI_TELEMETRY_LISTEN": "127.0.0.1:0",
            "GENAPI_LOG_LEVEL": "error"} | environment
        if not anonymous:
            set_here |= {"GENAPI_AUTH_MODE": "jwt", "GENAPI_AUTH_SECRET": SECRET}
        self.process = subprocess.Popen(
            [f"{BIN}/genapi-gateway", "--config", self.file.name, *options],
            env=os.environ | set_here | environment,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            preexec_fn=descriptors and (
                lambda: resource.setrlimit(
                    resource.RLIMIT_NOFILE,
                    descriptors if isinstance(descriptors, tuple) else (descriptors, descriptors))))
        self.addresses = {}
        while "metrics" not in self.addresses:
            line = self.process.stdout.readline()
            if not line:
                raise AssertionError(f"the server ended with {self.process.wait()}: {self.process.stderr.read()}")
            name, address = line.split()
            self.addresses[name] = address
        self.url = self.addresses["websocket"]
        self.errors = []
        self.log_reader = threading.Thread(target=lambda: self.errors.extend(self.process.stderr), daemon=True)
        if reads_log:
            self.log_reader.start()

    def whole_log(self):
        """All lines, once the server has ended."""
        self.log_reader.join(10)
        return self.errors

    def write(self, text):
        with open(self.file.name, "w") as file:
            file.write(text)

    def resident(self):
        with open(f"/proc/{self.process.pid}/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")

    def get(self, name, accept=""):
        url = self.addresses.get(name) or self.addresses["metrics"].rsplit("/", 1)[0] + "/" + name
        request = urllib.request.Request(url, headers={"Accept": accept} if accept else {})
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        if os.path.exists(self.file.name):
            os.unlink(self.file.name)
