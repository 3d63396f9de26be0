"""The table of a check: every value of both sides over their moments."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from diptych.checking.chance import by_chance, root
from diptych.checking.check_model import Lines, Parting, Row, Verdict
from diptych.checking.execution import Step
from diptych.checking.moments import History, Moment, moments
from diptych.checking.verdicts import Finding, compared, described
from diptych.conversion.model import Conversion
from diptych.equivalence.model import Framework

_ROUNDING = 1e-2  # of the values: what differs by less, after it agreed at first, may be rounding that added up


@dataclass(frozen=True)
class Table:
    """The rows, in the order in which the original makes the values, and where both sides first part."""

    rows: tuple[Row, ...]
    parting: Parting | None


def table(text: str, conversion: Conversion, original: tuple[Step, ...], converted: tuple[Step, ...]) -> Table:
    """Compare the steps of ``text`` with those of its conversion."""
    return _Comparison(text, conversion, original, converted).table()


class _Comparison:
    def __init__(
        self, text: str, conversion: Conversion, original: tuple[Step, ...], converted: tuple[Step, ...]
    ) -> None:
        self._conversion = conversion
        self._ours, self._theirs = History(original), History(converted)
        self._chance = {**by_chance(conversion.code, converted), **by_chance(text, original)}
        self._moments = list(moments(original, converted, conversion.links))
        self._dtype_lines = [found.line for found in conversion.diagnostics if found.code == "dtype"]
        self._torch_is_original = conversion.target is Framework.MXNET
        self._findings: dict[str, Finding] = {}
        self._apart: dict[str, tuple[Moment, Finding]] = {}
        self._agreed: set[str] = set()

    def table(self) -> Table:
        """Go through the moments, then write the rows."""
        before = (-1, -1)
        for moment in self._moments:
            changed = self._ours.changed(before[0], moment.original)
            changed.update(self._theirs.changed(before[1], moment.converted))
            for name in changed:
                self._look(name, moment)
            before = (moment.original, moment.converted)
        names = dict.fromkeys([*self._ours.names, *self._theirs.names])
        rows = [row for name in names if (row := self._row(name)) is not None]
        return Table(tuple(rows), self._parting())

    def _look(self, name: str, moment: Moment) -> None:
        if root(name) in self._chance:
            return
        ours, theirs = self._ours.at(name, moment.original), self._theirs.at(name, moment.converted)
        if ours is None or theirs is None:
            return
        finding = self._compare(ours, theirs, moment.lines)
        self._findings[name] = finding
        if finding.verdict is Verdict.DIFFERS:
            self._apart.setdefault(name, (moment, finding))
        elif finding.verdict is Verdict.EQUAL:
            self._agreed.add(name)

    def _compare(self, ours: Any, theirs: Any, lines: Lines) -> Finding:
        torch, mxnet = (ours, theirs) if self._torch_is_original else (theirs, ours)
        announced = any(line <= lines.last for line in self._dtype_lines)
        return compared(torch, mxnet, self._conversion.dialect, announced)

    def _row(self, name: str) -> Row | None:
        ours, theirs = self._ours.last(name), self._theirs.last(name)
        finding, line = self._judged(name, ours, theirs)
        if ours is not None and "network" in ours and finding.verdict is Verdict.EQUAL:
            return None  # its parameters have rows
        return Row(
            self._label(name),
            finding.verdict,
            finding.difference,
            finding.note,
            described(ours),
            described(theirs),
            line,
        )

    def _judged(self, name: str, ours: Any, theirs: Any) -> tuple[Finding, int | None]:
        reason = self._chance.get(root(name))
        if reason:
            return Finding(Verdict.NOT_COMPARED, note=reason), None
        if name in self._apart:
            moment, finding = self._apart[name]
            last = self._findings[name]
            largest = max((found.difference or 0.0 for found in (finding, last)), default=0.0)
            shown = Finding(
                Verdict.DIFFERS, largest if finding.difference is not None else None, finding.note + self._hint(name)
            )
            return shown, moment.lines.first
        if name in self._findings:
            return self._findings[name], None
        if ours is None or theirs is None:
            only = "the original" if theirs is None else "the conversion"
            return Finding(Verdict.NOT_COMPARED, note=f"only {only} has it"), None
        if "reason" in ours or "reason" in theirs:
            return self._compare(ours, theirs, Lines(0, 0)), None
        return Finding(Verdict.NOT_COMPARED, note="at no time did both sides have it"), None

    def _hint(self, name: str) -> str:
        _, finding = self._apart[name]
        if name in self._agreed and finding.difference is not None and finding.difference < _ROUNDING:
            return "; it agreed at first, so this may be rounding that added up"
        return ""

    def _label(self, name: str) -> str:
        """A parameter by PyTorch's name of it: ``net.0.weight`` for ``net[0]``."""
        match = re.match(r"(\w+)\[(\d+)\](.*)", name)
        if match is None:
            return name
        history = self._ours if self._torch_is_original else self._theirs
        network = history.last(match.group(1)) or {}
        names, place = network.get("names", []), int(match.group(2))
        return f"{match.group(1)}.{names[place]}{match.group(3)}" if place < len(names) else name

    def _parting(self) -> Parting | None:
        if not self._apart:
            return None
        name, (moment, _) = min(self._apart.items(), key=lambda item: item[1][0].original)
        return Parting(self._label(name), moment.lines, moment.converted_lines, moment.turn)
