"""The table of a comparison, as in the article: epoch, average loss, time; and what it was measured on."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

from diptych.cli import terminal
from diptych.cli.progress import NAMES, title
from diptych.training.model import Comparison, Environment, Run, RunState


def print_comparison(writer: Console, comparison: Comparison) -> None:
    """Losses and seconds of every run, best and last, test accuracy, the ratio and the verdict."""
    runs = sorted(comparison.runs, key=lambda run: (run.repeat, run.framework.value != "pytorch"))
    repeats = max(run.repeat for run in runs) + 1
    for repeat in range(repeats):
        _print_epochs(writer, [run for run in runs if run.repeat == repeat], repeats)
    _print_summary(writer, runs, comparison, repeats)
    if comparison.ratio is not None:
        writer.print(f"ratio (PyTorch / MXNet, median seconds an epoch): {comparison.ratio:.2f}")
    if comparison.verdict:
        writer.print(comparison.verdict, markup=False, soft_wrap=True)
    writer.print()
    for line in dict.fromkeys(f"{NAMES[run.framework]}: {_measured_on(run)}" for run in runs):
        writer.print(line, markup=False, soft_wrap=True)


def _print_epochs(writer: Console, runs: Sequence[Run], repeats: int) -> None:
    headers = [header for run in runs for header in (f"{title(run, repeats)} avg loss", "time")]
    rows = terminal.table(writer, "epoch", *headers)
    for column in rows.columns:
        column.justify = "right"
    for index in range(max((len(run.epochs) for run in runs), default=0)):
        cells = [cell for run in runs for cell in _epoch(run, index)]
        rows.add_row(str(index), *cells)
    if rows.row_count:
        writer.print(rows)


def _epoch(run: Run, index: int) -> tuple[str, str]:
    if index >= len(run.epochs):
        return "-", "-"
    return f"{run.epochs[index].avg_loss:.4f}", f"{run.epochs[index].seconds:.2f}"


def _print_summary(writer: Console, runs: Sequence[Run], comparison: Comparison, repeats: int) -> None:
    medians = {spread.framework: spread for spread in comparison.spreads}
    rows = terminal.table(writer, "", "state", "best loss", "last loss", "median s/epoch", "test accuracy")
    for run in runs:
        losses = [epoch.avg_loss for epoch in run.epochs]
        spread = medians.get(run.framework)
        rows.add_row(
            title(run, repeats),
            run.state.value + (f": {run.reason}" if run.reason and run.state is not RunState.FINISHED else ""),
            f"{min(losses):.4f}" if losses else "-",
            f"{losses[-1]:.4f}" if losses else "-",
            f"{spread.median:.2f} ({spread.low:.2f} to {spread.high:.2f})" if spread else "-",
            "not measured" if run.test_accuracy is None else f"{run.test_accuracy:.2%}",
        )
    writer.print(rows)


def _measured_on(run: Run) -> str:
    environment = run.environment or Environment()
    threads = f"{environment.threads} thread{'s' if environment.threads != 1 else ''} of {environment.cores} cores"
    parts = (
        environment.framework,
        f"Python {environment.python}" if environment.python else "",
        f"NumPy {environment.numpy}" if environment.numpy else "",
        environment.device or run.device,
        threads if environment.threads else "",
        environment.processor,
        environment.platform,
        "both sides at the same time" if run.parallel else "",
    )
    return ", ".join(part for part in parts if part)
