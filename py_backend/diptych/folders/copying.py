"""Files into OUT: what stands there already, what was edited there, what is copied."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from diptych.folders import remarks
from diptych.folders.destination import Destination
from diptych.folders.journal import Done, Journal, digest, digest_of
from diptych.folders.model import FileReport, Kind, Outcome
from diptych.folders.survey import Entry, Survey
from diptych.folders.work import Result

if TYPE_CHECKING:
    from diptych.folders.convert import Watcher

_COPY = "copy"  # what a copy depends on beside the file: nothing


class Writer:
    """Puts results in place, and never over what somebody edited there. ``asks`` is what they depend on."""

    def __init__(self, destination: Destination, journal: Journal, asks: str) -> None:
        self._destination = destination
        self._journal = journal
        self._asks = asks

    def already(self, entry: Entry, content: str) -> FileReport | None:
        """The report on a file that was done before, for the same content, and still stands there."""
        done = self._journal.done.get(entry.shown)
        if done is None or done.digest != content or done.asks != self._asks:
            return None
        stands = self._standing(entry)
        if stands is None:
            return None
        return done.report if stands == done.result else remarks.kept(done.report)

    def write(self, entry: Entry, content: str, result: Result) -> FileReport:
        """Write a conversion."""
        return self._put(
            entry,
            content,
            digest_of(result.data),
            result.report,
            lambda: self._destination.write(entry.path, result.data, self._destination.source / entry.path),
        )

    def copy(self, entry: Entry, report: FileReport) -> FileReport:
        """Copy a file as it is, where that was not done before."""
        try:
            content = digest(self._destination.source / entry.path)
        except OSError as error:
            return remarks.failed(entry, error.strerror or str(error))
        already = self.already(entry, content)
        if already is not None:
            return already
        return self._put(entry, content, content, report, lambda: self._destination.copy(entry.path))

    def _put(self, entry: Entry, content: str, result: str, report: FileReport, act: Callable[[], None]) -> FileReport:
        done = self._journal.done.get(entry.shown)
        stands = self._standing(entry)
        if stands is not None and stands != result and (done is None or stands != done.result):
            return remarks.kept(report)
        try:
            act()
        except OSError as error:
            if remarks.is_full(error):
                raise
            return remarks.not_written(report, error)
        self._journal.add(Done(entry.shown, content, self._asks, result, report))
        return report

    def _standing(self, entry: Entry) -> str | None:
        """The digest of what stands in the file's place in OUT, None where nothing does."""
        place = self._destination.root / entry.path
        if place.is_symlink() or not place.is_file():
            return None
        try:
            return digest(place)
        except OSError:
            return ""


def copy_all(survey: Survey, destination: Destination, journal: Journal, watch: Watcher) -> list[FileReport]:
    """Copies what is neither Python nor notebook, and makes links anew."""
    others = [entry for entry in survey.entries if entry.kind in (Kind.OTHER, Kind.LINK)]
    writer = Writer(destination, journal, _COPY)
    watch.begin("copy", len(others))
    found = []
    for entry in others:
        report = _report(entry)
        if entry.kind is Kind.OTHER:
            found.append(writer.copy(entry, report))
        else:
            found.append(_link(entry, report, destination))
        watch.advance()
    return found


def would_copy(survey: Survey) -> list[FileReport]:
    """What ``copy_all`` would do."""
    return [_report(entry) for entry in survey.entries if entry.kind in (Kind.OTHER, Kind.LINK)]


def left_behind(survey: Survey, journal: Journal) -> tuple[str, ...]:
    """Files of OUT that the source no longer holds."""
    now = {entry.shown for entry in survey.entries}
    return tuple(sorted(path for path in journal.done if path not in now))


def _link(entry: Entry, report: FileReport, destination: Destination) -> FileReport:
    try:
        destination.link(entry)
    except OSError as error:
        if remarks.is_full(error):
            raise
        return remarks.not_written(report, error)
    return remarks.leaves(report, entry) if destination.leaves(entry) else report


def _report(entry: Entry) -> FileReport:
    outcome = Outcome.LINKED if entry.kind is Kind.LINK else Outcome.COPIED
    return FileReport(entry.shown, entry.kind, outcome)
