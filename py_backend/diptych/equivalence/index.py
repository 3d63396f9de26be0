"""The JSON index that loads quickly.

Parsing TOML in Python is slow, so the records are compiled into one ``index.json``: built into wheels, written anew in
a checkout when it is out of date. It carries a fingerprint of all that it was made from; one that does not match is not
used. It holds the records without what only proving needs (proofs and cases), and each is decoded when first asked for.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from diptych.equivalence.aliases import canonical
from diptych.equivalence.model import Equivalence, Form, Helper, Spelling

if TYPE_CHECKING:
    from diptych.equivalence.compiler import Compiled

_FOLDER = Path(__file__).parent
RECORDS = _FOLDER / "records"
INDEX = _FOLDER / "index.json"
_MAKERS = [_FOLDER / f"{name}.py" for name in ("aliases", "authoring", "derived", "documentation", "index", "model")]
_MAKERS.append(_FOLDER / "surface.json")


class Named(msgspec.Struct, frozen=True, array_like=True):
    """What is asked of a spelling before its record is; ``path`` is canonical."""

    path: str
    form: Form
    signature: str
    gives: str


class Indexed(msgspec.Struct, frozen=True, array_like=True):
    """A record that is not decoded yet."""

    id: str
    digest: str
    spellings: tuple[Named, ...]
    record: msgspec.Raw


class Index(msgspec.Struct, frozen=True):
    """What ``index.json`` holds."""

    fingerprint: str
    records: tuple[Indexed, ...]
    helpers: tuple[Helper, ...]


def read_index(records: Path = RECORDS, index: Path = INDEX) -> Index:
    """The index where it is up to date, else one made anew (and kept, where it can be).

    Raises ``RecordError`` where a file of records is not valid.
    """
    now = _fingerprint(records)
    if index.exists():
        try:
            made = msgspec.json.decode(index.read_bytes(), type=Index)
        except msgspec.DecodeError:
            made = None  # written by another version of the schema
        if made is not None and made.fingerprint == now:
            return made
    made = _made(records)
    with contextlib.suppress(OSError):  # an index that can't be kept costs time, nothing else
        _keep(made, index)
    return made


def write_index(records: Path = RECORDS, index: Path = INDEX) -> int:
    """Compile ``records`` into ``index`` and return the number of records. Raises ``RecordError``."""
    made = _made(records)
    _keep(made, index)
    return len(made.records)


def index_of(compiled: Compiled, fingerprint: str = "") -> Index:
    """The index of records that are at hand."""
    return Index(
        fingerprint, tuple(_indexed(record, compiled.digests) for record in compiled.records), compiled.helpers
    )


def _indexed(record: Equivalence, digests: dict[str, str]) -> Indexed:
    named = tuple(_named(record, spelling) for spelling in (*record.torch, *record.mxnet))
    bare = msgspec.structs.replace(record, proofs=(), cases=())
    return Indexed(record.id, digests[record.id], named, msgspec.Raw(msgspec.json.encode(_lean(bare))))


def _lean(value: object) -> object:
    """Without the fields that hold their default: most do, and what is not there is not read."""
    if isinstance(value, msgspec.Struct):
        fields = msgspec.structs.fields(value)
        given = {field.name: getattr(value, field.name) for field in fields}
        return {field.name: _lean(given[field.name]) for field in fields if given[field.name] != field.default}
    return [_lean(each) for each in value] if isinstance(value, tuple) else value


def _named(record: Equivalence, spelling: Spelling) -> Named:
    return Named(canonical(spelling.name), spelling.form, spelling.signature, record.gives or spelling.gives)


def _made(records: Path) -> Index:
    from diptych.equivalence.compiler import read  # noqa: PLC0415  # an index that is up to date needs no compiler

    return index_of(read(records), _fingerprint(records))


def _keep(made: Index, index: Path) -> None:
    """In one step: another process may be reading it."""
    half = index.with_name(f".{index.name}.{os.getpid()}")
    half.write_bytes(msgspec.json.encode(made))
    half.replace(index)


def _fingerprint(records: Path) -> str:
    """Of the contents of all that the index is made from; installers and checkouts set times of change as they like."""
    total = hashlib.blake2b(digest_size=16)
    for path in (*_MAKERS, *sorted(records.glob("*.toml"))):
        text = path.read_bytes()
        total.update(f"{path.name} {len(text)}\n".encode())
        total.update(text)
    return total.hexdigest()
