"""The public names of the installed libraries, as introspection found them: ``checking/surface.py`` writes the file."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec

PATH = Path(__file__).parent / "surface.json"


class Name(msgspec.Struct, frozen=True):
    """One public name: its form, every signature, what it gives, and why it is not counted (``apart``)."""

    form: str
    signatures: tuple[str, ...] = ()
    gives: str = ""
    apart: str = ""


Surface = dict[str, Name]


@cache
def surface() -> Surface:
    """Every public name by its canonical path."""
    return msgspec.json.decode(PATH.read_bytes(), type=Surface) if PATH.exists() else {}
