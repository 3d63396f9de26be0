"""What execution of a snippet brings back, and what comparing two sides says."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from enum import Enum

from diptych.equivalence.model import ProofResult


@dataclass(frozen=True)
class Array:
    """A tensor's values in C order: floats as double, integers and booleans as int64."""

    dtype: str  # as NumPy names it: "float32", "int64", "bool"
    shape: tuple[int, ...]
    data: array[float] | array[int]


# A tensor, a plain Python value, or a list or dictionary of such (tuples arrive as lists).
Value = Array | bool | int | float | str | None | list["Value"] | dict[str, "Value"]


@dataclass(frozen=True)
class Outcome:
    """What one side did: the named values, or the error that ended it."""

    values: dict[str, Value]
    error: str = ""


@dataclass(frozen=True)
class Agreement:
    """What comparing two values says. ``problem`` is empty where they agree within the tolerance."""

    max_difference: float = 0.0
    problem: str = ""


class Step(str, Enum):
    """What a proof consists of."""

    TORCH = "torch"  # executing the PyTorch side
    MXNET = "mxnet"
    VALUES = "values"  # comparing the two
    TO_MXNET = "to_mxnet"  # converting the PyTorch side, executing the result, comparing
    TO_TORCH = "to_torch"


@dataclass(frozen=True)
class Failure:
    """What went wrong: in which proof of a record (0-based), at which step, and what happened."""

    id: str
    proof: int
    step: Step
    message: str
    call: str = ""  # of a case; there the conversion is what is proven

    @property
    def unproves(self) -> bool:
        """Whether the record itself is in doubt, not only its conversion."""
        return bool(self.call) or self.step not in (Step.TO_MXNET, Step.TO_TORCH)

    def __str__(self) -> str:
        if self.call:
            return f"{self.id}, {self.call!r}, {self.step.value}: {self.message}"
        return f"{self.id}, proof {self.proof + 1}, {self.step.value}: {self.message}"


@dataclass(frozen=True)
class Proving:
    """The outcome of proving records: results of all of them, and why some are not proven."""

    results: tuple[ProofResult, ...]
    failures: tuple[Failure, ...] = ()
