"""What checking a text by execution answers with."""

from __future__ import annotations

from enum import Enum

import msgspec

from diptych.conversion.model import Conversion
from diptych.equivalence.model import Framework


class CheckState(str, Enum):
    """What a check came to. Only EQUAL says that both sides gave the same values."""

    EQUAL = "equal"  # every value that could be compared agrees, and there were some
    CLOSE = "close"  # some differ, by no more than rounding may have added up to
    DIFFERS = "differs"
    NOTHING_COMPARED = "nothing-compared"  # both sides ran; no top-level value could be compared
    ORIGINAL_FAILED = "original-failed"
    CONVERTED_FAILED = "converted-failed"
    CONVERSION_REFUSED = "conversion-refused"  # the converter left something as it was; nothing was executed
    TIMED_OUT = "timed-out"
    OUT_OF_MEMORY = "out-of-memory"
    UNAVAILABLE = "unavailable"  # a framework has no interpreter here


class Verdict(str, Enum):
    """What comparing one value says."""

    EQUAL = "equal"
    CLOSE = "close"  # it was equal to the last digits at first, and rounding may have added up
    DIFFERS = "differs"
    NOT_COMPARED = "not-compared"


class Lines(msgspec.Struct, frozen=True):
    """Lines of a file, or of the cell ``cell`` of a notebook (from 0); 1-based, both included."""

    first: int
    last: int
    cell: int | None = None


class Row(msgspec.Struct, frozen=True):
    """One top-level value. ``difference`` is the largest between two numbers of it (None where none were compared);
    ``note`` says why it differs or is not compared, or what was allowed for. ``original`` and ``converted`` describe
    the values ("float32 (2, 3)"), "" where a side has none. ``line`` is where the original first has another value, in
    a notebook counted in the cell ``cell``."""

    name: str
    verdict: Verdict
    difference: float | None = None
    note: str = ""
    original: str = ""
    converted: str = ""
    line: int | None = None
    cell: int | None = None


class Parting(msgspec.Struct, frozen=True):
    """Where both sides part: after these lines the value of ``name`` differs. ``turn`` counts the passes of a loop."""

    name: str
    original: Lines
    converted: Lines
    turn: int = 1


class Side(msgspec.Struct, frozen=True):
    """What executing one side did. ``problem`` is empty where it ran to its end; ``line`` is the one it failed in, or
    was in when it was stopped."""

    framework: Framework
    problem: str = ""
    line: int | None = None
    cell: int | None = None
    seconds: float = 0.0
    memory: int = 0  # bytes at most, as far as was seen; 0 where unknown
    stdout: str = ""
    stderr: str = ""
    traceback: str = ""
    versions: dict[str, str] = {}


class Limits(msgspec.Struct, frozen=True):
    """What one side may take: seconds of execution, and bytes of memory with the framework itself."""

    seconds: float = 60.0
    memory: int = 4 * 2**30


class Check(msgspec.Struct, frozen=True):
    """Both sides of a text, executed and compared value by value."""

    state: CheckState
    message: str  # one sentence
    conversion: Conversion
    rows: tuple[Row, ...] = ()
    parting: Parting | None = None
    original: Side | None = None
    converted: Side | None = None


class Phase(str, Enum):
    """How far a check is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"  # with a result
    BROKEN = "broken"  # by a fault of Diptych's own; the server's log says which


class CheckProgress(msgspec.Struct, frozen=True):
    """A check as it stands. ``pytorch`` and ``mxnet`` are the first lines of what runs there now (in a notebook, of all
    its cells together); ``check`` is the result, once there is one."""

    id: str
    phase: Phase
    pytorch: int | None = None
    mxnet: int | None = None
    check: Check | None = None
