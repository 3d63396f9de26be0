"""Runs, their events and their comparison: the shapes that are stored, sent and shown."""

from __future__ import annotations

from enum import Enum

import msgspec

from diptych.equivalence.model import Framework


class RunState(str, Enum):
    """Where a run is; the last four are final."""

    QUEUED = "queued"
    STARTING = "starting"  # the process starts, imports, measures threads
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"  # an error in the script, a NaN loss, a killed kernel: `reason` says which
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"  # its owner (the server) died

    @property
    def final(self) -> bool:
        """Whether a run in this state has ended."""
        return self not in (RunState.QUEUED, RunState.STARTING, RunState.RUNNING)


class Parameters(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the form sets, by the names used in a script's ``# %% tags=["parameters"]`` cell. None: leave as it is."""

    epochs: int | None = None
    batch_size: int | None = None
    learning_rate: float | None = None
    seed: int | None = None


class Script(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The code of one side. ``path`` is what ``__file__`` and the working directory come from, ``text`` what is run
    (the file's own text, or what the user edited)."""

    text: str
    path: str = ""
    arguments: tuple[str, ...] = ()


class ScriptParameter(msgspec.Struct, frozen=True):
    """A name that a script assigns in its parameters cell. ``default`` is source text; ``value`` the same as a number,
    string or truth value, None where it is none of these (``mx.cpu()``)."""

    name: str
    default: str
    value: bool | int | float | str | None = None


class RunRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One press of a button: one run per framework and repeat, all under one comparison id.

    A framework without an entry in ``scripts`` runs the shipped example."""

    frameworks: tuple[Framework, ...] = (Framework.PYTORCH, Framework.MXNET)
    device: str = "cpu"
    parameters: Parameters = Parameters()
    repeats: int = 1
    threads: int | None = None  # None: chosen by a short measurement
    parallel: bool = False  # True runs both sides at once (they then compete for the cores)
    scripts: dict[Framework, Script] = {}


class Epoch(msgspec.Struct, frozen=True):
    """One pass over the training data: the mean of its steps' losses, and the wall-clock time it took."""

    epoch: int  # 0-based, as the article prints it
    avg_loss: float
    seconds: float


class Environment(msgspec.Struct, frozen=True):
    """What the numbers were measured on."""

    python: str = ""
    framework: str = ""  # version
    numpy: str = ""
    platform: str = ""
    processor: str = ""
    cores: int = 0
    threads: int = 0
    device: str = ""


class Run(msgspec.Struct, frozen=True):
    """One framework, one process, one pass over a script."""

    id: str
    comparison: str
    framework: Framework
    device: str
    repeat: int
    parameters: Parameters
    state: RunState = RunState.QUEUED
    reason: str = ""
    created: float = 0.0  # seconds since the Unix epoch
    started: float | None = None
    ended: float | None = None
    epochs: tuple[Epoch, ...] = ()
    total_epochs: int | None = None
    test_accuracy: float | None = None  # None: not measured
    environment: Environment | None = None
    parallel: bool = False  # the other side ran at the same time and competed for the cores
    sequence: int = 0  # of the last event


class StateEvent(msgspec.Struct, frozen=True, tag="state", tag_field="type"):
    """The run entered a state, or the reason why it stays in one changed (a queued run says what it waits for)."""

    sequence: int
    time: float
    state: RunState
    reason: str = ""


class EnvironmentEvent(msgspec.Struct, frozen=True, tag="environment", tag_field="type"):
    """What the run is measured on, told at its first step."""

    sequence: int
    time: float
    environment: Environment


class ProgressEvent(msgspec.Struct, frozen=True, tag="progress", tag_field="type"):
    """A thinned slice of the loss curve: ``steps[i]`` (0-based over the whole run) had loss ``losses[i]`` at
    ``seconds[i]`` since training began. ``remaining`` is the estimate in seconds, None while unknown."""

    sequence: int
    time: float
    epoch: int
    step: int  # steps done in this epoch
    steps_per_epoch: int | None
    steps: tuple[int, ...]
    losses: tuple[float, ...]
    seconds: tuple[float, ...]
    remaining: float | None = None


class EpochEvent(msgspec.Struct, frozen=True, tag="epoch", tag_field="type"):
    """A pass over the training data ended."""

    sequence: int
    time: float
    epoch: Epoch


class OutputEvent(msgspec.Struct, frozen=True, tag="output", tag_field="type"):
    """What the script printed."""

    sequence: int
    time: float
    stream: str  # "stdout" | "stderr"
    text: str


class ResultEvent(msgspec.Struct, frozen=True, tag="result", tag_field="type"):
    """The script ended; ``test_accuracy`` is its variable of that name, None if it has none."""

    sequence: int
    time: float
    test_accuracy: float | None


Event = StateEvent | EnvironmentEvent | ProgressEvent | EpochEvent | OutputEvent | ResultEvent


class Spread(msgspec.Struct, frozen=True):
    """Seconds an epoch over all epochs of all repeats of one framework."""

    framework: Framework
    median: float
    low: float
    high: float
    count: int


class Comparison(msgspec.Struct, frozen=True):
    """Pure function of its runs. ``ratio`` is median seconds an epoch, PyTorch over MXNet; ``verdict`` a plain
    sentence, which says so when the difference is within the noise."""

    id: str
    runs: tuple[Run, ...]
    spreads: tuple[Spread, ...] = ()
    ratio: float | None = None
    within_noise: bool | None = None
    verdict: str = ""
