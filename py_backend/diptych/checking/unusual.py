"""``python -m diptych.checking.unusual`` looks at every record a second time, at arguments that no case names.

Each call of a record's cases is run again on arrays of other shapes, dtypes and values, with other numbers written in
it, and inside a function whose parameters nothing is known of. Where the side itself accepts it, the converter has to
refuse it, or what it writes has to run and to give the same. Everything else is printed: a silent error.
"""

from __future__ import annotations

import argparse
import ast
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path

import msgspec
from rich.console import Console
from rich.progress import Progress

from diptych.checking.cases import Definitions, Trial, dialects, trial, trials
from diptych.checking.inputs import LARGE, SMALL, define
from diptych.checking.prover import Prover
from diptych.conversion.convert import rewritten
from diptych.conversion.profiles import covers, profiles
from diptych.equivalence.catalog import Catalog
from diptych.equivalence.compiler import RECORDS, parse, read
from diptych.equivalence.index import read_index
from diptych.equivalence.limits import Facet, Limit, read_limits, side_of, write_limits
from diptych.equivalence.model import Dialect, Equivalence, Framework
from diptych.source.model import Module
from diptych.source.source import Source

_DTYPES = ("int64", "int32", "float64", "bool", "float16", "uint8")
_PAIRED = ("float32", "int64", "int32", "float64", "bool")
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
    limits: tuple[Limit, ...] = ()  # what would make the converter refuse it


@dataclass(frozen=True)
class Variation:
    """Other arrays behind the inputs' names: of ``dtypes`` (by place; "" leaves one as it is), or of another shape."""

    word: str
    facet: Facet | None = None  # what of the arrays it changes
    dtypes: tuple[str, ...] = ()  # one for all where it is alone
    shape: str = ""
    which: int | None = None

    def definitions(self, side: Framework, dialect: Dialect) -> Definitions:
        """The statements that make the inputs."""
        order: list[str] = []

        def definition(name: str, framework: Framework, of: Dialect) -> str:
            if name not in order:
                order.append(name)
            place, plain = order.index(name), define(name, framework, of)
            if self.which is not None and place != self.which:
                return plain
            if self.shape:
                return _reshaped(name, plain, self.shape, side, dialect)
            dtype = self.dtypes[0] if len(self.dtypes) == 1 else self.dtypes[place] if place < len(self.dtypes) else ""
            return _retyped(name, plain, dtype, side, dialect) if dtype else plain

        return definition


def variations(record: Equivalence, calls: int) -> Iterator[tuple[Variation, Trial]]:
    """The unusual uses of ``record``. ``calls`` of each side and dialect are varied."""
    taken: dict[tuple[Framework, Dialect], int] = {}
    for case in record.cases:
        for call in case.calls:
            for dialect in dialects(record, case, call):
                if taken.setdefault((case.side, dialect), 0) >= calls:
                    continue
                taken[case.side, dialect] += 1
                plain = trial(case, call, dialect)
                seen = {plain.code}
                for variation, each in _of(plain):
                    if each.code not in seen:
                        seen.add(each.code)
                        yield variation, each


def _of(plain: Trial) -> Iterator[tuple[Variation, Trial]]:
    case, call, dialect = plain.case, plain.call, plain.dialect
    count = len(_inputs_of(plain))
    for variation in _changes(case.side, dialect, count):
        half = "float16" in variation.dtypes
        terms = msgspec.structs.replace(case, rtol=max(case.rtol, _HALF), atol=max(case.atol, _HALF)) if half else case
        yield variation, trial(terms, call, dialect, definitions=variation.definitions(case.side, dialect))
    for number, changed in enumerate(_literals(call)):
        yield Variation(f"literal {number}"), trial(case, changed, dialect)
    inside = _inside_function(plain)
    if inside is not None:
        yield Variation(_UNTYPED), inside
        for dtype in ("int64", "bool"):
            variation = Variation(f"{_UNTYPED} {dtype}", dtypes=(dtype,))
            each = trial(case, call, dialect, definitions=variation.definitions(case.side, dialect))
            yield variation, _inside_function(each) or each


