"""Terminals: colours, clicks, signals, and that they are given back."""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import threading
import time

import pytest

from support.checks import contains, lacks, same, wait_for
from support.ports import free_port
from support.programs import TOP
from support.terminal import Patience, ends, environment, has_no_debris, quietly


def named(value):
    """How a test of a signal is called; real-time signals have a number only."""
    return getattr(value, "name", str(value))


PANES = ["Requests", "Latency", "Rate limits", "Circuits", "Configs", "Relay", "Events"]


@pytest.mark.parametrize("more, arguments", [(dict(NO_COLOR="1"), ()), ({}, ("--no-color",))], ids=["NO_COLOR", "option"])
def test_no_color(start_gateway, open_screen, more, arguments):
    """NO_COLOR and --no-color leave no colour on the screen."""
    screen = open_screen(**more)
    screen.start(start_gateway().address, *arguments)
    screen.wait_for("order_service", within=3)
    lacks(screen.text(colours=True), "\x1b\\[[0-9;]*(38|48|3[0-7]|4[0-7])[;m]")


@pytest.mark.parametrize("term, more, pattern", [
    ("xterm-256color", dict(COLORTERM="truecolor"), r"\[38;2;|;38;2;|48;2;"),
    ("tmux-256color", {}, r"[34]8;5;"), ("xterm", {}, r"\x1b\[[0-9;]*3[0-7]m")], ids=["24 bits", "256", "8"])
def test_colours(start_gateway, open_screen, term, more, pattern):
    """24-bit colours where the terminal takes them, 256 and 8 elsewhere."""
    screen = open_screen(term=term, **more)
    # In a terminal of its own, as far as the program can see.
    screen.type("unset TMUX")
    screen.start(start_gateway().address)
    screen.wait_for("order_service", within=3)
    contains(screen.text(colours=True), pattern)


def test_clicks_and_themes(watch):
    """Clicks focus, pick and run hints, the wheel scrolls, and t changes the colours."""
    gateway, screen = watch()
    # SGR mouse reports, as a terminal sends them: a press on the circuits pane.
    lines = screen.shows("4 Circuits", ":Commands").split("\n")
    row = next(number for number, line in enumerate(lines) if "4 Circuits" in line)
    column = lines[row].index("4 Circuits")
    before = screen.text(colours=True)
    screen.click(column + 1, row + 2)
    screen.keys("z")
    screen.wait_until_gone("1 Requests", within=2)
    screen.shows("4 Circuits")
    screen.keys("z")
    # A click on a hint, one on a line of the palette, one beside a dialog.
    lines = screen.shows("1 Requests", ":Commands").split("\n")
    row = next(number for number, line in enumerate(lines) if ":Commands" in line)
    screen.click(lines[row].index(":Commands") + 1, row)
    lines = screen.shows("focus-next", " help .*Show every key").split("\n")
    row = next(number for number, line in enumerate(lines) if " help " in line and "Show every key" in line)
    screen.click(lines[row].index("help"), row)
    screen.wait_for("type to search", within=2)
    screen.click(0, 1)
    screen.wait_until_gone("type to search", within=2)
    screen.keys("t")
    screen.wait_for("theme ", within=2)
    if screen.text(colours=True).split("1 Requests")[0] == before.split("1 Requests")[0]:
        raise AssertionError("the colours are the same")


CRASHES = [signal.SIGSEGV, signal.SIGTRAP, signal.SIGILL, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE]
DEATHS = [signal.SIGUSR1, signal.SIGUSR2, signal.SIGXCPU, signal.SIGQUIT, signal.SIGALRM, signal.SIGRTMIN + 1]


@pytest.mark.parametrize("how", ["q", signal.SIGTERM, signal.SIGHUP, signal.SIGINT, *DEATHS, *CRASHES], ids=named)
def test_the_terminal_is_given_back(open_screen, how):
    """Whatever ends the program, the terminal is given back."""
    screen = open_screen(width=100, height=30)
    modes = screen.modes()
    screen.start(f"127.0.0.1:{free_port()}")
    same(screen.flag("cursor_flag"), "0", "the cursor is visible while drawing")
    if how == "q":
        screen.keys("q")
    else:
        os.kill(screen.pid(), how)
    screen.is_given_back(modes)
    if how in CRASHES:
        screen.shows(rf"genapi-top crashed \({how.name}, .*\) while it", "Please report this")
    else:
        lacks(screen.text(), "crashed")


