"""From the TOML files that people read and write to records."""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec

from diptych.equivalence.authoring import spelled_out
from diptych.equivalence.model import Equivalence, Helper, Text
from diptych.equivalence.surface import surface
from diptych.equivalence.template import parse as check

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

RECORDS = Path(__file__).parent / "records"


class RecordError(ValueError):
    """A record's text does not fit the schema. The message names the file, the record and the field."""


class Compiled(msgspec.Struct, frozen=True):
    """The records, the helpers that their writings call, and each record's digest."""

    records: tuple[Equivalence, ...]
    helpers: tuple[Helper, ...]
    digests: dict[str, str]


def read(records: Path = RECORDS) -> Compiled:
    """Every record with its proofs, from the TOML files. Raises ``RecordError`` where a file is not valid."""
    return _compile(texts_of(records))


class Theme(msgspec.Struct, frozen=True):
    """One file of records: its title (the key ``theme``) and the ids in their order."""

    id: str
    title: Text
    records: tuple[str, ...]


def read_themes(records: Path = RECORDS) -> tuple[Theme, ...]:
    """The files of records in the order of their names. Raises ``RecordError`` where one has no title."""
    found = []
    for path in sorted(records.glob("*.toml")):
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        english, bar, chinese = document.get("theme", "").partition(" | ")
        if not bar:
            raise RecordError(f'{path.name}: begin it with its title: theme = "English | 中文"')
        ids = tuple(str(table["id"]) for table in document.get("record", []))
        found.append(Theme(path.stem, Text(english, chinese), ids))
    return tuple(found)


def parse(text: str, origin: str = "<text>") -> Compiled:
    """The records and helpers of one TOML text. ``origin`` is named in errors."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RecordError(f"{origin}: not valid TOML: {error}") from error
    tables: list[dict[str, Any]] = document.get("record", [])
    records = tuple(_record(table, origin) for table in tables)
    helpers = tuple(_helper(table, origin) for table in document.get("helper", []))
    return compiled_of(records, helpers)


def compiled_of(records: tuple[Equivalence, ...], helpers: tuple[Helper, ...] = ()) -> Compiled:
    """Records and helpers with their digests."""
    return Compiled(records, helpers, {record.id: digest(record, helpers) for record in records})


def digest(record: Equivalence, helpers: tuple[Helper, ...] = ()) -> str:
    """Ties a proof to a record's whole text and its helpers': any change asks for a new proof."""
    texts = [writing.np + writing.nd + writing.torch for writing in (*record.to_mxnet, *record.to_torch)]
    called = [helper for helper in helpers if any(helper.name in text for text in texts)]
    return hashlib.sha256(msgspec.json.encode([record, called] if called else record)).hexdigest()[:16]


def _record(table: dict[str, Any], origin: str) -> Equivalence:
    try:
        record = msgspec.convert(spelled_out(table, surface()), Equivalence)
        for writing in (*record.to_mxnet, *record.to_torch):
            for template in filter(None, (writing.np, writing.nd, writing.torch)):
                check(template)
        return record
    except (msgspec.ValidationError, KeyError, ValueError) as error:
        raise RecordError(f"{origin}: record {table.get('id', '?')!r}: {error}") from error


def _helper(table: dict[str, Any], origin: str) -> Helper:
    try:
        return msgspec.convert(table, Helper)
    except msgspec.ValidationError as error:
        raise RecordError(f"{origin}: helper {table.get('name', '?')!r}: {error}") from error


def texts_of(records: Path) -> dict[str, bytes]:
    """The files of records by name."""
    return {path.name: path.read_bytes() for path in sorted(records.glob("*.toml"))}


def _compile(texts: dict[str, bytes]) -> Compiled:
    parsed = [parse(text.decode(), name) for name, text in texts.items()]
    records = tuple(record for each in parsed for record in each.records)
    helpers = tuple(helper for each in parsed for helper in each.helpers)
    for what, names in (("an id", [r.id for r in records]), ("a helper's name", [h.name for h in helpers])):
        twice = [name for name, count in Counter(names).items() if count > 1]
        if twice:
            raise RecordError(f"records share {what}: {', '.join(twice)}. Give each its own.")
    return compiled_of(records, helpers)
