"""Runs inside a framework's own interpreter: each program in a fork of the process, so that the import is paid once.

Started as a file with the framework as its argument. A request is one JSON object a line: ``text`` to run as a check
runs it (``diptych.checking.traced``), or ``setup`` and ``statements``, of which to tell those that fail as printed.
It answers with one line: the events, or ``failing``; ``late`` where it took too long, ``died`` where the fork ended.
"""

from __future__ import annotations

import importlib
import itertools
import json
import os
import select
import signal
import sys
import tempfile
from typing import Any

_SECONDS = 40
_BATCHES = 4  # of a loader, that are taken


def main() -> None:
    """Answer requests until standard input ends."""
    framework = sys.argv[1]
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path = [entry for entry in sys.path if os.path.abspath(entry or ".") != here]
    sys.argv = ["program"]
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    importlib.import_module("diptych.runtime").enable_shims()
    module = importlib.import_module("torch" if framework == "pytorch" else "mxnet")
    if framework == "pytorch":
        importlib.import_module("torchvision")
        module.set_num_threads(1)
        shorten(module.utils.data.DataLoader)
    else:
        shorten(module.gluon.data.DataLoader)
    for line in sys.stdin:
        channel.write(json.dumps(answer(framework, json.loads(line))) + "\n")
        channel.flush()


def shorten(loader: Any) -> None:
    """A loader gives a few batches: training on all of a data set shows no more than on these."""
    every = loader.__iter__
    loader.__iter__ = lambda self: itertools.islice(every(self), _BATCHES)


def answer(framework: str, request: dict[str, Any]) -> dict[str, Any]:
    """What a fork of this process says."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        with os.fdopen(writing, "w", encoding="utf-8") as out, tempfile.TemporaryDirectory() as folder:
            os.makedirs(f"{folder}/a/b")
            os.chdir(f"{folder}/a/b")
            json.dump(perform(framework, request), out)
        os._exit(0)
    os.close(writing)
    text, late = read(reading)
    os.kill(child, signal.SIGKILL) if late else None
    os.waitpid(child, 0)
    if late:
        return {"late": True}
    return json.loads(text) if text.endswith(b"}") else {"died": True}


def read(reading: int) -> tuple[bytes, bool]:
    """All that comes, and whether it was not all within the time."""
    parts = []
    while select.select([reading], [], [], _SECONDS)[0]:
        part = os.read(reading, 1 << 20)
        if not part:
            os.close(reading)
            return b"".join(parts), False
        parts.append(part)
    os.close(reading)
    return b"".join(parts), True


def perform(framework: str, request: dict[str, Any]) -> dict[str, Any]:
    """In the fork: run a program and gather its events, or try statements one by one."""
    if "statements" in request:
        return {"failing": failing(request["setup"], request["statements"])}
    program = importlib.import_module("diptych.checking.traced.program")
    events: list[dict[str, Any]] = []
    program.run(program.Job(request["text"], framework), events.append)
    return {"events": [event for event in events if event["type"] != "at"]}


def failing(setup: str, statements: list[str]) -> dict[str, str]:
    """The numbers of the statements that raise, and what they say."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    found = {}
    exec(compile(setup, "<setup>", "exec"), namespace)
    for number, statement in enumerate(statements):
        try:
            exec(compile(statement, "<statement>", "exec"), namespace)
        except BaseException as error:  # noqa: BLE001 - whatever ends a statement
            found[str(number)] = f"{type(error).__name__}: {error}"[:200]
    return found


if __name__ == "__main__":
    main()