HARMLESS = {signal.SIGKILL, signal.SIGSTOP, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU, signal.SIGCONT,
            signal.SIGCHLD, signal.SIGURG, signal.SIGWINCH, signal.SIGPIPE, signal.SIGXFSZ}
ORDERLY = {signal.SIGTERM, signal.SIGHUP, signal.SIGINT}


def drain(leader):
    while os.read(leader, 65536):
        pass


@pytest.mark.parametrize("number", sorted(signal.valid_signals() - HARMLESS), ids=named)
def test_deadly_signals(number):
    """Every signal that ends a process ends the program as itself, and only after the terminal is given back."""
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    before = termios.tcgetattr(follower)
    process = subprocess.Popen([TOP, f"127.0.0.1:{free_port()}"], stdin=follower, stdout=follower,
                               stderr=subprocess.DEVNULL, env=environment(TERM="xterm-256color"),
                               start_new_session=True)
    seen = b""
    deadline = time.time() + 15
    # The first frame is there, so the terminal is the program's.
    while b"\x1b[?1049h" not in seen or len(seen) < 500:
        if not select.select([leader], [], [], 1)[0] and time.time() > deadline:
            process.kill()
            raise AssertionError(f"no first frame, only {seen[-200:]}")
        seen += os.read(leader, 65536) if select.select([leader], [], [], 0)[0] else b""
    os.kill(process.pid, number)
    # What it still writes is read, so that nothing holds it up.
    reader = threading.Thread(target=quietly, args=(lambda: drain(leader),), daemon=True)
    reader.start()
    try:
        code = process.wait(15)
    except subprocess.TimeoutExpired:
        with open(f"/proc/{process.pid}/status") as status:
            state = " ".join(line.strip() for line in status if re.match("State|Sig|Shd", line))
        process.kill()
        raise AssertionError(f"it still runs 15 s after the signal: {state}")
    same(code, 128 + number if number in ORDERLY else -number, "exit code")
    same(termios.tcgetattr(follower), before, "the modes")
    os.close(follower)
    # It ends with the last user of the other side; else it would read from the next descriptor of this number.
    reader.join(5)
    os.close(leader)


def test_the_code_of_a_crash(folder):
    """A crash ends with the signal's code, whatever the last words are written to."""
    leader, follower = pty.openpty()
    with open(os.path.join(folder, "last-words"), "w+") as words:
        process = subprocess.Popen([TOP, f"127.0.0.1:{free_port()}"], stdin=follower, stdout=follower, stderr=words,
                                   env=environment(TERM="xterm-256color"), start_new_session=True)
        os.close(follower)
        seen = b""
        while b"[?1049h" not in seen or b"Connections" not in seen:
            seen += os.read(leader, 65536)
        os.kill(process.pid, signal.SIGTRAP)
        same(process.wait(Patience.of(5)), -signal.SIGTRAP, "exit code")
        words.seek(0)
        contains(words.read(), "crashed \\(SIGTRAP")
    os.close(leader)


def comes_back_and_ends(screen, modes):
    screen.type("fg")
    screen.wait_for("refused|nobody")
    same(screen.flag("alternate_on"), "1", "the alternate screen")
    screen.keys("q")
    screen.is_given_back(modes)


def test_suspended(open_screen):
    """Ctrl-Z gives the terminal to the shell, fg brings the screen back."""
    screen = open_screen(width=100, height=30)
    modes = screen.modes()
    screen.start(f"127.0.0.1:{free_port()}")
    screen.keys("C-z")
    screen.wait_for("Stopped")
    screen.is_given_back(modes)
    comes_back_and_ends(screen, modes)


def status(pid, name):
    with open(f"/proc/{pid}/status", encoding="utf-8") as lines:
        return next(line.split()[1] for line in lines if line.startswith(f"{name}:"))


