"""A record in a line: what both sides call it, or how they write it; for lists, tables and the cheat sheet."""

from __future__ import annotations

import msgspec

from diptych.equivalence.catalog import Catalog
from diptych.equivalence.model import Equivalence, Framework, ProofState, Text, Writing
from diptych.equivalence.template import readable


class ProofSummary(msgspec.Struct, frozen=True):
    """``versions`` are those that were executed; empty, like the difference, where there is no proof."""

    state: ProofState
    max_difference: float | None = None
    versions: dict[str, str] = {}


class Summary(msgspec.Struct, frozen=True):
    """One record. ``torch`` and ``mxnet`` are names, or, where a side has none, the expressions that are written."""

    id: str
    title: Text
    kind: str
    torch: tuple[str, ...]
    mxnet: tuple[str, ...]
    proof: ProofSummary
    reason: str | None = None
    workaround: str | None = None


def summary(catalog: Catalog, record: Equivalence) -> Summary:
    """The record with what execution said of it."""
    proof = catalog.proof(record.id)
    state = proof.state if proof is not None else ProofState.NONE
    return Summary(
        id=record.id,
        title=record.title,
        kind=record.kind.value,
        torch=names(record, Framework.PYTORCH) or expressions(record, Framework.PYTORCH),
        mxnet=names(record, Framework.MXNET) or expressions(record, Framework.MXNET),
        proof=ProofSummary(state, proof.max_difference, proof.versions) if proof else ProofSummary(state),
        reason=record.reason.en if record.reason else None,
        workaround=record.workaround.en if record.workaround else None,
    )


def names(record: Equivalence, framework: Framework) -> tuple[str, ...]:
    """The public names of one side, each once, those that are written first."""
    spellings = sorted(record.spellings(framework), key=lambda spelling: not spelling.preferred)
    return tuple(dict.fromkeys(spelling.name for spelling in spellings))


def expressions(record: Equivalence, framework: Framework) -> tuple[str, ...]:
    """What is written on this side, as people read it, each text once."""
    texts = [text for writing in record.writings(framework) for text in _texts(writing)]
    return tuple(dict.fromkeys(readable(text) for text in texts))


def _texts(writing: Writing) -> list[str]:
    return [text for text in (writing.np, writing.nd, writing.torch) if text]
