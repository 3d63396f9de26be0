"""Scripts that really run, from the queue to the store."""

from __future__ import annotations

import os
import signal
import statistics
from pathlib import Path

import pytest

from diptych.equivalence.model import Framework
from diptych.training.errors import RunIsActive, ServiceClosed, UnknownDevice, UnknownRun
from diptych.training.model import (
    EnvironmentEvent,
    Event,
    OutputEvent,
    Parameters,
    ProgressEvent,
    RunRequest,
    RunState,
    Script,
    StateEvent,
)
from diptych.training.service import TrainingService

from .running import ENDLESS, SMALL, TORCH_SCRIPT, finish, request, until_printed, until_reason

pytestmark = pytest.mark.frameworks


def printed(events: list[Event]) -> str:
    return "".join(event.text for event in events if isinstance(event, OutputEvent))


def states(events: list[Event]) -> list[RunState]:
    return [event.state for event in events if isinstance(event, StateEvent)]


async def test_both_examples_train_on_mnist(service: TrainingService) -> None:
    started = await service.start(RunRequest(parameters=Parameters(epochs=1), threads=1))
    for run in started.runs:
        events = [event async for event in service.follow(run.id)]
        assert [event.sequence for event in events] == list(range(1, len(events) + 1))
        waited = [RunState.QUEUED] if run is not started.runs[0] else []
        assert states(events) == [*waited, RunState.STARTING, RunState.RUNNING, RunState.FINISHED]
        progress = [event for event in events if isinstance(event, ProgressEvent)]
        assert [event.step for event in progress] == sorted(event.step for event in progress)
        assert progress[-1].step == progress[-1].steps_per_epoch == 469
        done = await service.run(run.id)
        assert len(done.epochs) == 1
        assert f"avg loss {done.epochs[0].avg_loss:.4f}" in printed(events)
        assert done.test_accuracy is not None
        assert done.test_accuracy > 0.93
        assert f"test accuracy {done.test_accuracy:.4f}" in printed(events)
        assert done.environment is not None
        assert (done.environment.threads, done.environment.device) == (1, "cpu")
    comparison = await service.comparison(started.comparison)
    first, second = [(await service.run(run.id)).epochs[0].seconds for run in started.runs]
    assert comparison.ratio == pytest.approx(first / second)


@pytest.mark.parametrize("framework", list(Framework))
async def test_losses_are_those_the_script_prints(service: TrainingService, framework: Framework) -> None:
    run, events = await finish(service, request(framework, SMALL[framework], epochs=3))
    assert run.state is RunState.FINISHED
    own = [float(line.split()[-1]) for line in printed(events).splitlines()]
    assert [epoch.avg_loss for epoch in run.epochs] == pytest.approx(own, rel=1e-6)
    assert len(own) == 3  # evaluation passes are no epochs
    losses = [loss for event in events if isinstance(event, ProgressEvent) for loss in event.losses]
    assert statistics.fmean(losses[:5]) == pytest.approx(own[0], rel=1e-6)
    assert (run.test_accuracy, run.total_epochs) == (0.5, 3)


@pytest.mark.parametrize("framework", list(Framework))
async def test_a_loss_that_explodes_ends_the_run(service: TrainingService, framework: Framework) -> None:
    run, _ = await finish(service, request(framework, SMALL[framework], learning_rate=1e30, epochs=50))
    assert run.state is RunState.FAILED
    assert run.reason.startswith("The loss became ")
    assert run.test_accuracy is None


async def test_a_script_runs_as_it_would_alone(service: TrainingService, tmp_path: Path) -> None:
    (tmp_path / "neighbour.py").write_text("word = 'beside'\n")
    path = tmp_path / "script.py"
    path.write_text("print('the text of the file')\n")
    text = (
        "import os, sys, neighbour\n"
        "print(__name__, os.path.basename(__file__), sys.argv[1:], neighbour.word, os.getcwd())\n"
        "import __main__\nprint(__main__.neighbour.word)\n"
    )
    wanted = RunRequest(
        frameworks=(Framework.PYTORCH,),
        threads=1,
        scripts={Framework.PYTORCH: Script(text, str(path), ("--fast", "a b"))},
    )
    run, events = await finish(service, wanted)
    assert printed(events) == f"__main__ script.py ['--fast', 'a b'] beside {tmp_path}\nbeside\n"
    assert (run.state, run.test_accuracy) == (RunState.FINISHED, None)
    assert "backward was never called" in run.reason


async def test_line_numbers_are_the_scripts_own(service: TrainingService) -> None:
    text = TORCH_SCRIPT.replace("test_accuracy = torch.tensor(0.5)", "nowhere")
    line = text.splitlines().index("nowhere") + 1
    run, events = await finish(service, request(Framework.PYTORCH, text, epochs=1))
    assert run.state is RunState.FAILED
    assert run.reason == f"NameError: name 'nowhere' is not defined (line {line})"
    assert f'File "<script>", line {line}' in printed(events)
    assert "_diptych" not in printed(events)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("import no_such_package\n", "ModuleNotFoundError: No module named 'no_such_package' (line 1)"),
        ("x = 1\nx = = 2\n", "SyntaxError: invalid syntax (line 2)"),
        ("import sys\nsys.exit(3)\n", "The script ended itself with sys.exit(3)."),
        ("import os\nos._exit(7)\n", "exit code 7"),
        ("raise KeyboardInterrupt\n", "KeyboardInterrupt"),
    ],
    ids=["import error", "syntax error", "exit", "hard exit", "interrupt of its own"],
)
async def test_each_failure_has_its_reason(service: TrainingService, text: str, reason: str) -> None:
    run, _ = await finish(service, request(Framework.PYTORCH, text))
    assert run.state is RunState.FAILED
    assert reason in run.reason


