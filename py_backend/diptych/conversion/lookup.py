"""What is under the cursor, and its counterpart on the other side."""

from __future__ import annotations

from diptych.conversion.model import DialectChoice, Lookup
from diptych.source.model import Document, Module


def lookup(source: str, line: int, column: int) -> Lookup | None:
    """The record of what is at ``line`` (1-based) and ``column`` (0-based, code points), None where there is none."""
    return lookup_document(Module(source), line, column)


def lookup_document(document: Document, line: int, column: int, dialect: DialectChoice = "auto") -> Lookup | None:
    """As ``lookup``, in a module or in the active cell of a notebook (imports of earlier cells count)."""
    return None
