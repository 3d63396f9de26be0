"""What the cheat sheet says of each record: names, an example that the converter wrote, what differs, the proof."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import msgspec

from diptych.conversion.convert import convert_document
from diptych.conversion.model import Severity
from diptych.equivalence.catalog import Catalog, load
from diptych.equivalence.compiler import read, read_themes
from diptych.equivalence.model import Case, Dialect, Equivalence, Framework, Kind, ProofState, Text
from diptych.equivalence.summary import expressions, names
from diptych.source.model import Module, Span


class Example(msgspec.Struct, frozen=True):
    """The same on both sides; ``dialect`` is MXNet's."""

    torch: str
    mxnet: str
    dialect: Dialect


class Entry(msgspec.Struct, frozen=True):
    """One record as readers see it."""

    id: str
    title: Text
    kind: Kind
    torch: tuple[str, ...]
    mxnet: tuple[str, ...]
    examples: tuple[Example, ...]
    differences: tuple[Text, ...]
    reason: Text | None
    workaround: Text | None
    proven: bool
    max_difference: float | None


class Theme(msgspec.Struct, frozen=True):
    """A file of records: its title and entries."""

    id: str
    title: Text
    entries: tuple[Entry, ...]


def themes(catalog: Catalog | None = None) -> tuple[Theme, ...]:
    """Every record by theme, in the order of the files. Examples are converted anew."""
    catalog = catalog or load()
    records = {record.id: record for record in read().records}
    return tuple(
        Theme(theme.id, theme.title, tuple(_entry(catalog, records[id]) for id in theme.records))
        for theme in read_themes()
    )


def _entry(catalog: Catalog, record: Equivalence) -> Entry:
    proof = catalog.proof(record.id)
    proven = proof is not None and proof.state is ProofState.PROVEN
    return Entry(
        id=record.id,
        title=record.title,
        kind=record.kind,
        torch=names(record, Framework.PYTORCH) or expressions(record, Framework.PYTORCH),
        mxnet=names(record, Framework.MXNET) or expressions(record, Framework.MXNET),
        examples=_examples(record),
        differences=record.differences,
        reason=record.reason,
        workaround=record.workaround,
        proven=proven,
        max_difference=proof.max_difference if proof is not None and proven else None,
    )


def _examples(record: Equivalence) -> tuple[Example, ...]:
    """Those that the record gives; else the first case of each side, converted."""
    if record.examples:
        return tuple(Example(each.torch, each.mxnet, each.dialect) for each in record.examples)
    found = (_converted(case, dialect) for case, dialect in _first_cases(record))
    return tuple(dict.fromkeys(example for example in found if example is not None))


def _first_cases(record: Equivalence) -> Iterator[tuple[Case, Dialect]]:
    from diptych.checking.cases import dialects  # noqa: PLC0415  # proving is not needed to read the page

    for side in Framework:
        case = next((case for case in record.cases if case.side is side), None)
        if case is not None:
            for dialect in dialects(record, case, case.calls[0]):
                yield case, dialect


def _converted(case: Case, dialect: Dialect) -> Example | None:
    """The first call of a case on both sides; None where it is refused."""
    from diptych.checking.cases import trial  # noqa: PLC0415

    program = trial(case, case.calls[0], dialect).code
    last = ast.parse(program).body[-1]
    lines = (case.setup.strip() + "\n" if case.setup else "") + case.calls[0]
    first = (last.end_lineno or last.lineno) - lines.count("\n")
    span = Span(first, 0, last.end_lineno or last.lineno, 0)
    conversion = convert_document(Module(program), case.side.other, dialect.value, span, "statement")
    if any(found.severity is Severity.ERROR for found in conversion.diagnostics):
        return None
    own, other = _plain(lines), _plain(conversion.code)
    return Example(own, other, dialect) if case.side is Framework.PYTORCH else Example(other, own, dialect)


def _plain(text: str) -> str:
    """Without the name that the value was given to be compared."""
    return "\n".join(line.removeprefix("r = ") for line in text.strip().splitlines())
