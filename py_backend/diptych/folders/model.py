"""What the conversion of a directory is asked, and what it answers."""

from __future__ import annotations

from enum import Enum

import msgspec

from diptych.conversion.mapped import MappedNames
from diptych.conversion.model import Diagnostic, DialectChoice
from diptych.equivalence.model import Dialect, Framework, Text


class Outputs(str, Enum):
    """What becomes of a converted notebook's old outputs: they no longer belong to its code."""

    CLEAR = "clear"
    KEEP = "keep"


class Kind(str, Enum):
    """The kinds of file in a directory."""

    PYTHON = "python"
    NOTEBOOK = "notebook"
    OTHER = "other"
    LINK = "link"


class Outcome(str, Enum):
    """What became of a file."""

    CONVERTED = "converted"
    UNCHANGED = "unchanged"  # Python that has nothing to convert: copied
    COPIED = "copied"  # neither Python nor notebook
    LINKED = "linked"
    KEPT = "kept"  # edited in OUT since it was written: left as it is there
    FAILED = "failed"  # could not be read or written
    SKIPPED = "skipped"  # left out on purpose


class Options(msgspec.Struct, frozen=True):
    """``to`` None is, for each file, the side that it does not use."""

    to: Framework | None = None
    dialect: DialectChoice = "auto"
    outputs: Outputs = Outputs.CLEAR


class Remark(msgspec.Struct, frozen=True):
    """A diagnostic, and the line of the source that it speaks of."""

    diagnostic: Diagnostic
    text: str = ""


class ConvertedFile(msgspec.Struct, frozen=True):
    """``data`` are the bytes to write, the file's own where nothing changed. ``source`` is None where it uses neither
    framework."""

    data: bytes
    source: Framework | None = None
    target: Framework = Framework.MXNET
    dialect: Dialect = Dialect.ND
    remarks: tuple[Remark, ...] = ()
    names: MappedNames = MappedNames()


class CheckedFile(msgspec.Struct, frozen=True):
    """What execution said: of ``files`` that were tried, how many ran to their end on both sides, and in how many of
    those all values that could be compared were equal. ``problems`` say why not."""

    files: int = 0
    executed: int = 0
    equal: int = 0
    problems: tuple[str, ...] = ()

    def __add__(self, other: CheckedFile) -> CheckedFile:
        return CheckedFile(
            self.files + other.files,
            self.executed + other.executed,
            self.equal + other.equal,
            self.problems + other.problems,
        )


class FileReport(msgspec.Struct, frozen=True):
    """One file. ``checked`` is None where nothing was executed."""

    path: str
    kind: Kind
    outcome: Outcome
    source: Framework | None = None
    target: Framework | None = None
    dialect: Dialect | None = None
    names: MappedNames = MappedNames()
    remarks: tuple[Remark, ...] = ()
    checked: CheckedFile | None = None


class Why(str, Enum):
    """Why a directory has the dialect that it has."""

    ASKED = "asked"
    USED = "used"  # files are written in it already
    MIXED = "mixed"  # files are written in both
    ND_SUFFICES = "nd-suffices"
    ND_LACKS = "nd-lacks"  # files need what nd can't express
    NP_NO_BETTER = "np-no-better"  # they do, but np leaves no less as it was
    NO_MXNET = "no-mxnet"


class DialectReason(msgspec.Struct, frozen=True):
    """The one dialect of MXNet in the directory, and why; ``because`` are the files that decided."""

    dialect: Dialect
    why: Why
    because: tuple[str, ...] = ()


class FolderReport(msgspec.Struct, frozen=True):
    """``files`` are those with Python, and of the others those that there is something to say of; ``counts`` are of
    all files by outcome. ``complete`` is False where only some files were gone over."""

    diptych: str
    source: str
    out: str | None
    options: Options
    dialect: DialectReason
    files: tuple[FileReport, ...]
    counts: dict[str, int]
    names: MappedNames
    checked: CheckedFile | None = None
    notes: tuple[Text, ...] = ()
    dry_run: bool = False


class FolderError(Exception):
    """The directory can't be converted (as it was asked); the sentence says what to do."""


class WrongFolder(FolderError):
    """SRC or OUT is not what it has to be."""