def is_stopped(pid):
    return status(pid, "State") == "T"


def gone_on(pid):
    """How often it has waited: more than before once it has run."""
    return int(status(pid, "voluntary_ctxt_switches")) + int(status(pid, "nonvoluntary_ctxt_switches"))


@pytest.mark.parametrize("resume", ["bg", "kill -CONT %1"])
def test_continued_in_the_background(open_screen, resume):
    """What is continued without the terminal leaves it to the shell, cursor and all, and fg brings the screen back."""
    screen = open_screen(width=100, height=30)
    modes = screen.modes()
    screen.start(f"127.0.0.1:{free_port()}")
    screen.keys("C-z")
    screen.wait_for("Stopped")
    for number in range(2):
        went = gone_on(screen.pid())
        screen.type(resume)
        wait_for("it has gone on, and stopped itself", lambda: gone_on(screen.pid()) > went and is_stopped(screen.pid()))
        screen.type(f"echo number {number} is written")
        screen.wait_for(f"\nnumber {number} is written")
        screen.is_given_back(modes)
    comes_back_and_ends(screen, modes)


@pytest.mark.parametrize("stop, end", [("C-z", "kill %1"), ("C-z", "kill -HUP %1"), ("C-z", "bg; kill %1"), ("STOP", "kill %1")])
def test_ended_while_stopped(open_screen, stop, end):
    """A stopped dashboard ends when it is told to, without fg, and the shell has its screen and its cursor."""
    screen = open_screen(width=100, height=30)
    modes = screen.modes()
    screen.start(f"127.0.0.1:{free_port()}")
    pid = screen.pid()
    if stop == "STOP":
        os.kill(pid, signal.SIGSTOP)
    else:
        screen.keys(stop)
    screen.wait_for("Stopped")
    screen.type(end)
    wait_for("it ends", lambda: not os.path.exists(f"/proc/{pid}"))
    screen.is_given_back(modes)
    screen.type("echo the-end")
    screen.wait_for("\nthe-end")


@pytest.mark.parametrize("stop", ["Ctrl-Z", "kill -TSTP"])
def test_suspended_and_resized(start_gateway, open_screen, stop):
    """A terminal that has another size after fg is drawn whole in that size, however the dashboard was stopped."""
    screen = open_screen(width=100, height=30)
    screen.start(start_gateway().address)
    screen.wait_for("order_service")
    for width, height in [(80, 24), (118, 33)]:
        if stop == "Ctrl-Z":
            screen.keys("C-z")
        else:
            os.kill(screen.pid(), signal.SIGTSTP)
        screen.wait_for("Stopped")
        screen.resize(width, height)
        screen.type("fg")
        screen.wait_for("order_service")
        has_no_debris(screen, width, height)
    screen.keys("q")


def test_suspended_and_ended(open_screen):
    """What the shell wrote while the dashboard was stopped stays above the prompt when it is continued and ends; one takes the screen over once."""
    screen = open_screen(width=100, height=30)
    screen.start(f"127.0.0.1:{free_port()}")
    for _ in range(2):
        screen.keys("C-z")
        screen.wait_for("Stopped")
        screen.type("echo written-by-the-shell")
        screen.wait_for("\nwritten-by-the-shell")
        screen.type("fg")
        screen.wait_for("refused|nobody")
        same(screen.flag("alternate_on"), "1", "the alternate screen")
    screen.keys("q")
    screen.wait_for("written-by-the-shell")
    screen.type("echo the-end")
    # The prompt after it, too: the last line but one is what is looked at.
    screen.wait_for("\nthe-end *\nready>")
    lines = [line.rstrip() for line in screen.text().splitlines() if line.strip()]
    same(len([line for line in lines if line == "written-by-the-shell"]), 2, "lines of the shell")
    same(lines[-2], "the-end", "the last line")


