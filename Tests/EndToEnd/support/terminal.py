"""A shell in a tmux pane of its own, and the dashboard in it."""
import array
import fcntl
import os
import re
import subprocess
import tempfile
import termios
import time

from support.checks import contains, same
from support.programs import TOP


# Of this process alone, so that tests run beside each other.
TMUX_SOCKET = f"genapi-top-test-{os.getpid()}"
WORK = os.path.join(tempfile.gettempdir(), TMUX_SOCKET)


def environment(**more):
    clean = {k: v for k, v in os.environ.items() if k not in ("TMUX", "TMUX_PANE", "NO_COLOR", "GENAPI_TOKEN")}
    clean.update(LANG="C.UTF-8", LC_ALL="C.UTF-8", XDG_CONFIG_HOME=os.path.join(WORK, "config"), PS1="ready> ")
    clean.update(more)
    return clean


def run_top(*arguments, timeout=30, stdin=None, **more):
    """Runs the program without a terminal."""
    return subprocess.run([TOP, *arguments], capture_output=True, text=True, timeout=timeout, env=environment(**more),
                          stdin=stdin or subprocess.DEVNULL)


class Patience:
    """How long a wait lasts at least: beside other tests a program may be slow, which is no fault of it."""
    least = 20

    @classmethod
    def of(cls, within):
        return max(within, cls.least)


def ends(process, within=5):
    process.terminate()
    try:
        process.wait(Patience.of(within))
    except subprocess.TimeoutExpired:
        process.kill()
        raise AssertionError("the process did not end when asked to")


def quietly(function):
    try:
        function()
    except (OSError, ValueError):
        pass


