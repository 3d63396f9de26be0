"""Bodies of requests and responses; with the models of the lower layers they make up the OpenAPI document."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from diptych.conversion.model import DialectChoice, Lookup
from diptych.equivalence.model import Equivalence, Framework, ProofResult
from diptych.runtime.model import Runtime
from diptych.source.model import Document, Span
from diptych.training.model import Event, Run, Script, ScriptParameter

Scope = Literal["document", "cell", "selection", "statement"]


class ApiError(msgspec.Struct, frozen=True):
    """Every error: a stable code and a sentence that says what to do."""

    code: str
    message: str


class EquivalenceEntry(msgspec.Struct, frozen=True):
    """A record, and what execution said of it."""

    equivalence: Equivalence
    proof: ProofResult | None = None


class EquivalenceList(msgspec.Struct, frozen=True):
    """A page of records; ``total`` counts all that were found."""

    items: tuple[EquivalenceEntry, ...]
    total: int


class LookupRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A place in a document (a notebook's active cell): ``line`` is 1-based, ``column`` 0-based in code points."""

    document: Document
    line: int
    column: int
    dialect: DialectChoice = "auto"


class LookupResponse(msgspec.Struct, frozen=True):
    """``lookup`` is None where nothing known is under the cursor."""

    lookup: Lookup | None


class ConvertRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Converts the document, or ``selection`` of it in the light of the whole (imports, types).

    ``to`` None: the other side of whatever framework the selection uses. The scope ``cell`` is a notebook's active
    cell; ``selection`` and ``statement`` (the whole statements that the selection touches) need a ``selection``, which
    may be empty (a cursor)."""

    document: Document
    to: Framework | None = None
    dialect: DialectChoice = "auto"
    selection: Span | None = None
    scope: Scope = "document"


class CheckRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Executes the document (of a notebook, the cells that share the active one's process) in its framework and its
    conversion in the other, and compares every top-level value. ``seconds`` and ``megabytes`` are what each side may
    take. ``force``: also where the converter leaves something as it was."""

    document: Document
    to: Framework | None = None
    dialect: DialectChoice = "auto"
    seconds: Annotated[float, msgspec.Meta(gt=0, le=86_400)] = 60
    megabytes: Annotated[int, msgspec.Meta(ge=64, le=1_048_576)] = 4096
    force: bool = False


class RuntimeList(msgspec.Struct, frozen=True):
    """One runtime or more for each framework; one with a ``problem`` where none works."""

    runtimes: tuple[Runtime, ...]


class RunList(msgspec.Struct, frozen=True):
    """A page of runs; ``total`` counts all that are kept."""

    runs: tuple[Run, ...]
    total: int


class RunsStarted(msgspec.Struct, frozen=True):
    """What one press of a button began."""

    comparison: str
    runs: tuple[Run, ...]


class EventList(msgspec.Struct, frozen=True):
    """Events in order, and the run as it stands after the last of them."""

    events: tuple[Event, ...]
    run: Run


class ParametersRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The text of a script, as it stands in the editor."""

    text: str


class ScriptParameters(msgspec.Struct, frozen=True):
    """What the form can set in a script; ``reason`` says why there is nothing, or is empty."""

    parameters: tuple[ScriptParameter, ...]
    reason: str = ""


class ShippedScript(msgspec.Struct, frozen=True):
    """An example that ships with Diptych, and what the form can set in it."""

    framework: Framework
    script: Script
    parameters: tuple[ScriptParameter, ...]
    reason: str = ""
