"""Whether a difference can be rounding that added up, told from what came before it. In doubt it can't."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from diptych.checking.check_model import Verdict
from diptych.checking.model import Array
from diptych.checking.verdicts import Finding, decoded

ADDED_UP = "it was equal to the last digits at first; rounding adds up from pass to pass"
DERIVED = "it is computed from values that differ by rounding"
NOISE = "its gradients are rounding alone, and the optimizer makes steps of them"
_LAST_DIGITS = 2e-6  # of the largest number: what float32 loses in one pass of a program
_ADDED = 5e-2  # of the largest number: what it may lose in many
_ADDED_TO_GRADIENTS = 0.5
_DERIVED = 2e-3
_NOISE = 1e-6  # gradients below this may be what is left of 0, such as a bias's before a normalization
_UNLIKE = 1e-2  # of themselves: they are if both sides don't agree on them; small ones that agree are real


@dataclass(frozen=True)
class Look:
    """What one comparison of a name found; ``renewed`` where both sides have computed the value anew."""

    finding: Finding
    renewed: bool


def added_up(looks: list[Look], gradient: bool) -> bool:
    """Whether the value was computed anew and equal to the last digits before it first differed, and never differed by
    more than many passes can explain. A gradient follows every small difference of its weights."""
    first = next(place for place, look in enumerate(looks) if look.finding.verdict is Verdict.DIFFERS)
    before = looks[:first]
    digits = _LAST_DIGITS * 10 if gradient else _LAST_DIGITS  # a gradient is a sum whose parts cancel
    tight = all(_within(look.finding, digits) for look in before)
    most = _ADDED_TO_GRADIENTS if gradient else _ADDED
    return tight and any(look.renewed for look in before) and all(_within(look.finding, most) for look in looks)


def derived(looks: list[Look], noise: float) -> bool:
    """Whether a value computed from such values differs as little as they make it: by a small part of itself, or by no
    more than ``noise``, the largest difference of the parameters that move by rounding alone."""
    return all(_within(look.finding, _DERIVED) or (look.finding.difference or noise + 1) <= noise for look in looks)


def is_noise(ours: Any, theirs: Any, gradients: list[tuple[Any, Any]], left: float) -> bool:
    """Whether two encoded parameters differ only in places where the gradients of some pass were rounding: near 0, and
    not the same on both sides. Elsewhere they may differ by ``left`` of the largest number: such steps leave that."""
    if "array" not in ours or "array" not in theirs:
        return False
    a, b = decoded(ours), decoded(theirs)
    if not isinstance(a, Array) or not isinstance(b, Array) or a.shape != b.shape:
        return False
    allowed = max(map(abs, a.data), default=0.0) * left
    apart = [abs(x - y) > max(1e-5 + 1e-4 * abs(y), allowed) for x, y in zip(a.data, b.data, strict=True)]
    for pair in gradients:
        if not all("array" in each for each in pair):
            continue
        ga, gb = map(decoded, pair)
        if isinstance(ga, Array) and isinstance(gb, Array) and len(ga.data) == len(gb.data) == len(apart):
            apart = [far and not _noisy(x, y) for far, x, y in zip(apart, ga.data, gb.data, strict=True)]
    return not any(apart)


def _noisy(a: float, b: float) -> bool:
    largest = max(abs(a), abs(b))
    return 0 < largest <= _NOISE and abs(a - b) > _UNLIKE * largest


def _within(finding: Finding, part: float) -> bool:
    return finding.difference is not None and finding.difference <= part * finding.scale
