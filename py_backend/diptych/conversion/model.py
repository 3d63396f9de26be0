"""What conversion and lookup answer with."""

from __future__ import annotations

from enum import Enum
from typing import Literal

import msgspec

from diptych.equivalence.model import Dialect, Equivalence, Framework, ProofResult
from diptych.source.model import Span

DialectChoice = Literal["nd", "np", "auto"]


class Severity(str, Enum):
    """How much a diagnostic asks of the reader."""

    ERROR = "error"  # left as it was: a person has to decide
    WARNING = "warning"  # converted, but look at it
    INFO = "info"


class Diagnostic(msgspec.Struct, frozen=True):
    """``line`` is 1-based, ``column`` 0-based in code points of the source (in a notebook, of the cell ``cell``)."""

    severity: Severity
    line: int
    column: int
    code: str  # kebab-case, stable: "no-counterpart", "syntax-error", "unmapped-argument", ...
    message: str
    suggestion: str = ""
    cell: int | None = None


class LineLink(msgspec.Struct, frozen=True):
    """Lines of the source that became lines of the result; 1-based, both ends included. An empty result side has
    ``target_end < target_start`` (the lines went away), an empty source side likewise (lines were added)."""

    source_start: int
    source_end: int
    target_start: int
    target_end: int
    equivalences: tuple[str, ...] = ()  # ids of the records that explain the change


class Conversion(msgspec.Struct, frozen=True):
    """The result of ``convert``. ``code`` always parses if the source did, and is the source itself where it did not.

    ``source`` is the framework that was converted from, None where the text uses neither. Where a part of a document
    was converted, ``span`` says which lines and ``text`` is that part as it was (the left side of the panel); ``code``
    and ``links`` are then relative to the part, while diagnostics keep the lines of the document."""

    code: str
    links: tuple[LineLink, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    source: Framework | None = None
    target: Framework = Framework.MXNET
    dialect: Dialect = Dialect.ND
    equivalences: tuple[str, ...] = ()
    span: Span | None = None
    text: str | None = None


class Lookup(msgspec.Struct, frozen=True):
    """What is under the cursor, and its counterpart.

    ``symbol`` is the public path ("torch.nn.Linear"); ``converted_call`` is the user's own call, converted with its own
    arguments, None where it can't be (``diagnostics`` say why); ``span`` covers the symbol, ``call_span`` the call."""

    symbol: str
    framework: Framework
    equivalence: Equivalence
    span: Span
    dialect: Dialect
    proof: ProofResult | None = None
    call: str | None = None
    call_span: Span | None = None
    converted_call: str | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
