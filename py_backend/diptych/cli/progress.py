"""How runs proceed: a live bar for each on a terminal, a line an epoch when piped."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from diptych.equivalence.model import Framework
from diptych.training.model import EpochEvent, Event, OutputEvent, ProgressEvent, Run, RunState, StateEvent

NAMES = {Framework.PYTORCH: "PyTorch", Framework.MXNET: "MXNet"}


def title(run: Run, repeats: int) -> str:
    """The framework, and which repeat it is where there are several."""
    return NAMES[run.framework] + (f" {run.repeat + 1}/{repeats}" if repeats > 1 else "")


class Lines:
    """For pipes and logs."""

    def __init__(self, console: Console, runs: Sequence[Run]) -> None:
        self._console = console
        self._repeats = max(run.repeat for run in runs) + 1

    def __enter__(self) -> Lines:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def tell(self, run: Run, event: Event) -> None:
        """Print states and epochs."""
        name = title(run, self._repeats)
        if isinstance(event, EpochEvent):
            told = f"epoch {event.epoch.epoch}, avg loss {event.epoch.avg_loss:.4f}, time {event.epoch.seconds:.2f}"
        elif isinstance(event, StateEvent):
            told = f"{event.state.value}{f': {event.reason}' if event.reason else ''}"
        else:
            return
        self._console.print(f"{name}: {told}", markup=False)


class Bars:
    """For people: steps of all epochs, the loss of the last step, and the time that is left."""

    def __init__(self, console: Console, runs: Sequence[Run]) -> None:
        self._repeats = max(run.repeat for run in runs) + 1
        columns = (
            TextColumn("{task.fields[name]:<12}"),
            BarColumn(bar_width=30),
            TextColumn("{task.percentage:>3.0f}%"),
            TextColumn("{task.fields[told]}"),
        )
        self._bars = Progress(*columns, console=console, refresh_per_second=10)
        self._console = console
        self._tasks: dict[str, TaskID] = {
            run.id: self._bars.add_task("", total=None, name=title(run, self._repeats), told="queued") for run in runs
        }

    def __enter__(self) -> Bars:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def tell(self, run: Run, event: Event) -> None:
        """Move the run's bar; what the script writes to standard error is printed above the bars."""
        task = self._tasks[run.id]
        if isinstance(event, ProgressEvent):
            self._progress(task, run, event)
        elif isinstance(event, EpochEvent):
            epoch = event.epoch
            self._bars.console.print(
                f"{title(run, self._repeats)}: epoch {epoch.epoch}, avg loss {epoch.avg_loss:.4f}, "
                f"time {epoch.seconds:.2f}"
            )
        elif isinstance(event, StateEvent):
            self._bars.update(task, told=escape(event.state.value + (f": {event.reason}" if event.reason else "")))
            if event.state is RunState.FINISHED:
                self._bars.update(task, total=1, completed=1)
        elif isinstance(event, OutputEvent) and event.stream == "stderr":
            self._console.print(event.text.rstrip("\n"), markup=False, style="dim")

    def _progress(self, task: TaskID, run: Run, event: ProgressEvent) -> None:
        total = event.steps_per_epoch * run.total_epochs if event.steps_per_epoch and run.total_epochs else None
        done = event.epoch * event.steps_per_epoch + event.step if event.steps_per_epoch else event.step
        parts = [
            f"epoch {event.epoch + 1}/{run.total_epochs or '?'}",
            f"batch {event.step}/{event.steps_per_epoch or '?'}",
        ]
        if event.losses:
            parts.append(f"loss {event.losses[-1]:.4f}")
        if event.remaining is not None:
            parts.append(f"{event.remaining:.0f} s left")
        self._bars.update(task, total=total, completed=done, told=", ".join(parts))
