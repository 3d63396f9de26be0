"""``python -m diptych.checking.gaps`` names the writings, and the arguments in them, that no case makes use of.

What no case uses is executed by no proof, so that a break of it would go unnoticed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from diptych.checking.cases import trials
from diptych.conversion.convert import rewritten
from diptych.equivalence.compiler import RECORDS, parse, read
from diptych.equivalence.model import Dialect, Equivalence, Framework
from diptych.equivalence.template import Maybe, Piece, holes_in
from diptych.equivalence.template import parse as parse_template
from diptych.source.model import Module
from diptych.source.source import Source

_ON_THE_CPU = {"device", "ctx"}  # every array of a proof is there
_SIDES = ((Framework.MXNET, Dialect.NP), (Framework.MXNET, Dialect.ND), (Framework.PYTORCH, Dialect.NP))
Used = dict[tuple[Framework, str, str], set[str]]


def gaps(record: Equivalence) -> Iterator[str]:
    """A sentence for each writing, and each argument that may be left out of one, that no case uses."""
    used = _used(record)
    for target, dialect in _SIDES:
        for writing in record.writings(target):
            text = writing.text(target, dialect)
            if not text:
                continue
            key = (target, dialect.value if target is Framework.MXNET else "", text)
            if key not in used:
                yield f"no case is written as {text}"
                continue
            optional = {name for pieces in parse_template(text).results for name in _optional(pieces)}
            yield from (f"no case passes {name} to {text}" for name in sorted(optional - used[key] - _ON_THE_CPU))


def _used(record: Equivalence) -> Used:
    """The writings that the cases take, with the arguments that are passed to them."""
    used: Used = {}
    for each in trials(record):
        target = each.side.other
        rewriter = rewritten(Source.of(Module(each.code)), target, each.dialect)
        for taken in rewriter.taken if rewriter is not None else ():
            if taken.id == record.id and taken.text:
                dialect = each.dialect.value if target is Framework.MXNET else ""
                used.setdefault((target, dialect, taken.text), set()).update(taken.passed)
    return used


def _optional(pieces: tuple[Piece, ...]) -> set[str]:
    return {hole.name for piece in pieces if isinstance(piece, Maybe) for hole in holes_in(piece.pieces)}


def main() -> int:
    """Print the gaps of the records named (default: all); 1 where there is one."""
    parser = argparse.ArgumentParser(prog="python -m diptych.checking.gaps", description=main.__doc__)
    parser.add_argument("--file", action="append", default=[], help="only the records of this file of records/")
    parser.add_argument("ids", nargs="*", help="only these records")
    arguments = parser.parse_args()
    texts = [(RECORDS / name).read_text(encoding="utf-8") for name in arguments.file]
    records = [record for text in texts for record in parse(text).records] or list(read().records)
    found = 0
    for record in records:
        if record.cases and (not arguments.ids or record.id in arguments.ids):
            for gap in gaps(record):
                print(f"{record.id}: {gap}")
                found += 1
    print(f"{found} gaps", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
