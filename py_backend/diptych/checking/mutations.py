"""``python -m diptych.checking.mutations`` breaks records on purpose and counts how many breaks their proofs catch.

A break is what a careless author could write: two arguments swapped, an axis or another argument left out, a number
or a default changed, a cast forgotten. A proof that does not notice proves too little.
"""

from __future__ import annotations

import argparse
import itertools
import random
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import msgspec
from rich.console import Console
from rich.progress import track

from diptych.checking.prover import Prover
from diptych.equivalence.compiler import RECORDS, Compiled, compiled_of, read
from diptych.equivalence.compiler import parse as parse_records
from diptych.equivalence.index import index_of
from diptych.equivalence.model import Equivalence, Parameter, Spelling, Writing
from diptych.equivalence.signature import parameters
from diptych.equivalence.template import Hole, TemplateError, parse

# Functions whose arguments may change places: swapping them is no break.
_COMMUTATIVE = re.compile(
    r"\b(add|multiply|maximum|minimum|fmax|fmin|equal|not_equal|logical_\w+|bitwise_\w+|hypot|inner|vdot|isclose|gcd|lcm"
    r"|allclose|array_equal|broadcast_(add|mul|plus|maximum|minimum|equal|not_equal|hypot|logical_\w+)|elemwise_(add|mul)"
    r"|lesser_equal|eq|ne|mul|dist|cdist|gaussian_loss|cosine_similarity|cosine_embedding)\("
    r"|(square|abs|smooth_l1)\(\{\w+\} - \{"
    r"|(maximum|minimum)_number|equal_arrays|\}(\.shape)?\s*([*+&|^]|==|!=)\s*\{"
)


@dataclass(frozen=True)
class Mutant:
    """A record with one break, and what was broken."""

    record: Equivalence
    what: str


@dataclass(frozen=True)
class Verdict:
    """The mutants that were tried and those that no proof noticed."""

    tried: int
    survivors: tuple[Mutant, ...]

    @property
    def caught(self) -> float:
        """The share of breaks that some proof noticed."""
        return 1 - len(self.survivors) / self.tried if self.tried else 1.0


def mutants(record: Equivalence) -> Iterator[Mutant]:
    """Every break of ``record`` that its proofs have to notice."""
    for field in ("to_mxnet", "to_torch"):
        writings: tuple[Writing, ...] = getattr(record, field)
        for place, writing in enumerate(writings):
            for key in ("np", "nd", "torch"):
                for text, dropped, what in _broken_texts(getattr(writing, key)):
                    changed = msgspec.structs.replace(writing, **{key: text, "ignore": (*writing.ignore, *dropped)})
                    every = (*writings[:place], changed, *writings[place + 1 :])
                    yield Mutant(msgspec.structs.replace(record, **{field: every}), f"{key}: {what}")
    yield from _broken_rows(record)


def _broken_texts(text: str) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """A writing's text with one break, the arguments that it then ignores, and what was broken."""
    if not text:
        return
    names = list(dict.fromkeys(hole.name for hole in parse(text).holes))
    if len(names) > 1 and not _COMMUTATIVE.search(text):
        first, second = names[:2]
        swapped = re.sub(
            rf"(?<=[{{*])({first}|{second})(?=[}}|])", lambda found: second if found[1] == first else first, text
        )
        yield swapped, (), f"{first} and {second} swapped in {text}"
    for found in re.finditer(r"\{,[^{}]*(?:\{[^{}]*\}[^{}]*)+\}|, \w+=\{[^{}]*\}(?!\.)|\.astype\('\w+'\)", text):
        if re.search(r"\|device\}", found[0]):
            continue  # every array of a proof is on the CPU
        without = text[: found.start()] + text[found.end() :]
        if _parses(without):
            gone = {hole.name for hole in parse(text).holes} - {hole.name for hole in parse(without).holes}
            yield without, tuple(gone), f"{found[0]} left out of {text}"
    for found in re.finditer(r"(?<![\w.'{])\d+(?![\w.'}])", text):
        other = text[: found.start()] + str(int(found[0]) + 1) + text[found.end() :]
        if _parses(other):
            yield other, (), f"{found[0]} changed to {int(found[0]) + 1} in {text}"


def _parses(text: str) -> bool:
    try:
        return all(isinstance(hole, Hole) for hole in parse(text).holes)
    except TemplateError:
        return False


