"""What a training script does, seen from outside: passes over a loader, steps, losses.

The frameworks' observers call ``begin_pass``, ``end_pass`` and ``step`` on the script's own thread, which only note
what happened; an emitter thread reads the losses and publishes them, so that the script never waits for a value it did
not ask for. Standard library only and nothing that Python 3.8 lacks: this text is also run in kernels without diptych.
"""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    # A loss that is known, or a function that reads it: None while it is not computed yet, unless told to wait.
    Reading = float | Callable[[bool], float | None]
    Publish = Callable[[dict[str, Any]], None]

PERIOD = 0.2  # seconds between progress events at first; each costs the script about 1 ms of its interpreter's lock
SPARSER_AFTER = 1000  # a run of ten minutes reports every 0.6 s
LONGEST_PERIOD = 2.0
POINTS = 200  # at most, in one progress event


class TrainingStopped(BaseException):
    """Ends the script from inside ``backward``; not an ``Exception``, so that scripts do not catch it by accident."""


class Pass:
    """One iteration of a loader. It becomes an epoch with the first ``backward`` during it."""

    def __init__(self, length: int | None) -> None:
        self.length = length
        self.batches = 0
        self.epoch: int | None = None
        self.began = time.perf_counter()
        self.losses: list[float] = []  # filled by the emitter


class Step:
    """One ``backward``, noted on the script's thread."""

    __slots__ = ("at", "batch", "index", "iteration", "reading")

    def __init__(self, index: int, iteration: Pass | None, reading: Reading, at: float) -> None:
        self.index = index
        self.iteration = iteration
        self.batch = index + 1 if iteration is None else iteration.batches
        self.reading = reading
        self.at = at