def _inputs_of(plain: Trial) -> list[str]:
    names = {node.id for node in ast.walk(ast.parse(plain.code)) if isinstance(node, ast.Name)}
    return [name for name in (*SMALL, *LARGE) if name in names]


def _changes(side: Framework, dialect: Dialect, count: int) -> Iterator[Variation]:
    for dtype in _DTYPES:
        yield Variation(f"all {dtype}", Facet.DTYPES, (dtype,))
    if count == 2:
        for first in _PAIRED:
            for second in _PAIRED:
                if first != second:
                    yield Variation(f"{first} and {second}", Facet.DTYPES, (first, second))
    elif count > 2:
        for place in range(count):
            for dtype in ("int64", "int32", "float64", "bool"):
                dtypes = ("",) * place + (dtype,) + ("",) * (count - place)
                yield Variation(f"{dtype} at place {place}", Facet.DTYPES, dtypes)
    shapes = ["a dimension less", "a dimension more"]
    if side is Framework.PYTORCH or dialect is Dialect.NP:
        yield Variation("no elements", Facet.EMPTY, shape="no elements")
        shapes.append("no dimension")
    for shape in shapes:
        yield Variation(shape, Facet.RANKS, shape=shape)
        for place in range(count if count > 1 else 0):
            yield Variation(f"{shape} at place {place}", Facet.RANKS, shape=shape, which=place)
    yield Variation("one element", shape="one element")
    yield Variation("not finite", shape="not finite")


def _reshaped(name: str, plain: str, shape: str, side: Framework, dialect: Dialect) -> str:
    data, dtype = SMALL.get(name, (None, "float32"))
    sizes = LARGE.get(name) or _sizes(data)
    if shape == "a dimension less":
        return f"{plain}[0]" if sizes else plain
    if shape == "a dimension more":
        return f"{plain}.reshape({(1, *sizes)})"
    if data is None:
        return plain
    flat = list(_flat(data))
    if shape == "no dimension":
        return _array(name, repr(flat[0]), dtype, side, dialect)
    if shape == "one element":
        return _array(name, repr(_nested(flat[0], len(sizes))), dtype, side, dialect)
    if shape == "no elements":
        made = _array(name, "[]", dtype, side, dialect)
        return f"{made}.reshape({(0, *sizes[1:])})" if len(sizes) > 1 else made
    if not dtype.startswith("float") or not sizes:
        return plain
    wild = iter(["inf", "nan", "-inf", "-0.0", *map(str, flat[4:])])
    text = _shaped(wild, sizes).replace("inf", "float('inf')").replace("nan", "float('nan')")
    return _array(name, text, dtype, side, dialect)


def _retyped(name: str, plain: str, dtype: str, side: Framework, dialect: Dialect) -> str:
    data, _ = SMALL.get(name, (None, "float32"))
    if data is None:
        if dtype == "bool":
            return plain
        return f"{plain}.to(torch.{dtype})" if side is Framework.PYTORCH else f"{plain}.astype('{dtype}')"
    kind = float if dtype.startswith("float") else bool if dtype == "bool" else int
    return _array(name, repr(_converted(data, kind, dtype == "uint8")), dtype, side, dialect)


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


def look(prover: Prover, record: Equivalence, calls: int, *, writes: bool) -> tuple[int, list[Finding]]:
    """How many unusual uses the side itself accepts, and those of them that go wrong in silence; ``writes``: with the
    limits that would have the converter refuse them."""
    ran, findings, usual = 0, list[Finding](), None
    for variation, each in variations(record, calls):
        accepted, problem, code = prover.silent_error(each)
        ran += accepted
        if not problem:
            continue
        limits: tuple[Limit, ...] = ()
        if writes and variation.facet is not None:
            usual = _usual(prover.catalog, record) if usual is None else usual
            found = _limits(prover.catalog, record, each, variation.facet)
            limits = tuple(limit for limit in found if not any(_concerns(limit, known) for known in usual))
        where = (record.id, each.side.value, each.dialect.value, variation.word, each.call)
        findings.append(Finding(*where, problem, f"{each.code}# becomes\n{code}", limits))
    return ran, findings