def test_stopped(open_screen):
    """After kill -STOP and fg every key is read as before."""
    screen = open_screen(width=100, height=30)
    modes = screen.modes()
    screen.start(f"127.0.0.1:{free_port()}")
    for _ in range(2):
        os.kill(screen.pid(), signal.SIGSTOP)
        screen.wait_for("Stopped")
        screen.type("fg")
        screen.wait_for("refused|nobody")
        # A key that no newline follows is read only in raw mode.
        screen.keys("?")
        screen.wait_for("type to search", within=3)
        screen.keys("Escape")
        screen.wait_until_gone("type to search", within=3)
        same(screen.flag("mouse_sgr_flag"), "1", "reports of clicks")
        same(screen.flag("alternate_on"), "1", "the alternate screen")
    screen.keys("q")
    screen.is_given_back(modes)


def test_exported_size(start_gateway, open_screen):
    """The terminal's own size outranks COLUMNS and LINES."""
    screen = open_screen(width=130, height=40, COLUMNS="70", LINES="20")
    gateway = start_gateway()
    screen.type("export COLUMNS=70 LINES=20")
    screen.start(gateway.address)
    screen.wait_for("order_service", within=3)
    has_no_debris(screen, 130, 40)


@pytest.mark.parametrize("term", ["xterm-256color", "screen-256color", "screen", "tmux-256color", "linux"])
def test_clicks_beyond_column_223(start_gateway, open_screen, term):
    """Clicks are seen beyond column 223 whatever TERM says."""
    screen = open_screen(width=260, height=40, term=term)
    # The console has no alternate screen to wait for.
    screen.type(f"{TOP} {start_gateway().address}")
    screen.wait_for("order_service", within=5)
    # The font of the console has no such corners.
    # The pane at the right edge: the last of a row of titles, that has not the focus already.
    title = rf"[╭+]\d ({'|'.join(PANES)})"
    shown = screen.shows(rf"{title}.*[╭+]\d (?!Requests)", "Quit")
    same("╭" in shown, term != "linux", "corners of more than ASCII")
    same(screen.flag("mouse_sgr_flag"), "1", "clicks as decimal numbers")
    row, name = next((n, names[-1]) for n, names in enumerate(re.findall(title, line) for line in shown.split("\n"))
                     if len(names) > 1 and names[-1] != "Requests")
    screen.click(250, row + 2)
    screen.keys("z")
    screen.wait_until_gone(r"[╭+]\d Requests", within=2)
    screen.shows(rf"[╭+]\d {name}")
    same([pane for pane in PANES if re.search(rf"[╭+]\d {pane}", screen.text())], [name], "the panes that are left")


def test_escape_and_more(watch):
    """Esc directly followed by a click is both; directly followed by an arrow it is that key with Alt, which does nothing."""
    gateway, screen = watch()
    lines = screen.shows("4 Circuits").split("\n")
    row = next(number for number, line in enumerate(lines) if "4 Circuits" in line)
    column = lines[row].index("4 Circuits")
    screen.keys("?")
    screen.wait_for("type to search", within=2)
    screen.literally(f"\x1b\x1b[<0;{column + 2};{row + 3}M")
    screen.wait_until_gone("type to search", within=2)
    screen.keys("?")
    screen.wait_for("type to search", within=2)
    screen.literally("\x1b\x1b[B")
    screen.keys("C-l")
    screen.shows("type to search")
    screen.keys("Escape")
    screen.wait_until_gone("type to search", within=2)
    # The click has moved the focus, behind the dialog.
    screen.keys("z")
    screen.wait_until_gone("1 Requests", within=2)
    screen.shows("4 Circuits")


def test_pasting(watch):
    """Pasted text is text: a newline or a q in it runs nothing."""
    gateway, screen = watch()
    screen.tmux("set-buffer", "-b", "paste", "z\nq\n:quit\n")
    screen.tmux("paste-buffer", "-p", "-b", "paste", "-t", screen.name)
    screen.wait_for("nothing takes text here", within=3)
    screen.shows("1 Requests", "4 Circuits")
    screen.keys("/")
    screen.tmux("set-buffer", "-b", "paste", "service:user_*\n")
    screen.tmux("paste-buffer", "-p", "-b", "paste", "-t", screen.name)
    screen.wait_until_gone("order_service", within=3)
    # Still being edited.
    screen.shows(r"Enter keeps")
    screen.keys("Escape")
    screen.wait_for("order_service", within=3)


