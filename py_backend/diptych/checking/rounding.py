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
_NOISE = 1e-6  # gradients below this that should be 0, such as a bias's before a normalization


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


def is_noise(ours: Any, theirs: Any, our_gradient: Any, their_gradient: Any, left: float) -> bool:
    """Whether two encoded parameters differ only where both gradients are rounding: near 0, and not 0 on both sides.
    Elsewhere they may differ by ``left`` of the largest number: what such steps left behind."""
    values = [decoded(encoded) for encoded in (ours, theirs, our_gradient, their_gradient)]
    arrays = [value for value in values if isinstance(value, Array)]
    if len(arrays) != 4 or len({len(array.data) for array in arrays}) != 1:
        return False
    allowed = max(map(abs, arrays[0].data), default=0.0) * left
    for a, b, ga, gb in zip(*(array.data for array in arrays), strict=True):
        noisy = abs(ga) <= _NOISE and abs(gb) <= _NOISE and (ga != 0 or gb != 0)
        if not (noisy or abs(a - b) <= max(1e-5 + 1e-4 * abs(b), allowed)):
            return False
    return True


def _within(finding: Finding, part: float) -> bool:
    return finding.difference is not None and finding.difference <= part * finding.scale
