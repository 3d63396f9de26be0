"""Each program of the corpus: run, converted, run again, compared as a check compares (``diptych.checking``)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from types import TracebackType
from typing import Any

from preparation import implied, prepare, statements
from sources import Source

from diptych import convert
from diptych.checking.check_model import Verdict
from diptych.checking.execution import Step
from diptych.checking.rows import table
from diptych.checking.story import Story
from diptych.conversion.model import Conversion, Severity
from diptych.equivalence.model import Framework

_FORKED = Path(__file__).with_name("forked.py")


class Outcome(str, Enum):
    """What came of a program."""

    ORIGINAL_FAILS = "original-fails"  # as printed, or it needs a GPU, a download, another package
    REFUSED = "refused"  # with an error diagnostic
    CRASHED = "crashed"
    DIFFERS = "differs"
    EQUAL = "equal"
    NOTHING = "nothing"  # it ran, and has no value that could be compared


@dataclass(frozen=True)
class Result:
    """A program, its conversion, and what came of it; ``left_out`` counts statements that do not run as printed."""

    source: Source
    outcome: Outcome
    program: str
    converted: str
    detail: str
    left_out: int = 0

    def plain(self) -> dict[str, Any]:
        """For a file."""
        source = {"name": self.source.name, "framework": self.source.framework.value, "kind": self.source.kind}
        return {**source, **vars(self), "source": source, "outcome": self.outcome.value}


class Side:
    """A framework's process. Use it as a context manager."""

    def __init__(self, framework: Framework) -> None:
        self.framework = framework

    def __enter__(self) -> Side:
        self._process = subprocess.Popen(
            [sys.executable, str(_FORKED), self.framework.value],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""},
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()

    def ask(self, **request: Any) -> dict[str, Any]:
        """What the process answers."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def run(self, text: str) -> tuple[tuple[Step, ...], str]:
        """The steps of a program, and what ended it ("" for nothing)."""
        answer = self.ask(text=text)
        if "events" not in answer:
            return (), "it took too long" if answer.get("late") else "the process died"
        steps = tuple(
            Step(e["first"], e["last"], e["pass"], e["changed"], tuple(e["gone"]), e["random"], e["end"])
            for e in answer["events"]
            if e["type"] == "step"
        )
        end = next((e for e in answer["events"] if e["type"] == "end"), {"error": "no end"})
        return steps, end.get("error", "")


def measure(corpus: dict[Source, str]) -> list[Result]:
    """The result of every program."""
    with Side(Framework.PYTORCH) as torch, Side(Framework.MXNET) as mxnet:
        sides = {Framework.PYTORCH: torch, Framework.MXNET: mxnet}
        results = []
        for number, (source, text) in enumerate(corpus.items()):
            if sys.stderr.isatty():
                print(f"\r{number} of {len(corpus)} {source.name}", end="\033[K", file=sys.stderr)
            results.append(_measured(source, text, sides))
        return results


def _measured(source: Source, text: str, sides: dict[Framework, Side]) -> Result:
    own = sides[source.framework]
    every = statements(text)
    setup = implied(text, source.framework, source.name)
    failing = own.ask(setup=setup, statements=every).get("failing", {}) if every else {}
    program = prepare(text, source.framework, source.name, frozenset(map(int, failing)))
    converted = convert(program, to=source.framework.other)
    errors = [found.message for found in converted.diagnostics if found.severity is Severity.ERROR]

    def result(outcome: Outcome, detail: object) -> Result:
        return Result(source, outcome, program, converted.code, str(detail), len(failing))

    if not every or len(failing) == len(every):
        return result(Outcome.ORIGINAL_FAILS, failing)
    ours, problem = own.run(program)
    if problem:
        return result(Outcome.ORIGINAL_FAILS, problem)
    if errors:
        return result(Outcome.REFUSED, "\n".join(errors))
    theirs, problem = sides[source.framework.other].run(converted.code)
    if problem:
        return result(Outcome.CRASHED, problem)
    return result(*_compared(program, converted, ours, theirs))


def _compared(program: str, converted: Conversion, ours: Iterable[Step], theirs: Iterable[Step]) -> tuple[Outcome, str]:
    rows = table(program, converted, Story(tuple(ours)), Story(tuple(theirs))).rows
    apart = [
        f"{row.name}: {row.original} and {row.converted} {row.note}" for row in rows if row.verdict is Verdict.DIFFERS
    ]
    if apart:
        return Outcome.DIFFERS, "\n".join(apart)
    some = any(row.verdict in (Verdict.EQUAL, Verdict.CLOSE) for row in rows)
    return (Outcome.EQUAL if some else Outcome.NOTHING), ""
