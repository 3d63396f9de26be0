"""Texts to measure on, of any number of lines: what people write, the densest there is, and what uses no framework."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from enum import Enum
from functools import cache
from itertools import cycle
from pathlib import Path
from textwrap import indent

from diptych.checking.cases import trials
from diptych.equivalence.compiler import read
from diptych.equivalence.index import RECORDS
from diptych.equivalence.model import Framework

ROOT = Path(__file__).parent.parent
_RULES = ROOT / "tests" / "conversion" / "rules"
_PLAIN = ROOT / "py_backend" / "diptych" / "training"
_TRIALS_A_FUNCTION = 8


class SourceKind(str, Enum):
    """The kinds of text. Every part of one stands in a function of its own, below the imports of all."""

    TRAINING = "training"  # the example: a network, its data, its loop
    TESTS = "tests"  # the sources of the rules' tests: every kind of change
    DENSE = "dense"  # the records' cases: every line is a call that is converted
    PLAIN = "plain"  # the project's own code: no framework at all


def text_of(kind: SourceKind, framework: Framework, lines: int, mark: int = 0) -> str:
    """About ``lines`` lines, written for ``framework``; ``mark`` makes the text another one at the same length."""
    imports: dict[str, str] = {}
    parts: list[str] = []
    count, number = 1, 0
    for program in cycle(_programs(kind, framework)):
        split = _split(program, imports)
        if split is None:
            continue
        number += 1
        part = f"\n\ndef part_{number}():\n{indent(split, '    ')}"
        parts.append(part)
        count += part.count("\n")
        if count + len(imports) >= lines:
            break
    return "".join([f"# {mark:08}\n", *(f"{line}\n" for line in dict.fromkeys(imports.values())), *parts])


@cache
def _programs(kind: SourceKind, framework: Framework) -> tuple[str, ...]:
    if kind is SourceKind.TRAINING:
        name = "torch" if framework is Framework.PYTORCH else "mxnet"
        return ((ROOT / "examples" / f"mnist_mlp_{name}.py").read_text(encoding="utf-8"),)
    if kind is SourceKind.TESTS:
        return tuple(_of_tests(framework))
    if kind is SourceKind.DENSE:
        return tuple(_of_records(framework))
    return tuple(path.read_text(encoding="utf-8") for path in sorted(_PLAIN.glob("*.py")))


def _of_tests(framework: Framework) -> Iterator[str]:
    """The side of each pair of source and expected result that is written for ``framework``."""
    for path in sorted(_RULES.rglob("*.py")):
        header, _, text = path.read_text(encoding="utf-8").partition("\n")
        source, mark, expected = text.partition("# expected\n")
        if mark:
            yield expected if framework.value in header else source


def _of_records(framework: Framework) -> Iterator[str]:
    """A few cases of one record together: made arrays and calls."""
    for record in read(RECORDS).records:
        codes = dict.fromkeys(trial.code for trial in trials(record) if trial.side is framework)
        if codes:
            yield "".join(list(codes)[:_TRIALS_A_FUNCTION])


def _split(program: str, imports: dict[str, str]) -> str | None:
    """The program without its imports, which are added to ``imports`` by the name that they bind; None where a name
    is already bound to something else, or where it can't stand in a function."""
    tree = ast.parse(program)
    own: dict[str, str] = {}
    lines = program.splitlines(keepends=True)
    for node in tree.body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            if getattr(node, "module", "") == "__future__":
                return _split(_without(program, node), imports)
            for alias in node.names:
                own[alias.asname or alias.name.split(".")[0]] = ast.unparse(node)
            lines[node.lineno - 1 : node.end_lineno] = [""] * ((node.end_lineno or node.lineno) - node.lineno + 1)
    if "*" in own or any(imports.get(name, text) != text for name, text in own.items()):
        return None
    imports |= own
    return "".join(lines).strip("\n") + "\n"


def _without(program: str, node: ast.stmt) -> str:
    lines = program.splitlines(keepends=True)
    del lines[node.lineno - 1 : node.end_lineno]
    return "".join(lines)
