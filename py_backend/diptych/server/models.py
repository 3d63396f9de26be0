"""Bodies of requests and responses; with the models of the lower layers they make up the OpenAPI document."""

from __future__ import annotations

import msgspec

from diptych.conversion.model import DialectChoice, Lookup
from diptych.equivalence.model import Equivalence, Framework, ProofResult
from diptych.runtime.model import Runtime
from diptych.source.model import Document, Span
from diptych.training.model import Event, Run


class ApiError(msgspec.Struct, frozen=True):
    """Every error: a stable code and a sentence that says what to do."""

    code: str
    message: str


class EquivalenceEntry(msgspec.Struct, frozen=True):
    equivalence: Equivalence
    proof: ProofResult | None = None


class EquivalenceList(msgspec.Struct, frozen=True):
    items: tuple[EquivalenceEntry, ...]
    total: int


class LookupRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    document: Document
    line: int
    column: int
    dialect: DialectChoice = "auto"


class LookupResponse(msgspec.Struct, frozen=True):
    lookup: Lookup | None


class ConvertRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Converts the document, or ``selection`` of it in the light of the whole (imports, types).

    ``to`` None: the other side of whatever framework the selection uses. With ``statement`` the selection is widened to
    the whole statements it touches (the panel's 'statement under the cursor'); with ``cell`` to the active cell."""

    document: Document
    to: Framework | None = None
    dialect: DialectChoice = "auto"
    selection: Span | None = None
    scope: str = "document"  # "document" | "cell" | "selection" | "statement"


class RuntimeList(msgspec.Struct, frozen=True):
    runtimes: tuple[Runtime, ...]


class RunList(msgspec.Struct, frozen=True):
    runs: tuple[Run, ...]
    total: int


class RunsStarted(msgspec.Struct, frozen=True):
    comparison: str
    runs: tuple[Run, ...]


class EventList(msgspec.Struct, frozen=True):
    events: tuple[Event, ...]
    run: Run