class Recorder:
    """Collects on the script's thread, publishes from its own. ``failure`` is set when a loss is not a number."""

    def __init__(self, publish: Publish, total_epochs: Callable[[], int | None] = lambda: None) -> None:
        """``total_epochs`` is asked at the first step; None where the script does not say."""
        self.failure = ""
        self._total_epochs = total_epochs
        self._total: int | None = None
        self._publish = publish
        self._notes: deque[Callable[[bool], bool]] = deque()
        self._active: list[Pass] = []
        self._epochs = 0
        self._steps = 0
        self._running = False
        self._began: float | None = None
        self._done = 0  # batches of all epochs, of those steps that were read
        self._slice: list[Any] = []
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._emit, name="diptych-observer", daemon=True)

    # --- on the script's thread -------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to publish."""
        self._thread.start()

    def note(self, **event: Any) -> None:
        """Publish an event in its turn."""
        stamped = dict(event, sequence=0, time=time.time())
        self._notes.append(lambda _: self._publish_now(stamped))

    def running(self) -> None:
        """The script has begun to read data or to train."""
        if not self._running:
            self._running = True
            self.note(type="state", state="running")

    def begin_pass(self, length: int | None) -> Pass:
        """A loader is iterated."""
        self.running()
        iteration = Pass(length)
        self._active.append(iteration)
        return iteration

    def advance(self, iteration: Pass) -> None:
        """A loader gave a batch: steps now belong to its pass."""
        iteration.batches += 1
        if self._active and self._active[-1] is not iteration and iteration in self._active:
            self._active.remove(iteration)
            self._active.append(iteration)

    def end_pass(self, iteration: Pass) -> None:
        """A loader is exhausted, or its iterator was dropped."""
        if iteration not in self._active:
            return
        self._active.remove(iteration)
        if iteration.epoch is not None and not self.failure:
            seconds = time.perf_counter() - iteration.began
            self._notes.append(lambda _: self._end_epoch(iteration, seconds))

    def step(self, reading: Reading, environment: Callable[[], dict[str, Any]]) -> None:
        """``backward`` is called; ``environment`` is asked at the first step. Raises ``TrainingStopped`` once a loss
        has turned out not to be a finite number."""
        now = time.perf_counter()
        iteration = self._active[-1] if self._active else None
        if self._steps == 0:
            self.running()
            self._began = now if iteration is None else iteration.began
            self._total = self._total_epochs()
            self.note(type="environment", environment=environment())
        if iteration is not None and iteration.epoch is None:
            iteration.epoch = self._epochs
            self._epochs += 1
        step = Step(self._steps, iteration, reading, now)
        self._steps += 1
        if isinstance(reading, float) and not math.isfinite(reading):
            self._fail(step, reading)
        if self.failure:
            raise TrainingStopped(self.failure)
        self._notes.append(lambda wait: self._read(step, wait))

    def finish(self, completed: bool) -> None:
        """Publish all that is left; passes that were never exhausted end here if the script ran to its end. Later
        notes need a ``drain`` of their own."""
        if completed:
            for iteration in list(self._active):
                self.end_pass(iteration)
        self._closed.set()
        self._thread.join()
        self.drain(wait=True)

    @property
    def saw_steps(self) -> bool:
        """Whether ``backward`` was called at all."""
        return self._steps > 0

    @property
    def saw_epochs(self) -> bool:
        """Whether any of the steps was taken while a loader was iterated."""
        return self._epochs > 0

    # --- on the emitter's thread, and at the end on the script's --------------------------------------------------

    def _emit(self) -> None:
        began = time.perf_counter()
        period = PERIOD
        while not self._closed.wait(period):
            self.drain(wait=False)
            period = min(LONGEST_PERIOD, max(PERIOD, (time.perf_counter() - began) / SPARSER_AFTER))

    def drain(self, wait: bool) -> None:
        """Handle the notes in order, as far as their values are known."""
        while self._notes and self._notes[0](wait):
            self._notes.popleft()
        self._flush()

    def _publish_now(self, event: dict[str, Any]) -> bool:
        self._flush()
        self._publish(event)
        return True

    def _read(self, step: Step, wait: bool) -> bool:
        try:
            loss = step.reading if isinstance(step.reading, float) else step.reading(wait)
        except Exception as error:  # noqa: BLE001 -- whatever an asynchronous framework throws belongs to the script
            self.failure = self.failure or f"{type(error).__name__}: {error}"
            return True
        if loss is None:
            return False
        if not math.isfinite(loss):
            self._fail(step, loss)
            return True
        if self._slice and self._slice[-1][0].iteration is not step.iteration:
            self._flush()
        if step.iteration is not None:
            step.iteration.losses.append(loss)
        self._slice.append((step, loss))
        return True

    def _fail(self, step: Step, loss: float) -> None:
        epoch = 0 if step.iteration is None or step.iteration.epoch is None else step.iteration.epoch
        self.failure = self.failure or (
            f"The loss became {loss} at step {step.batch} of epoch {epoch}. "
            "A smaller learning rate or a look at the data usually helps."
        )

    def _end_epoch(self, iteration: Pass, seconds: float) -> bool:
        self._flush()  # the last steps of this epoch are not yet among those done
        self._done += iteration.batches
        if iteration.losses:
            average = math.fsum(iteration.losses) / len(iteration.losses)
            epoch = {"epoch": iteration.epoch, "avg_loss": average, "seconds": seconds}
            self._publish_now({"type": "epoch", "sequence": 0, "time": time.time(), "epoch": epoch})
        return True

    def _flush(self) -> None:
        """Publish the steps read since the last time, thinned evenly; the last one is always among them."""
        if not self._slice:
            return
        steps, self._slice = self._slice, []
        stride = -(-len(steps) // POINTS)
        points = steps[(len(steps) - 1) % stride :: stride]
        last: Step = steps[-1][0]
        iteration = last.iteration
        began = self._began or 0.0
        self._publish(
            {
                "type": "progress",
                "sequence": 0,
                "time": time.time(),
                "epoch": 0 if iteration is None else iteration.epoch,
                "step": last.batch,
                "steps_per_epoch": None if iteration is None else iteration.length,
                "steps": [step.index for step, _ in points],
                "losses": [loss for _, loss in points],
                "seconds": [step.at - began for step, _ in points],
                "remaining": self._remaining(last, last.at - began),
            }
        )

    def _remaining(self, last: Step, elapsed: float) -> float | None:
        iteration = last.iteration
        if iteration is None or not iteration.length or self._total is None or elapsed <= 0:
            return None
        done = self._done + last.batch
        return max(0.0, elapsed / done * float(iteration.length * self._total - done))