def test_gnu_screen(start_gateway, open_screen, folder):
    """GNU screen gets 256 colours, and its clicks work."""
    gateway = start_gateway()
    screen = open_screen(width=120, height=36)
    screen.type(f"unset TMUX; SCREENDIR={folder}/screens screen -T screen -c /dev/null -q bash --norc --noprofile")
    # It clears the terminal for the shell within it.
    screen.wait_for(r"\A\s*ready>\s*\Z")
    screen.type(f"PS1='inside> '; echo $TERM; {TOP} {gateway.address}", into="screen")
    screen.wait_for("order_service", within=6)
    contains(screen.text(colours=True), r"[34]8;5;")
    screen.keys("z")
    screen.wait_until_gone("4 Circuits", within=3)
    screen.keys("q")
    screen.wait_for("inside>", within=3)
    screen.type("exit", into="screen")


@pytest.mark.parametrize("at_first", [False, True], ids=["later", "at first"])
@pytest.mark.parametrize("columns, rows", [(65535, 36), (120, 65535), (65535, 65535), (5000, 5000)])
def test_a_huge_terminal(columns, rows, at_first):
    """A terminal that claims a huge size, at first or later, neither ends the program nor takes its memory, and it hears keys."""
    def resize(height, width):
        fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
    leader, follower = pty.openpty()
    resize(*((rows, columns) if at_first else (36, 120)))
    process = subprocess.Popen([TOP, f"127.0.0.1:{free_port()}"], stdin=follower, stdout=follower,
                               stderr=subprocess.DEVNULL, env=environment(TERM="xterm-256color"),
                               start_new_session=True)
    threading.Thread(target=quietly, args=(lambda: drain(leader),), daemon=True).start()
    time.sleep(2)
    resize(rows, columns)
    os.kill(process.pid, signal.SIGWINCH)
    time.sleep(2)
    # The shell continues what it stopped: then ncurses takes the terminal over anew.
    os.kill(process.pid, signal.SIGCONT)
    time.sleep(1)
    same(process.poll(), None, "it has ended")
    with open(f"/proc/{process.pid}/statm") as pages:
        resident = int(pages.read().split()[1]) * 4 // 1024
    os.write(leader, b"q")
    try:
        same(process.wait(10), 0, "exit code")
    except subprocess.TimeoutExpired:
        process.kill()
        raise AssertionError("it does not hear q")
    if resident > 300:
        raise AssertionError(f"{resident} MB resident")


def test_a_file_that_may_not_grow(start_gateway, tmp_path):
    """A limit of a file's size is told as a file that cannot be written; the signal ended the program without a word."""
    gateway = start_gateway()
    taken = subprocess.run(["bash", "-c", 'ulimit -f 1; exec "$0" --once --json "$1" >"$2"', TOP, gateway.address,
                            str(tmp_path / "state.json")], capture_output=True, timeout=60)
    same(taken.returncode, 1, taken.stderr)
    contains(taken.stderr.decode(), "File too large|cannot be written")


def test_a_stuck_terminal():
    """A terminal that is stuck does not keep a signal from ending the program."""
    leader, follower = pty.openpty()
    process = subprocess.Popen([TOP, f"127.0.0.1:{free_port()}"], stdin=follower, stdout=follower, stderr=follower,
                               env=environment(TERM="xterm-256color"), start_new_session=True)
    os.close(follower)
    time.sleep(2)  # nobody reads what it draws
    same(process.poll(), None, "it has ended already")
    ends(process, within=5)
    os.close(leader)


def test_the_terminal_goes_away():
    """When the terminal goes away the program ends."""
    leader, follower = pty.openpty()
    process = subprocess.Popen([TOP, f"127.0.0.1:{free_port()}"], stdin=follower, stdout=follower, stderr=follower,
                               env=environment(TERM="xterm-256color"), start_new_session=True)
    os.close(follower)
    time.sleep(1)
    same(process.poll(), None, "it has ended already")
    os.close(leader)
    try:
        process.wait(Patience.of(5))
    except subprocess.TimeoutExpired:
        process.kill()
        raise AssertionError("it still runs")