def _broken_rows(record: Equivalence) -> Iterator[Mutant]:
    """A mapping of arguments with one break, for records without writings."""
    if record.to_mxnet or record.to_torch or record.rule or not record.proofs:
        return
    rows = record.params
    for place, row in enumerate(rows):
        if row.write_mxnet and not row.omit_when:
            yield _with_row(
                record, place, msgspec.structs.replace(row, write_mxnet=None), f"{row.write_mxnet} left out"
            )
    mapped = [place for place, row in enumerate(rows) if row.torch and row.mxnet and not row.receiver]
    for first, second in itertools.pairwise(mapped):
        if rows[first].transform is not rows[second].transform or not _together(record, rows[first], rows[second]):
            continue
        swapped = list(rows)
        swapped[first] = msgspec.structs.replace(rows[first], mxnet=rows[second].mxnet)
        swapped[second] = msgspec.structs.replace(rows[second], mxnet=rows[first].mxnet)
        what = f"{rows[first].mxnet} and {rows[second].mxnet} swapped"
        yield Mutant(msgspec.structs.replace(record, params=tuple(swapped)), what)


def _together(record: Equivalence, first: Parameter, second: Parameter) -> bool:
    """Whether one spelling of each side has both arguments: else they are one argument's names in two spellings."""

    def have(spellings: tuple[Spelling, ...], names: set[str | None]) -> bool:
        return any(names <= {argument.name for argument in parameters(spelling)} for spelling in spellings)

    return have(record.torch, {first.torch, second.torch}) and have(record.mxnet, {first.mxnet, second.mxnet})


def _with_row(record: Equivalence, place: int, row: Parameter, what: str) -> Mutant:
    rows = (*record.params[:place], row, *record.params[place + 1 :])
    return Mutant(msgspec.structs.replace(record, params=rows), what)


def judge(
    compiled: Compiled, chosen: list[Mutant], report: Callable[[list[Mutant]], Iterable[Mutant]] = iter
) -> Verdict:
    """Try to prove each mutant. Raises ``FrameworkUnavailable`` where a framework does not import."""
    survivors = []
    index = index_of(compiled)
    with Prover(seconds=20, remember=True) as prover:
        for mutant in report(chosen):
            broken = index_of(compiled_of((mutant.record,), compiled.helpers)).records[0]
            records = tuple(broken if each.id == broken.id else each for each in index.records)
            prover.use(msgspec.structs.replace(index, records=records))
            if not prover.refutes(mutant.record):
                survivors.append(mutant)
    return Verdict(len(chosen), tuple(survivors))


def sample(compiled: Compiled, count: int, seed: int) -> list[Mutant]:
    """``count`` breaks, each of another record as far as there are enough; all of them for 0."""
    every = [list(mutants(record)) for record in compiled.records]
    if not count:
        return [mutant for group in every for mutant in group]
    draw = random.Random(seed)
    groups = [group for group in every if group]
    draw.shuffle(groups)
    chosen: list[Mutant] = []
    while groups and len(chosen) < count:
        for group in groups[: count - len(chosen)]:
            chosen.append(group.pop(draw.randrange(len(group))))
        groups = [group for group in groups if group]
    return chosen


def main() -> int:
    """Break records, print what went unnoticed; 1 where less than 95 % of the breaks were caught."""
    parser = argparse.ArgumentParser(prog="python -m diptych.checking.mutations", description=main.__doc__)
    parser.add_argument("--count", type=int, default=300, help="how many breaks (0: every one)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--file", action="append", default=[], help="only the records of this file of records/")
    parser.add_argument("ids", nargs="*", help="only these records")
    arguments = parser.parse_args()
    compiled = read()
    texts = [(RECORDS / name).read_text(encoding="utf-8") for name in arguments.file]
    named = {record.id for text in texts for record in parse_records(text).records} | set(arguments.ids)
    wanted = tuple(record for record in compiled.records if not named or record.id in named)
    chosen = sample(compiled_of(wanted, compiled.helpers), arguments.count, arguments.seed)
    console = Console(stderr=True)
    verdict = judge(compiled, chosen, lambda each: track(each, "breaking records", console=console))
    for mutant in verdict.survivors:
        console.print(f"{mutant.record.id}: not noticed: {mutant.what}", markup=False, soft_wrap=True)
    console.print(f"{verdict.caught:.1%} of {verdict.tried} breaks caught")
    return 0 if verdict.caught >= _ENOUGH else 1


_ENOUGH = 0.95

__all__ = ["Mutant", "Verdict", "judge", "mutants", "sample"]

if __name__ == "__main__":
    sys.exit(main())
