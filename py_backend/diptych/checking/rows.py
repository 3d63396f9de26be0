"""The table of a check: every value of both sides over their moments."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from diptych.checking.chance import by_chance, computed_from, root
from diptych.checking.check_model import Lines, Parting, Row, Verdict
from diptych.checking.moments import Moment, moments
from diptych.checking.rounding import ADDED_UP, DERIVED, NOISE, Look, added_up, derived, is_noise
from diptych.checking.story import History, Story
from diptych.checking.verdicts import Finding, compared, described
from diptych.conversion.model import Conversion
from diptych.equivalence.model import Framework


@dataclass(frozen=True)
class Table:
    """The rows, in the order in which the original makes the values, and where both sides first part."""

    rows: tuple[Row, ...]
    parting: Parting | None


def table(text: str, conversion: Conversion, original: Story, converted: Story) -> Table:
    """Compare what ``text`` did with what its conversion did. What one side held when it stopped before its end is
    compared only with what the other held after the same statements."""
    if original.stopped is not None or converted.stopped is not None:
        original, converted = _without_end(original), _without_end(converted)
    return _Comparison(text, conversion, original, converted).table()


def _without_end(story: Story) -> Story:
    return Story(tuple(step for step in story.steps if not step.end), story.stopped)


class _Comparison:
    def __init__(self, text: str, conversion: Conversion, original: Story, converted: Story) -> None:
        self._text, self._conversion = text, conversion
        self._ours, self._theirs = History(original.steps), History(converted.steps)
        self._chance = {**by_chance(conversion.code, converted.steps), **by_chance(text, original.steps)}
        self._moments = list(moments(original, converted, conversion.links))
        self._dtype_lines = [found.line for found in conversion.diagnostics if found.code == "dtype"]
        self._torch_is_original = conversion.target is Framework.MXNET
        self._looks: dict[str, list[Look]] = {}
        self._apart: dict[str, Moment] = {}  # where a name first differs

    def table(self) -> Table:
        """Go through the moments, then write the rows."""
        before = (-1, -1)
        for moment in self._moments:
            ours = self._ours.changed(before[0], moment.original)
            theirs = self._theirs.changed(before[1], moment.converted)
            statistics = [name for name in self._ours.names if name not in self._looks] if moment.end else []
            for name in dict.fromkeys([*ours, *theirs, *statistics]):
                self._look(name, moment, renewed=name in ours and name in theirs)
            before = (moment.original, moment.converted)
        self._close = self._close_names()
        names = dict.fromkeys([*self._ours.names, *self._theirs.names])
        rows = [row for name in names if (row := self._row(name)) is not None]
        return Table(tuple(rows), self._parting())

    def _look(self, name: str, moment: Moment, renewed: bool) -> None:
        if root(name) in self._chance:
            return
        ours, theirs = self._ours.at(name, moment.original), self._theirs.at(name, moment.converted)
        if ours is None or theirs is None or (_is_statistic(ours, theirs) and not moment.end):
            return
        finding = self._compare(ours, theirs, moment.lines)
        if finding.verdict is Verdict.NOT_COMPARED:
            return
        looks = self._looks.setdefault(name, [])
        looks.append(Look(finding, renewed and bool(looks)))
        if finding.verdict is Verdict.DIFFERS:
            self._apart.setdefault(name, moment)

    def _compare(self, ours: Any, theirs: Any, lines: Lines) -> Finding:
        torch, mxnet = (ours, theirs) if self._torch_is_original else (theirs, ours)
        announced = any(line <= lines.last for line in self._dtype_lines)
        return compared(torch, mxnet, self._conversion.dialect, announced)

    def _close_names(self) -> dict[str, str]:
        """The names whose differences can be rounding, and how."""
        found: dict[str, str] = {}
        for name in self._apart:
            if added_up(self._looks[name], name.endswith(".grad")):
                found[name] = ADDED_UP
            elif self._is_noise(name):
                found[name] = NOISE
        sources = set(map(root, found))
        later = computed_from(self._text, self._ours.steps, sources) if sources else set()
        noise = max((self._largest(name) for name, how in found.items() if how == NOISE), default=0.0)
        for name in self._apart.keys() - found.keys():
            statistic = _is_statistic(self._ours.last(name), self._theirs.last(name))
            if root(name) in later and derived(self._looks[name], noise if statistic else 0.0):
                found[name] = DERIVED
        return found

    def _is_noise(self, name: str) -> bool:
        for moment, left in ((self._apart[name], 0.0), (self._moments[-1], 1e-2)):
            ours, theirs = self._ours.at(name, moment.original), self._theirs.at(name, moment.converted)
            if None in (ours, theirs) or not is_noise(ours, theirs, self._gradients(name, moment), left):
                return False
        return True

    def _gradients(self, name: str, until: Moment) -> list[tuple[Any, Any]]:
        """Both sides' gradients of a parameter at the moments up to this one."""
        gradient = f"{name}.grad"
        passed = [moment for moment in self._moments if moment.original <= until.original]
        pairs = [
            (self._ours.at(gradient, moment.original), self._theirs.at(gradient, moment.converted)) for moment in passed
        ]
        distinct = {(id(a), id(b)): (a, b) for a, b in pairs if a is not None and b is not None}
        return list(distinct.values())

    def _largest(self, name: str) -> float:
        return max((look.finding.difference or 0.0 for look in self._looks[name]), default=0.0)

    def _row(self, name: str) -> Row | None:
        ours, theirs = self._ours.last(name), self._theirs.last(name)
        finding = self._judged(name, ours, theirs)
        if ours is not None and "network" in ours and finding.verdict is Verdict.EQUAL:
            return None  # its parameters have rows
        line = self._apart[name].lines.first if name in self._apart else None
        if name.endswith(".grad") and None in (ours, theirs):
            return None  # Gluon has room for gradients from the beginning
        words = described(ours), described(theirs)
        return Row(self._label(name), finding.verdict, finding.difference, finding.note, *words, line)

    def _judged(self, name: str, ours: Any, theirs: Any) -> Finding:
        reason = self._chance.get(root(name))
        if reason:
            return Finding(Verdict.NOT_COMPARED, note=reason)
        looks = self._looks.get(name, [])
        if name in self._apart:
            first = next(look.finding for look in looks if look.finding.verdict is Verdict.DIFFERS)
            differences = [look.finding.difference for look in looks if look.finding.difference is not None]
            verdict = Verdict.CLOSE if name in self._close else Verdict.DIFFERS
            return Finding(verdict, max(differences, default=None), self._close.get(name) or first.note)
        if looks:
            return looks[-1].finding
        if ours is None or theirs is None:
            only = "the original" if theirs is None else "the conversion"
            return Finding(Verdict.NOT_COMPARED, note=f"only {only} has it")
        if "reason" in ours or "reason" in theirs:
            return self._compare(ours, theirs, Lines(0, 0))
        return Finding(Verdict.NOT_COMPARED, note="there was no moment at which both sides had it")

    def _label(self, name: str) -> str:
        """A parameter by PyTorch's name of it: ``net.0.weight`` for ``net[0]``."""
        match = re.match(r"([\w:]+)\[(\d+)\](.*)", name)
        if match is None:
            return name
        history = self._ours if self._torch_is_original else self._theirs
        network = history.last(match.group(1)) or {}
        names, place = network.get("names", []), int(match.group(2))
        return f"{match.group(1)}.{names[place]}{match.group(3)}" if place < len(names) else name

    def _parting(self) -> Parting | None:
        """The first real difference, else the first that may be rounding."""
        apart = {name: moment for name, moment in self._apart.items() if name not in self._close} or self._apart
        if not apart:
            return None
        name, moment = min(apart.items(), key=lambda item: item[1].original)
        return Parting(self._label(name), moment.lines, moment.converted_lines, moment.turn)


def _is_statistic(ours: Any, theirs: Any) -> bool:
    """Running statistics of a normalization: MXNet updates them in the backward pass, so they agree only in the end."""
    return not (ours.get("trained", True) and theirs.get("trained", True))
