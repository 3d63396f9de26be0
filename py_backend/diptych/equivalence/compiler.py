"""From TOML to records, and to the JSON index that loads quickly.

People read and write ``records/*.toml``. Parsing TOML in Python is slow, so the records are compiled into one
``index.json`` (built into wheels, written by ``python -m diptych.equivalence.build`` in a checkout). The index carries
a fingerprint of the TOML files it was made from; one that does not match is not used.
"""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec

from diptych.equivalence.model import Equivalence

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

RECORDS = Path(__file__).parent / "records"
INDEX = Path(__file__).parent / "index.json"


class RecordError(ValueError):
    """A record's text does not fit the schema. The message names the file, the record and the field."""


class Index(msgspec.Struct, frozen=True):
    """What ``index.json`` holds."""

    fingerprint: str
    records: tuple[Equivalence, ...]


def read(records: Path = RECORDS, index: Path = INDEX) -> tuple[Equivalence, ...]:
    """Every record: from the index where it is up to date with the TOML files, else from the files themselves.

    Raises ``RecordError`` where a file is not valid.
    """
    texts = _texts(records)
    if index.exists():
        try:
            made = msgspec.json.decode(index.read_bytes(), type=Index)
        except msgspec.DecodeError:
            made = None  # written by another version of the schema: compile anew
        if made is not None and made.fingerprint == _fingerprint(texts):
            return made.records
    return _compile(texts)


def write_index(records: Path = RECORDS, index: Path = INDEX) -> int:
    """Compile ``records`` into ``index`` and return the number of records. Raises ``RecordError``."""
    texts = _texts(records)
    compiled = _compile(texts)
    index.write_bytes(msgspec.json.encode(Index(fingerprint=_fingerprint(texts), records=compiled)))
    return len(compiled)


def parse(text: str, origin: str = "<text>") -> tuple[Equivalence, ...]:
    """The records of one TOML text. ``origin`` is named in errors."""
    try:
        tables: list[dict[str, Any]] = tomllib.loads(text).get("record", [])
    except tomllib.TOMLDecodeError as error:
        raise RecordError(f"{origin}: not valid TOML: {error}") from error
    return tuple(_record(table, origin) for table in tables)


def digest(record: Equivalence) -> str:
    """Ties a proof to a record's whole text: any change of the record asks for a new proof."""
    return hashlib.sha256(msgspec.json.encode(record)).hexdigest()[:16]


def _record(table: dict[str, Any], origin: str) -> Equivalence:
    try:
        return msgspec.convert(table, Equivalence)
    except msgspec.ValidationError as error:
        raise RecordError(f"{origin}: record {table.get('id', '?')!r}: {error}") from error


def _texts(records: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(records.glob("*.toml"))}


def _fingerprint(texts: dict[str, bytes]) -> str:
    """Of the contents, not of the times of change: installers and checkouts set those as they like."""
    total = hashlib.sha256()
    for name, text in texts.items():
        total.update(f"{name} {len(text)}\n".encode())
        total.update(text)
    return total.hexdigest()


def _compile(texts: dict[str, bytes]) -> tuple[Equivalence, ...]:
    compiled = tuple(record for name, text in texts.items() for record in parse(text.decode(), name))
    twice = [id for id, count in Counter(record.id for record in compiled).items() if count > 1]
    if twice:
        raise RecordError(f"records share an id: {', '.join(twice)}. Give each its own.")
    return compiled