class Screen:
    """A shell in a tmux pane of its own, and the program in it."""

    count = 0

    def __init__(self, width=120, height=36, term="xterm-256color", **more):
        Screen.count += 1
        self.name = f"s{Screen.count}"
        variables = [word for name, value in more.items() for word in ("-e", f"{name}={value}")]
        self.tmux("new-session", "-d", "-s", self.name, "-x", str(width), "-y", str(height), *variables,
                  "bash", "--norc", "--noprofile")
        self.tmux("set-option", "-t", self.name, "status", "off")
        self.resize(width, height)
        self.type(f"export TERM={term}; stty -ixon; echo at your service")
        self.wait_for("(?m)^at your service$")

    @staticmethod
    def tmux(*arguments, env=None):
        done = subprocess.run(["tmux", "-L", TMUX_SOCKET, "-f", "/dev/null", *arguments], capture_output=True,
                              text=True, env=env or environment())
        if done.returncode:
            raise AssertionError(f"tmux {arguments[0]}: {done.stderr.strip()}")
        return done.stdout

    def type(self, line, into="bash"):
        """Types a line for the shell, once it reads: a program that is still on its way out would take it."""
        deadline = time.time() + Patience.of(10)
        while self.flag("pane_current_command") != into:
            if time.time() > deadline:
                raise AssertionError(f"{into} does not read:\n{self.text()}")
            time.sleep(0.02)
        self.literally(line)
        self.keys("Enter")

    def keys(self, *keys):
        """What follows Escape at once is a key with Alt: nobody types so fast."""
        while "Escape" in keys:
            count = keys.index("Escape") + 1
            self.tmux("send-keys", "-t", self.name, *keys[:count])
            self.wait_until_read()
            time.sleep(0.25 if Patience.least else 0.1)
            keys = keys[count:]
        if keys:
            self.tmux("send-keys", "-t", self.name, *keys)

    def wait_until_read(self, within=5):
        """Until the program has taken what was typed: one that is slow would read what is typed later along with it."""
        deadline = time.time() + Patience.of(within)
        waiting = array.array("i", [1])
        terminal = os.open(self.flag("pane_tty"), os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK)
        try:
            while waiting[0] and time.time() < deadline:
                fcntl.ioctl(terminal, termios.FIONREAD, waiting)
                time.sleep(0.005 if waiting[0] else 0)
        finally:
            os.close(terminal)

    def literally(self, text):
        self.tmux("send-keys", "-t", self.name, "-l", text)

    def click(self, column, row):
        """As a terminal reports it: a press and a release."""
        for end in "Mm":
            self.literally(f"\x1b[<0;{column + 1};{row + 1}{end}")

    def resize(self, width, height):
        self.tmux("resize-window", "-t", self.name, "-x", str(width), "-y", str(height))

    def text(self, colours=False):
        return self.tmux("capture-pane", "-p", *(["-e"] if colours else []), "-t", self.name)

    def lines(self):
        return self.text().split("\n")

    def flag(self, name):
        return self.tmux("display-message", "-p", "-t", self.name, f"#{{{name}}}").strip()

    # The program's name gives way in the header when there is more to tell, as when an alert fires meanwhile.
    def start(self, *arguments, expect=r"genapi-top|\d+/\d+ gateway", within=10):
        self.type(" ".join([TOP, *arguments]))
        deadline = time.time() + Patience.of(within)
        while self.flag("alternate_on") != "1":
            if time.time() > deadline:
                raise AssertionError(f"no screen came up:\n{self.text()}")
            time.sleep(0.05)
        self.wait_for(expect, within=max(1, deadline - time.time()))

    def wait_for(self, pattern, within=8.0):
        """Waits until the screen matches; returns the seconds it took."""
        within = Patience.of(within)
        begun = time.time()
        while True:
            shown = self.text()
            if re.search(pattern, shown):
                return time.time() - begun
            if time.time() - begun > within:
                raise AssertionError(f"/{pattern}/ did not come within {within:.0f} s:\n{shown}")
            time.sleep(0.02)

    def shows(self, *patterns, within=3.0):
        """Waits for one look at the screen that has all of these, and returns it: a look may find a frame half drawn."""
        deadline = time.time() + Patience.of(within)
        while True:
            shown = self.text()
            missing = [pattern for pattern in patterns if not re.search(pattern, shown)]
            if not missing:
                return shown
            if time.time() > deadline:
                raise AssertionError(f"/{missing[0]}/ is not in:\n{shown}")
            time.sleep(0.02)

    def wait_until_gone(self, pattern, within=8.0):
        within = Patience.of(within)
        begun = time.time()
        while re.search(pattern, self.text()):
            if time.time() - begun > within:
                raise AssertionError(f"/{pattern}/ was still there after {within:.0f} s:\n{self.text()}")
            time.sleep(0.02)

    def pid(self):
        shell = self.flag("pane_pid")
        children = subprocess.run(["pgrep", "-P", shell], capture_output=True, text=True).stdout.split()
        if not children:
            raise AssertionError(f"the program does not run:\n{self.text()}")
        return int(children[0])

    def modes(self):
        """The terminal's modes as the shell's child sees them; the window's size is no mode."""
        path = os.path.join(WORK, f"stty-{self.name}")
        if os.path.exists(path):
            os.remove(path)
        self.type(f"stty -a > {path}.new; mv {path}.new {path}")
        deadline = time.time() + Patience.of(5)
        while not os.path.exists(path):
            if time.time() > deadline:
                raise AssertionError(f"the shell does not answer:\n{self.text()}")
            time.sleep(0.02)
        with open(path) as file:
            return re.sub(r"rows \d+; columns \d+;", "", file.read())

    def is_given_back(self, modes, within=5):
        deadline = time.time() + Patience.of(within)
        while self.flag("alternate_on") != "0":
            if time.time() > deadline:
                raise AssertionError(f"the alternate screen is still on:\n{self.text()}")
            time.sleep(0.02)
        same(self.modes(), modes, "the terminal's modes")
        same(self.flag("cursor_flag"), "1", "the cursor is visible")
        same(self.flag("mouse_any_flag"), "0", "mouse reports are on")
        same(self.flag("keypad_flag"), "0", "the keypad's application mode is on")

    def close(self):
        try:
            self.tmux("kill-session", "-t", self.name)
        except AssertionError:
            pass


def has_no_debris(screen, width, height, within=10):
    """The whole screen of that size is drawn, as soon as it is."""
    until = time.time() + Patience.of(within)
    while True:
        try:
            return check_debris(screen, width, height)
        except AssertionError:
            if time.time() > until:
                raise
        time.sleep(0.05)


def check_debris(screen, width, height):
    lines = screen.lines()[:height]
    contains(lines[0], "genapi-top|live|●")
    contains(lines[-1], "Help|Quit")
    for number, line in enumerate(lines):
        if len(line) > width:
            raise AssertionError(f"line {number} is {len(line)} wide at {width}x{height}:\n{line}")
    borders = [line for line in lines if line.startswith(("╭", "╰"))]
    if not borders:
        raise AssertionError(f"no pane at {width}x{height}:\n{screen.text()}")
    for line in borders:
        if len(line.rstrip()) != width:
            raise AssertionError(f"a border is {len(line.rstrip())} wide at {width}x{height}:\n{line}")