def _usual(catalog: Catalog, record: Equivalence) -> set[Limit]:
    """What the record's own cases are proven at: no limit may keep it from being converted."""
    return {limit for each in trials(record) for facet in Facet for limit in _limits(catalog, record, each, facet)}


def _limits(catalog: Catalog, record: Equivalence, each: Trial, facet: Facet) -> set[Limit]:
    rewriter = rewritten(Source.of(Module(each.code)), each.side.other, each.dialect, catalog)
    if rewriter is None:
        return set()
    side = side_of(each.side.other, each.dialect)
    found = [(taken, profiles(rewriter, taken.values)) for taken in rewriter.taken if taken.id == record.id]
    return {
        Limit(record.id, side, taken.text, facet, known[facet])
        for taken, known in found
        if set(known.get(facet, "?").split()) != {"?"}
    }


def _concerns(limit: Limit, usual: Limit) -> bool:
    alike = (limit.side, limit.writing, limit.facet) == (usual.side, usual.writing, usual.facet)
    return alike and covers(limit.profile, usual.profile)


_there: list[Prover] = []


def _begin(unlimited: bool) -> None:
    prover = Prover(seconds=10.0)
    if unlimited:
        prover.use(read_index(), limits=())
    _there.append(prover)


def _look_there(record: Equivalence, calls: int, writes: bool) -> tuple[int, list[Finding]]:
    return look(_there[0], record, calls, writes=writes)


def main() -> int:
    """Print the silent errors of the records named (default: all); 1 where there is one."""
    parser = argparse.ArgumentParser(prog="python -m diptych.checking.unusual", description=main.__doc__)
    parser.add_argument("ids", nargs="*", help="only these records")
    parser.add_argument("--file", action="append", default=[], help="only the records of this file of records/")
    parser.add_argument("--calls", type=int, default=3, help="calls of each record, side and dialect (default: 3)")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--json", type=Path, help="write the findings to this file, one a line")
    parser.add_argument("--write", action="store_true", help="have the converter refuse what goes wrong: limits.json")
    arguments = parser.parse_args()
    texts = [(RECORDS / name).read_text(encoding="utf-8") for name in arguments.file]
    records = [record for text in texts for record in parse(text).records] or list(read().records)
    records = [r for r in records if r.cases and (not arguments.ids or r.id in arguments.ids)]
    console = Console(stderr=True)
    ran, findings = 0, list[Finding]()
    with Progress(console=console) as progress, ExitStack() as stack:
        output = stack.enter_context(arguments.json.open("w")) if arguments.json else None
        processes = min(arguments.processes, len(records))
        pool = ProcessPoolExecutor(processes, get_context("spawn"), _begin, (arguments.write,))
        stack.enter_context(pool)
        task = progress.add_task("looking", total=len(records))
        futures = {pool.submit(_look_there, record, arguments.calls, arguments.write): record for record in records}
        for future in as_completed(futures):
            count, found = future.result()
            ran += count
            findings += found
            progress.update(task, advance=1, description=futures[future].id[:32])
            for each in found:
                if output:
                    print(msgspec.json.encode(each).decode(), file=output, flush=True)
                elif not arguments.write or not each.limits:
                    print(f"{each.id} [{each.dialect}, {each.variation}] {each.call}\n    {each.problem}\n")
    if arguments.write:
        looked = {record.id for record in records}
        kept = {limit for limit in read_limits() if limit.id not in looked}
        write_limits(kept | {limit for each in findings for limit in each.limits})
    open_ = sum(not each.limits for each in findings) if arguments.write else len(findings)
    console.print(f"{ran} unusual uses ran on their own side; {len(findings)} go wrong, {open_} of them in silence")
    return 1 if open_ else 0


if __name__ == "__main__":
    sys.exit(main())
