"""Converts texts of every kind without executing them, and holds what has to be true of any text.

Nothing raises, nothing takes longer than its size allows, what parsed still parses, plain lines stay byte for byte,
converting again changes nothing, and a hover answers anywhere. ``python tests/conversion/fuzz_text.py --inputs 100000``
uses every core; a seed makes its text again.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import signal
import sys
import traceback
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import Pool

from rich.progress import track
from texts import Text
from texts import text as some_text

from diptych import convert, lookup
from diptych.conversion.model import DialectChoice, Severity
from diptych.equivalence.model import Framework

DIALECTS: tuple[DialectChoice, ...] = ("nd", "np", "auto")
_LOOKUPS = 4
_SECONDS, _SECONDS_A_CHARACTER = 3.0, 0.001  # of processor time, for all that is done with one text


@dataclass(frozen=True)
class Finding:
    """What does not hold of the text of a seed."""

    seed: int
    problem: str
    text: str


class TooSlow(Exception):
    """A text took more time than its size allows."""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raises ``TooSlow`` in what takes more processor time."""

    def stop(number: int, frame: object) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def parses(text: str) -> bool:
    """Whether a text is Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def problem_of(made: Text, chance: random.Random) -> str:
    """What does not hold of a text; "" where all does."""
    target = made.framework.other if chance.random() < 0.9 else made.framework
    dialect = chance.choice(DIALECTS)
    try:
        with limited(_SECONDS + _SECONDS_A_CHARACTER * len(made.text)):
            once = convert(made.text, target, dialect)
            again = convert(once.code, target, dialect).code
            for _ in range(_LOOKUPS):
                lookup(made.text, chance.randint(0, made.text.count("\n") + 2), chance.randint(-1, 60))
    except TooSlow:
        return f"too slow to {target.value} in {dialect}"
    except Exception:  # noqa: BLE001  (whatever it is, it is what is looked for)
        return f"to {target.value} in {dialect}: {traceback.format_exc()}"
    if parses(made.text) and not parses(once.code):
        return f"the result does not parse, to {target.value} in {dialect}:\n{once.code}"
    if any(found.code == "syntax-error" for found in once.diagnostics) and once.code != made.text:
        return "a text that is not Python was changed"
    if parses(made.text) and (lost := _lost(made, once.code)):
        return f"to {target.value} in {dialect} a plain line was changed: {lost}\n{once.code}"
    refused = any(found.severity is Severity.ERROR for found in once.diagnostics)  # then both frameworks are in it
    if parses(made.text) and not refused and again != once.code:
        return f"converted again, to {target.value} in {dialect}, it changes:\n{once.code}\n--- again\n{again}"
    return ""


def _lost(made: Text, code: str) -> str:
    """A plain line of the source that is not, or not in its place, in the result."""
    position = 0
    there = [line for line in made.kept if line in made.text]  # others are dressed otherwise
    for line in sorted(there, key=made.text.index):
        position = code.find(line, position)
        if position < 0:
            return line
    return ""


def tried(seed: int) -> Finding | None:
    """The text of one seed."""
    chance = random.Random(seed)
    made = some_text(chance)
    problem = problem_of(made, chance)
    return Finding(seed, problem, made.text) if problem else None


def _ready() -> None:
    """Records and rules are loaded once in a process, which is no text's fault."""
    for target in Framework:
        convert("import torch\nimport mxnet\ntorch.ones(2)\nmxnet.nd.ones(2)\n", target)


def main() -> int:
    """Tries as many texts as asked on every core and prints what does not hold."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0, help="the first seed")
    parser.add_argument("--shown", type=int, default=20, help="how many findings are printed")
    options = parser.parse_args()
    seeds = range(options.seed, options.seed + options.inputs)
    findings: list[Finding] = []
    with Pool(os.cpu_count(), _ready) as pool:
        for found in track(pool.imap_unordered(tried, seeds, chunksize=50), total=len(seeds), description="texts"):
            if found is not None:
                findings.append(found)
    for finding in findings[: options.shown]:
        print(f"--- seed {finding.seed}\n{finding.text}\n=== {finding.problem}\n")
    kinds = Counter(
        finding.problem.strip().splitlines()[-1 if "Traceback" in finding.problem else 0] for finding in findings
    )
    for kind, count in kinds.most_common():
        print(f"{count} x {kind}")
    print(f"{len(seeds)} texts, {len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
