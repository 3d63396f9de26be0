"""What two frameworks' runs say about each other, and how far that can be trusted."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence

from diptych.equivalence.model import Framework
from diptych.training.model import Comparison, Run, RunState, Spread

NEGLIGIBLE = 0.03  # a difference below 3 % is never called one: repeated runs on a quiet machine differ by as much
ENOUGH = 4  # epochs a side: by chance alone four and four lie wholly apart once in 35 times, three and three in 10
MANY = 8  # from here on single outliers are left out: the middle halves are compared instead of the whole ranges
_NAMES = {Framework.PYTORCH: "PyTorch", Framework.MXNET: "MXNet"}


def compare(runs: Sequence[Run]) -> Comparison:
    """Compare the seconds an epoch of all finished runs, the epochs of one framework's repeats taken together.

    ``low`` and ``high`` of a spread are the fastest and the slowest epoch. The difference is within the noise when the
    two sides' epochs overlap (their middle halves, with eight or more each) or the medians differ by less than 3 %;
    None with fewer than four epochs on a side, which can't tell."""
    seconds = {framework: _seconds(runs, framework) for framework in Framework}
    measured = [framework for framework in Framework if seconds[framework]]
    comparisons = {run.comparison for run in runs}
    ratio = within_noise = None
    if len(measured) == 2:
        torch, mxnet = seconds[Framework.PYTORCH], seconds[Framework.MXNET]
        ratio = _ratio(torch, mxnet)
        within_noise = _within_noise(torch, mxnet)
    return Comparison(
        id=comparisons.pop() if len(comparisons) == 1 else "",
        runs=tuple(runs),
        spreads=tuple(_spread(framework, seconds[framework]) for framework in measured),
        ratio=ratio,
        within_noise=within_noise,
        verdict=" ".join(_sentences(runs, seconds, ratio, within_noise)),
    )


def _seconds(runs: Iterable[Run], framework: Framework) -> list[float]:
    finished = (run for run in runs if run.framework is framework and run.state is RunState.FINISHED)
    return [epoch.seconds for run in finished for epoch in run.epochs]


def _spread(framework: Framework, seconds: list[float]) -> Spread:
    return Spread(framework, statistics.median(seconds), min(seconds), max(seconds), len(seconds))


def _ratio(torch: list[float], mxnet: list[float]) -> float | None:
    below = statistics.median(mxnet)
    return statistics.median(torch) / below if below > 0 else None


def _within_noise(one: list[float], other: list[float]) -> bool | None:
    if min(len(one), len(other)) < ENOUGH:
        return None
    first, second = statistics.median(one), statistics.median(other)
    if abs(first - second) <= NEGLIGIBLE * max(first, second):
        return True
    many = min(len(one), len(other)) >= MANY
    (low, high), (other_low, other_high) = (_middle(side) if many else (min(side), max(side)) for side in (one, other))
    return low <= other_high and other_low <= high


def _middle(seconds: list[float]) -> tuple[float, float]:
    lower, _, upper = statistics.quantiles(seconds, n=4, method="inclusive")
    return lower, upper


def _sentences(
    runs: Sequence[Run], seconds: dict[Framework, list[float]], ratio: float | None, within_noise: bool | None
) -> list[str]:
    sentences = [_unfinished(run) for run in runs if run.state is not RunState.FINISHED]
    measured = [framework for framework in Framework if seconds[framework]]
    if measured:
        sentences.append(", ".join(_measured(framework, seconds[framework]) for framework in measured) + ".")
    if ratio is not None:
        sentences += [_difference(ratio, within_noise), *_cautions(runs)]
    elif not sentences:
        sentences.append("No epochs were measured.")
    return sentences


def _unfinished(run: Run) -> str:
    ended = f" ({run.reason.rstrip('.')})" if run.state.final and run.reason else ""
    return f"{_NAMES[run.framework]}: {run.state.value}{ended}."


def _measured(framework: Framework, seconds: list[float]) -> str:
    median = f"{_NAMES[framework]} took {statistics.median(seconds):.2f} s an epoch"
    if len(seconds) == 1:
        return f"{median} (one epoch)"
    return f"{median} (median of {len(seconds)}, {min(seconds):.2f} to {max(seconds):.2f})"


def _difference(ratio: float, within_noise: bool | None) -> str:
    if within_noise:
        return "The difference is within the noise: neither was faster here."
    faster, slower, factor = ("MXNet", "PyTorch", ratio) if ratio >= 1 else ("PyTorch", "MXNet", 1 / max(ratio, 1e-12))
    sentence = f"{faster} was {factor:.2f} times as fast as {slower}"
    if within_noise is None:
        return f"{sentence}, but so few epochs can't tell that from noise: take {ENOUGH} or more, or repeats."
    return f"{sentence} in this setting."


def _cautions(runs: Sequence[Run]) -> list[str]:
    finished = [run for run in runs if run.state is RunState.FINISHED and run.epochs]
    environments = [run.environment for run in finished if run.environment is not None]
    aspects: dict[str, set[str]] = {
        "devices": {environment.device.partition(" ")[0] for environment in environments},
        "thread counts": {str(environment.threads) for environment in environments},
        "processors": {environment.processor for environment in environments},
        "batch sizes": {str(run.parameters.batch_size) for run in finished if run.parameters.batch_size},
    }
    differing = [name for name, values in aspects.items() if len(values) > 1]
    cautions = [f"The runs had different {' and '.join(differing)}: compare with care."] if differing else []
    if any(run.parallel for run in finished):
        cautions.append("Both sides ran at the same time and competed for the cores.")
    return cautions
