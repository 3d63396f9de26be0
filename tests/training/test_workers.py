"""Loaders that read in worker processes: they see the code and the parameters of the run, not those of the file."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from diptych.equivalence.model import Framework
from diptych.training.model import OutputEvent, Parameters, RunRequest, RunState, Script
from diptych.training.service import TrainingService

from .running import finish

pytestmark = pytest.mark.frameworks

TORCH = """\
import os
import torch
from torch.utils.data import DataLoader, Dataset

# %% tags=["parameters"]
learning_rate = 0.0

# %%
class Own(Dataset):
    def __len__(self):
        return 8

    def __getitem__(self, index):
        return torch.full((3,), learning_rate), os.getpid()

weight = torch.ones(3, requires_grad=True)
readers = set()
for epoch in range(2):
    for X, pids in DataLoader(Own(), batch_size=2, num_workers=2):
        (weight * X).mean().backward()
        readers |= set(pids.tolist())
print(len(readers), os.getpid() in readers)
"""

MXNET = """\
import os
import mxnet as mx
from mxnet.gluon.data import DataLoader, Dataset

# %% tags=["parameters"]
learning_rate = 0.0

# %%
class Own(Dataset):
    def __len__(self):
        return 8

    def __getitem__(self, index):
        return mx.nd.full((3,), learning_rate), os.getpid()

weight = mx.nd.ones((3,))
weight.attach_grad()
readers = set()
for epoch in range(2):
    for X, pids in DataLoader(Own(), batch_size=2, num_workers=2):
        with mx.autograd.record():
            loss = (weight * X).mean()
        loss.backward()
        readers |= set(pids.asnumpy().tolist())
print(len(readers) > 0, os.getpid() in readers)
"""

SCRIPTS = {Framework.PYTORCH: TORCH, Framework.MXNET: MXNET}


def left_behind() -> list[psutil.Process]:
    """The processes below this one, but for the one that Python keeps for pools of other tests."""
    children = psutil.Process().children(recursive=True)
    return [child for child in children if "resource_tracker" not in " ".join(child.cmdline())]


def with_rate(framework: Framework, script: Script) -> RunRequest:
    """One run with a learning rate that only the form knows."""
    return RunRequest((framework,), threads=1, scripts={framework: script}, parameters=Parameters(learning_rate=0.25))


@pytest.mark.parametrize("saved", [False, True], ids=["text alone", "a file that reads otherwise"])
@pytest.mark.parametrize("framework", list(Framework))
async def test_workers_see_the_run_as_it_is(
    service: TrainingService, tmp_path: Path, framework: Framework, saved: bool
) -> None:
    path = tmp_path / "script.py"
    path.write_text("raise RuntimeError('the file as it was before it was edited')\n")
    run, events = await finish(service, with_rate(framework, Script(SCRIPTS[framework], str(path) if saved else "")))
    assert (run.state, run.reason) == (RunState.FINISHED, "")
    assert [epoch.avg_loss for epoch in run.epochs] == [0.25, 0.25]
    printed = "".join(event.text for event in events if isinstance(event, OutputEvent) and event.stream == "stdout")
    assert printed.split()[-1] == "False"  # read by others than the script's own process
    assert not left_behind()


@pytest.mark.parametrize("way", ["spawn", "forkserver"])
async def test_workers_that_would_read_the_file_anew_are_refused(
    service: TrainingService, tmp_path: Path, way: str
) -> None:
    text = TORCH.replace("num_workers=2", f"num_workers=2, multiprocessing_context='{way}'")
    path = tmp_path / "script.py"
    path.write_text(text)
    run, _ = await finish(service, with_rate(Framework.PYTORCH, Script(text, str(path))))
    assert run.state is RunState.FAILED
    assert "Worker processes are only forked here" in run.reason
    assert "num_workers=0" in run.reason
