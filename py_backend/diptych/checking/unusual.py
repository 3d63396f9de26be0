"""``python -m diptych.checking.unusual`` looks at every record a second time, at arguments that no case names.

Each call of a record's cases is run again on arrays of other shapes, dtypes and values, with other numbers written in
it, and inside a function whose parameters nothing is known of. Where the side itself accepts it, the converter has to
refuse it, or what it writes has to run and to give the same. Everything else is printed: a silent error.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path

import msgspec
from rich.console import Console
from rich.progress import Progress

from diptych.checking.cases import Definitions, Trial, dialects, trial
from diptych.checking.inputs import LARGE, SMALL, define
from diptych.checking.prover import Prover
from diptych.equivalence.compiler import RECORDS, parse, read
from diptych.equivalence.model import Dialect, Equivalence, Framework

_DTYPES = ("int64", "int32", "float64", "bool", "float16", "uint8")
_HALF = 2e-3  # the relative precision that is asked of float16
_UNTYPED = "untyped"


@dataclass(frozen=True)
class Finding:
    """A use that the converter turns into something that crashes or differs, without a word."""

    id: str
    side: str
    dialect: str
    variation: str
    call: str
    problem: str
    code: str


def variations(record: Equivalence, calls: int) -> Iterator[tuple[str, Trial]]:
    """The unusual uses of ``record``, each with a word on what is unusual. ``calls`` of each case, side and dialect."""
    taken: dict[tuple[Framework, Dialect], int] = {}
    for case in record.cases:
        for call in case.calls:
            for dialect in dialects(record, case, call):
                if taken.setdefault((case.side, dialect), 0) >= calls:
                    continue
                taken[case.side, dialect] += 1
                plain = trial(case, call, dialect)
                seen = {plain.code}
                for word, each in _of(plain):
                    if each.code not in seen:
                        seen.add(each.code)
                        yield word, each


def _of(plain: Trial) -> Iterator[tuple[str, Trial]]:
    case, call, dialect = plain.case, plain.call, plain.dialect
    for word, definitions in _inputs(case.side, dialect):
        terms = (
            msgspec.structs.replace(case, rtol=max(case.rtol, _HALF), atol=max(case.atol, _HALF))
            if "float16" in word
            else case
        )
        yield word, trial(terms, call, dialect, definitions=definitions)
    for number, changed in enumerate(_literals(call)):
        yield f"literal {number}", trial(case, changed, dialect)
    inside = _inside_function(plain)
    if inside is not None:
        for word, definitions in (("", define), *_inputs(case.side, dialect)):
            if "float16" in word or "uint8" in word:
                continue
            each = trial(case, call, dialect, definitions=definitions)
            yield f"{_UNTYPED} {word}".strip(), _inside_function(each) or each


def _inputs(side: Framework, dialect: Dialect) -> Iterator[tuple[str, Definitions]]:
    """Other arrays behind the inputs' names."""
    for dtype in _DTYPES:
        yield f"all {dtype}", _made(side, dialect, dtype=dtype)
    for dtype in ("int64", "int32", "float64", "bool"):
        yield f"first {dtype}", _made(side, dialect, dtype=dtype, which=0)
        yield f"second {dtype}", _made(side, dialect, dtype=dtype, which=1)
    if side is Framework.PYTORCH or dialect is Dialect.NP:
        yield "no dimension", _made(side, dialect, shape="scalar")
        yield "first without dimension", _made(side, dialect, shape="scalar", which=0)
        yield "second without dimension", _made(side, dialect, shape="scalar", which=1)
        yield "no elements", _made(side, dialect, shape="empty")
    yield "one element", _made(side, dialect, shape="one")
    yield "a dimension less", _made(side, dialect, shape="less")
    yield "a dimension more", _made(side, dialect, shape="more")
    yield "not finite", _made(side, dialect, shape="wild")


def _made(side: Framework, dialect: Dialect, dtype: str = "", shape: str = "", which: int | None = None) -> Definitions:
    order: list[str] = []

    def definition(name: str, framework: Framework, of: Dialect) -> str:
        if name not in order:
            order.append(name)
        plain = define(name, framework, of)
        if which is not None and order.index(name) != which:
            return plain
        return _changed(name, plain, side, dialect, dtype, shape)

    return definition


def _changed(name: str, plain: str, side: Framework, dialect: Dialect, dtype: str, shape: str) -> str:
    data, own = SMALL.get(name, (None, "float32"))
    if shape in ("less", "more"):
        index = "[0]" if shape == "less" else ".reshape({})"
        if shape == "more":
            sizes = LARGE.get(name) or _sizes(data)
            index = index.format((1, *sizes))
        elif not (LARGE.get(name) or _sizes(data)):
            return plain
        return f"{plain}{index}"
    if data is None:
        if shape or dtype == "bool":
            return plain
        return f"{plain}.to(torch.{dtype})" if side is Framework.PYTORCH else f"{plain}.astype('{dtype}')"
    dtype = dtype or own
    flat = list(_flat(data))
    kind = float if dtype.startswith("float") else bool if dtype == "bool" else int
    if shape == "scalar":
        data = flat[0]
    elif shape == "empty":
        data = []
    elif shape == "one":
        data = _nested(flat[0], len(_sizes(data)))
    elif shape == "wild":
        if not dtype.startswith("float") or not _sizes(data):
            return plain
        wild = iter(["inf", "nan", "-inf", "-0.0", *map(str, flat[4:])])
        text = _shaped(wild, _sizes(data)).replace("inf", "float('inf')").replace("nan", "float('nan')")
        return _array(name, text, dtype, side, dialect)
    text = repr(_converted(data, kind, dtype == "uint8"))
    made = _array(name, text, dtype, side, dialect)
    if shape == "empty" and len(_sizes(SMALL[name][0])) > 1:
        made += f".reshape({(0, *_sizes(SMALL[name][0])[1:])})"
    return made