async def test_a_killed_process_is_a_failed_run(service: TrainingService) -> None:
    started = await service.start(request(Framework.PYTORCH, ENDLESS))
    run_id = started.runs[0].id
    os.kill(int(await until_printed(service, run_id, "pid ")), signal.SIGKILL)
    events = [event async for event in service.follow(run_id)]
    run = await service.run(run_id)
    assert states(events)[-1] is run.state is RunState.FAILED
    assert "SIGKILL" in run.reason
    assert run.ended is not None


async def test_cancelling_stops_the_script_and_its_process(service: TrainingService) -> None:
    started = await service.start(request(Framework.PYTORCH, ENDLESS))
    run_id = started.runs[0].id
    process = int(await until_printed(service, run_id, "pid "))
    with pytest.raises(RunIsActive):
        await service.delete(run_id)
    await service.cancel(run_id)
    events = [event async for event in service.follow(run_id)]
    assert states(events)[-1] is RunState.CANCELLED
    assert not Path(f"/proc/{process}").exists()
    assert (await service.cancel(run_id)).state is RunState.CANCELLED  # and that changes nothing
    await service.delete(run_id)
    with pytest.raises(UnknownRun):
        await service.run(run_id)


async def test_a_script_that_will_not_stop_is_killed(service: TrainingService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("diptych.training.side.GRACE", 0.5)
    stubborn = "import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nprint('on it', 1)\ntime.sleep(60)\n"
    started = await service.start(request(Framework.PYTORCH, stubborn))
    await until_printed(service, started.runs[0].id, "on it")
    await service.cancel(started.runs[0].id)
    events = [event async for event in service.follow(started.runs[0].id)]
    assert states(events)[-1] is RunState.CANCELLED


async def test_runs_wait_for_each_other_and_can_be_cancelled_meanwhile(service: TrainingService) -> None:
    first = (await service.start(request(Framework.PYTORCH, ENDLESS))).runs[0].id
    await until_printed(service, first, "pid ")
    second = (await service.start(request(Framework.PYTORCH, TORCH_SCRIPT))).runs[0].id
    await until_reason(service, second, "Waiting")
    waiting = await service.run(second)
    assert (waiting.state, waiting.reason) == (RunState.QUEUED, "Waiting for the runs that were started before it.")
    assert (await service.cancel(second)).state is RunState.CANCELLED
    await service.cancel(first)
    assert [run.id for run in (await service.runs())[0]] == [second, first]


async def test_the_threads_are_measured_and_equal(service: TrainingService) -> None:
    scripts = {framework: Script(text) for framework, text in SMALL.items()}
    started = await service.start(RunRequest(scripts=scripts, parallel=True))
    threads = set()
    for run in started.runs:
        events = [event async for event in service.follow(run.id)]
        assert any("how many threads" in event.reason for event in events if isinstance(event, StateEvent))
        threads |= {event.environment.threads for event in events if isinstance(event, EnvironmentEvent)}
    assert len(threads) == 1


async def test_an_unknown_device_starts_nothing(service: TrainingService) -> None:
    with pytest.raises(UnknownDevice, match="Available: cpu"):
        await service.start(RunRequest(device="cuda:7"))
    assert await service.runs() == ((), 0)


async def test_following_again_replays_the_rest(service: TrainingService) -> None:
    run, events = await finish(service, request(Framework.PYTORCH, TORCH_SCRIPT))
    for since in (0, 3, run.sequence, run.sequence + 5):
        assert [event async for event in service.follow(run.id, since)] == events[since:]
        assert list(await service.events(run.id, since)) == events[since:]


async def test_unknown_runs_are_told_so(service: TrainingService) -> None:
    with pytest.raises(UnknownRun, match="no run 'gone'"):
        await service.run("gone")
    with pytest.raises(UnknownRun):
        await service.cancel("gone")
    with pytest.raises(UnknownRun):
        await anext(service.follow("gone"))
    with pytest.raises(UnknownRun):
        await service.compare(["gone"])
    with pytest.raises(UnknownRun):
        await service.comparison("gone")


async def test_a_script_without_loader_says_why_there_are_no_epochs(service: TrainingService) -> None:
    text = "import torch\nw = torch.ones(2, requires_grad=True)\n(w * w).sum().backward()\ntest_accuracy = 'good'\n"
    run, events = await finish(service, request(Framework.PYTORCH, text))
    assert (run.state, run.epochs, run.test_accuracy) == (RunState.FINISHED, (), None)
    assert "without iterating a DataLoader" in run.reason
    assert [event.losses for event in events if isinstance(event, ProgressEvent)] == [(2.0,)]


async def test_closing_interrupts_what_is_under_way() -> None:
    service = TrainingService()
    run_id = (await service.start(request(Framework.PYTORCH, ENDLESS))).runs[0].id
    process = int(await until_printed(service, run_id, "pid "))
    await service.close()
    assert not Path(f"/proc/{process}").exists()
    with pytest.raises(ServiceClosed):
        await service.runs()
    later = TrainingService()
    run = await later.run(run_id)
    assert (run.state, "stopped" in run.reason) == (RunState.INTERRUPTED, True)
    await later.close()
