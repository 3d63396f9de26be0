"""Where execution showed that a counterpart does not do: with arrays of these dtypes, ranks, or without elements.

``python -m diptych.checking.unusual --write`` runs every record at unusual arrays and writes ``limits.json``. The
converter refuses a use of which it knows that it lies outside; of what it knows nothing it can't.
"""

from __future__ import annotations

from enum import Enum
from pathlib import Path

import msgspec

from diptych.equivalence.model import Dialect, Framework

LIMITS = Path(__file__).parent / "limits.json"


class Facet(str, Enum):
    """What of the arrays of a use it depends on. A profile names it for each of them, in the order of the arguments."""

    DTYPES = "dtypes"  # "float32 int64"; "?" where nothing tells it
    RANKS = "ranks"  # "0 2"
    EMPTY = "empty"  # "1 0": the first has no elements


class Limit(msgspec.Struct, frozen=True, order=True):
    """A profile at which what the converter writes crashes, or gives something else."""

    id: str
    side: str  # as `side_of` writes it
    writing: str  # the record's text for that side; empty where a rule, or the mapping of arguments, writes it
    facet: Facet
    profile: str


class Row(msgspec.Struct, frozen=True, order=True):
    """The limits of one way of writing, as the file holds them."""

    id: str
    side: str
    writing: str
    facet: Facet
    profiles: tuple[str, ...]


# Of one record: side, writing and facet -> profiles.
OfRecord = dict[tuple[str, str, Facet], tuple[str, ...]]
Limits = dict[str, OfRecord]


def side_of(target: Framework, dialect: Dialect) -> str:
    """The side that is written, with MXNet's dialect on either."""
    return f"{target.value} {dialect.value}"


def read_rows(path: Path = LIMITS) -> tuple[Row, ...]:
    """The table as it was last written; empty where there is none."""
    return msgspec.json.decode(path.read_bytes(), type=tuple[Row, ...]) if path.exists() else ()


def read_limits(path: Path = LIMITS) -> set[Limit]:
    """The same, one by one."""
    return {Limit(row.id, row.side, row.writing, row.facet, each) for row in read_rows(path) for each in row.profiles}


def rows_of(limits: set[Limit]) -> tuple[Row, ...]:
    """The limits as the file holds them."""
    found: dict[tuple[str, str, str, Facet], list[str]] = {}
    for each in sorted(limits):
        found.setdefault((each.id, each.side, each.writing, each.facet), []).append(each.profile)
    return tuple(Row(*key, tuple(profiles)) for key, profiles in found.items())


def write_limits(limits: set[Limit], path: Path = LIMITS) -> None:
    """One way of writing a line, in order, so that a change reads as one."""
    lines = ",\n".join(msgspec.json.encode(row).decode() for row in rows_of(limits))
    path.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def by_record(rows: tuple[Row, ...]) -> Limits:
    """The limits of each record."""
    found: Limits = {}
    for row in rows:
        found.setdefault(row.id, {})[row.side, row.writing, row.facet] = row.profiles
    return found
