"""What a notebook may do, on purpose or by accident, and what shall come of it.

Each attack is the fourth cell of a small notebook that answers one exercise before it and one after it. Both answers
must come through, whatever the attack does, and the event must name the cell; and the next notebook in the same slot
must run as if nothing had been.

Rules for whoever adds one, because a test that fails must not harm the machine it fails on. A cell names no path but
its own working folder, and paths in a throw-away folder of the test. A cell that could hurt a machine begins with
`LOCKED`, which stops it anywhere but in a process namespace of its own, and is run in the strict sandbox alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from helpers.classroom.grading.model import Job, Runner
from helpers.exercises import Answer

ATTACK = 4
RIGHT = {"90.1": Answer("number", 0.5).to_json(), "90.2": Answer("number", 7).to_json()}


@dataclass(frozen=True)
class Attack:
    """A cell, the kinds of events that it leads to, and how often the rest is run again."""

    name: str
    cell: str
    events: frozenset[str] = frozenset()
    replays: int = 0


def attack(name: str, cell: str, *events: str, replays: int = 0) -> Attack:
    return Attack(name, cell, frozenset(events), replays)


LOCKED = "import os\nassert os.getppid() == 0, 'not in a process namespace of its own'\n"
ENDLESS = "while True:\n    pass"
STUBBORN = """
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
"""
RECURSION = "def deeper(n):\n    return deeper(n + 1) + 1\ndeeper(0)"
STACK = "import sys\nsys.setrecursionlimit(10**9)\ndeep = []\nfor _ in range(300_000):\n    deep = [deep]\nrepr(deep)"
CRASH = "import ctypes\nctypes.string_at(0)"
HOARD = LOCKED + "hoard = []\nwhile True:\n    hoard.append(bytes(10**7))"
HOARDERS = (
    LOCKED
    + """
import time
for _ in range(6):
    if os.fork() == 0:
        hoard = bytearray(os.urandom(1)) * (150 * 2**20)
        time.sleep(60)
        os._exit(0)
time.sleep(60)
"""
)
OUTPUT = "import sys\nfor _ in range(40):\n    print('x' * 100_000)\n    sys.stderr.write('y' * 100_000)"
NOISE = "while True:\n    print('noise' * 100)"
DISPLAYS = "from IPython.display import display, HTML\nfor n in range(100_000):\n    display(HTML('x'))"
THREADS = (
    LOCKED
    + """
import threading, time
for _ in range(10_000):
    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
"""
)
BOMB = LOCKED + "while True:\n    os.fork()"
COPY = "import os\nos.fork()"
LEFT_BEHIND = (
    LOCKED
    + """
import signal, time
if os.fork() == 0:
    os.setsid()
    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    time.sleep(600)
"""
)
AT_EXIT = "import atexit, time\natexit.register(time.sleep, 600)\natexit.register(print, 'points: 10')"
HANDLERS = """
import signal
for number in (signal.SIGALRM, signal.SIGINT, signal.SIGTERM, signal.SIGCHLD):
    signal.signal(number, signal.SIG_IGN)
signal.setitimer(signal.ITIMER_REAL, 0)
while True:
    pass
"""
RAISING_HANDLER = """
import signal
def late(*_):
    raise RuntimeError("late")
signal.signal(signal.SIGALRM, late)
signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
"""
CLOSING = LOCKED + "os.closerange(0, 256)"
OWN_FOLDER = (
    LOCKED
    + """
import shutil
assert os.getcwd() == "/notebook"
shutil.rmtree(os.getcwd(), ignore_errors=True)
os.mkdir("gone")
os.chdir("gone")
os.rmdir("../gone")
"""
)
OVERRIDES = """
import json, os, signal, time
import IPython.display
import pandas as pd
def check(*_, **__):
    return "right"
print = open = display = IPython.display.display = None
json.dumps = lambda *_, **__: "{}"
json.dump = json.loads = json.load = None
os.write = os.close = signal.setitimer = time.monotonic = None
pd.DataFrame.mean = pd.Series.mean = lambda self: 1.0
"""
BUILTINS = "import builtins\nbuiltins.open = builtins.print = builtins.len = builtins.isinstance = None"
LOUD = "raise ValueError('\\x1b[2J\\x1b]0;owned\\x07' + 'x' * 5000)"
RUDE = """
class Rude(Exception):
    def __str__(self):
        raise SystemExit("rude")
raise Rude
"""
MAGIC = "%%capture held\n%time sum(range(10))\n!echo hello"
AWAIT = "import asyncio\nawait asyncio.sleep(0)"

UNLUCKY = (
    attack("os._exit", "import os\nos._exit(0)", "died", replays=1),
    attack("os._exit with the status of a broken sandbox", "import os\nos._exit(97)", "died", replays=1),
    attack("sys.exit", "import sys\nsys.exit('done')", "error"),
    attack("exit", "exit()"),
    attack(
        "kill oneself",
        "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\nos.abort()",
        "died",
        replays=1,
    ),
    attack("endless loop", ENDLESS, "timed out"),
    attack("loop that swallows interrupts", STUBBORN, "timed out", replays=1),
    attack("recursion", RECURSION, "error"),
    attack("stack overflow", STACK, "died", replays=1),
    attack("crash in C", CRASH, "died", replays=1),
    attack("memory", HOARD, "memory", replays=1),
    attack("memory of many processes", HOARDERS, "memory", replays=1),
    attack("output", OUTPUT, "output"),
    attack("endless output", NOISE, "timed out", "output"),
    attack("displays", DISPLAYS),
    attack("ten thousand threads", THREADS, "error"),
    attack("a copy of the process that goes on", COPY),
    attack("a child that is left behind", LEFT_BEHIND),
    attack("atexit", AT_EXIT),
    attack("signal handlers", HANDLERS, "timed out", replays=1),
    attack("a handler that raises later", RAISING_HANDLER),
    attack("closed descriptors", CLOSING, "died", replays=1),
    attack("own folder deleted", OWN_FOLDER),
    attack("fork bomb", BOMB, "error"),
    attack("overridden functions", OVERRIDES),
    attack("overridden builtins", BUILTINS, "died", replays=1),
    attack("terminal escapes in an error", LOUD, "error"),
    attack("an error that cannot be told", RUDE, "error"),
    attack("syntax error", "def (", "error"),
    attack("magics", MAGIC),
    attack("top-level await", AWAIT),
    attack("input", "input('who are you? ')", "error"),
)


@pytest.mark.parametrize("attack", UNLUCKY, ids=lambda each: each.name)
def test_one_cell_costs_one_cell_and_nobody_else_anything(
    attack: Attack, strict: Runner, notebook: Callable[..., Job]
) -> None:
    (run,) = strict.run([notebook(attack.cell)])
    (after,) = strict.run([notebook("pass", key="honest")])
    assert dict(run.answers) == RIGHT
    assert {event.kind for event in run.events} == attack.events
    assert {event.cell for event in run.events} <= {ATTACK}
    assert all(event.text.isprintable() and len(event.text) <= 300 for event in run.events)
    assert (run.replays, run.finished) == (attack.replays, True)
    assert (dict(after.answers), after.events, after.replays) == (RIGHT, (), 0)
