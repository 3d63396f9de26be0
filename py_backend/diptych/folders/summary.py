"""The report in its three forms, and the sums in it."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from diptych.conversion.mapped import MappedNames
from diptych.folders.destination import Destination
from diptych.folders.markdown import markdown
from diptych.folders.model import CheckedFile, FileReport, FolderReport
from diptych.folders.page import page
from diptych.folders.survey import REPORT


def write(report: FolderReport, destination: Destination) -> None:
    """Writes index.html, report.md and report.json. Errors of the system are ``OSError``."""
    for name, text in (
        ("report.json", msgspec.json.format(msgspec.json.encode(report), indent=2).decode() + "\n"),
        ("report.md", markdown(report)),
        ("index.html", page(report)),
    ):
        destination.write(f"{REPORT}/{name}", text.encode())


def names(files: Iterable[FileReport]) -> MappedNames:
    """Over all files."""
    return sum((file.names for file in files), MappedNames())


def checked(files: Iterable[FileReport]) -> CheckedFile | None:
    """Over all files that were tried; None where none was."""
    found = [file.checked for file in files if file.checked is not None]
    return msgspec.structs.replace(sum(found, CheckedFile()), problems=()) if found else None