def _array(name: str, text: str, dtype: str, side: Framework, dialect: Dialect) -> str:
    if side is Framework.PYTORCH:
        return f"{name} = torch.tensor({text}, dtype=torch.{dtype})"
    if dialect is Dialect.ND and dtype == "bool":
        dtype = "float32"
    return f"{name} = {'np' if dialect is Dialect.NP else 'nd'}.array({text}, dtype='{dtype}')"


def _flat(data: object) -> Iterator[object]:
    if isinstance(data, list):
        for each in data:
            yield from _flat(each)
    else:
        yield data


def _sizes(data: object) -> tuple[int, ...]:
    return (len(data), *_sizes(data[0])) if isinstance(data, list) else ()


def _nested(value: object, depth: int) -> object:
    return [_nested(value, depth - 1)] if depth else value


def _shaped(values: Iterator[str], sizes: tuple[int, ...]) -> str:
    if not sizes:
        return next(values)
    return "[" + ", ".join(_shaped(values, sizes[1:]) for _ in range(sizes[0])) + "]"


def _converted(data: object, kind: type, positive: bool) -> object:
    if isinstance(data, list):
        return [_converted(each, kind, positive) for each in data]
    value = kind(data)
    return abs(value) if positive else value


def _literals(call: str) -> Iterator[str]:
    """The call with one of its numbers or truth values changed."""
    tree = ast.parse(call)
    if len(tree.body) > 1:
        return
    places = [
        node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, (bool, int, float))
    ]
    for node in places[:4]:
        plain = node.value
        for other in _others(plain):
            node.value = other
            yield ast.unparse(tree)
        node.value = plain


def _others(value: object) -> tuple[bool | int | float, ...]:
    if isinstance(value, bool):
        return (not value,)
    if isinstance(value, int):
        return (0, -1, value + 1) if value >= 0 else (value - 1, 0)
    assert isinstance(value, float)
    return (0.0, -value, 2.5, int(value) + 1)


def _inside_function(plain: Trial) -> Trial | None:
    """The expression in a function of whose parameters nothing is known."""
    try:
        value = ast.parse(plain.call, mode="eval").body
    except SyntaxError:
        return None
    names = {node.id for node in ast.walk(value) if isinstance(node, ast.Name)}
    inputs = sorted(names & {*SMALL, *LARGE})
    last = f"r = {plain.call}\n"
    if not inputs or plain.compare != ("r",) or not plain.code.endswith(last) or plain.case.setup:
        return None
    called = f"functions = {{}}\nfunctions['f'] = lambda {', '.join(inputs)}: {plain.call}\n"
    code = plain.code[: -len(last)] + called + f"r = functions['f']({', '.join(inputs)})\n"
    return replace(plain, code=code)


def look(prover: Prover, record: Equivalence, calls: int) -> tuple[int, list[Finding]]:
    """How many unusual uses the side itself accepts, and those of them that go wrong in silence."""
    ran, findings = 0, []
    for word, each in variations(record, calls):
        accepted, problem, code = prover.silent_error(each)
        ran += accepted
        if problem:
            findings.append(
                Finding(
                    record.id, each.side.value, each.dialect.value, word, each.call, problem, each.code + "#--\n" + code
                )
            )
    return ran, findings


_there: list[Prover] = []


def _begin() -> None:
    _there.append(Prover(seconds=10.0, remember=False))


def _look_there(record: Equivalence, calls: int) -> tuple[int, list[Finding]]:
    return look(_there[0], record, calls)


def main() -> int:
    """Print the silent errors of the records named (default: all); 1 where there is one."""
    parser = argparse.ArgumentParser(prog="python -m diptych.checking.unusual", description=main.__doc__)
    parser.add_argument("ids", nargs="*", help="only these records")
    parser.add_argument("--file", action="append", default=[], help="only the records of this file of records/")
    parser.add_argument("--calls", type=int, default=2, help="calls of each record, side and dialect (default: 2)")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--json", type=Path, help="write the findings to this file, one a line")
    arguments = parser.parse_args()
    texts = [(RECORDS / name).read_text(encoding="utf-8") for name in arguments.file]
    records = [record for text in texts for record in parse(text).records] or list(read().records)
    records = [r for r in records if r.cases and (not arguments.ids or r.id in arguments.ids)]
    console = Console(stderr=True)
    ran, found = 0, 0
    output = arguments.json.open("w") if arguments.json else None
    with (
        Progress(console=console) as progress,
        ProcessPoolExecutor(min(arguments.processes, len(records)), get_context("spawn"), _begin) as pool,
    ):
        task = progress.add_task("looking", total=len(records))
        futures = [pool.submit(_look_there, record, arguments.calls) for record in records]
        for future in as_completed(futures):
            count, findings = future.result()
            ran, found = ran + count, found + len(findings)
            progress.advance(task)
            for each in findings:
                if output:
                    print(json.dumps(each.__dict__), file=output, flush=True)
                else:
                    print(f"{each.id} [{each.dialect}, {each.variation}] {each.call}\n    {each.problem}\n")
    console.print(f"{ran} unusual uses ran on their own side; {found} go wrong in silence")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
