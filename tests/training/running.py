"""Small scripts that really train, and how to run them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from diptych.equivalence.model import Framework
from diptych.training.model import Event, OutputEvent, Parameters, Run, RunRequest, Script
from diptych.training.service import TrainingService

TORCH_SCRIPT = '''\
"""A few steps on random numbers."""
import torch
from torch.utils.data import DataLoader, TensorDataset

# %% tags=["parameters"]
epochs = 2
learning_rate = 0.1
seed = 0

# %%
torch.manual_seed(seed)
data = TensorDataset(torch.rand(40, 4), torch.rand(40, 1))
train_data, test_data = DataLoader(data, batch_size=8), DataLoader(data, batch_size=8)
net = torch.nn.Linear(4, 1)
trainer = torch.optim.SGD(net.parameters(), lr=learning_rate)
for epoch in range(epochs):
    total_loss = 0.0
    for X, y in train_data:
        trainer.zero_grad()
        loss = torch.nn.functional.mse_loss(net(X), y)
        loss.backward()
        trainer.step()
        total_loss += loss.item()
    print("avg loss", total_loss / len(train_data))
    for X, y in test_data:  # an evaluation pass
        net(X)
test_accuracy = torch.tensor(0.5)
'''

MXNET_SCRIPT = '''\
"""A few steps on random numbers."""
import mxnet as mx
from mxnet import autograd, gluon

# %% tags=["parameters"]
epochs = 2
learning_rate = 0.1
seed = 0

# %%
mx.random.seed(seed)
data = gluon.data.ArrayDataset(mx.nd.random.uniform(shape=(40, 4)), mx.nd.random.uniform(shape=(40, 1)))
train_data, test_data = gluon.data.DataLoader(data, batch_size=8), gluon.data.DataLoader(data, batch_size=8)
net = gluon.nn.Dense(1)
net.initialize()
loss_fn = gluon.loss.L2Loss()
trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": learning_rate})
for epoch in range(epochs):
    total_loss = 0.0
    for X, y in train_data:
        with autograd.record():
            loss = loss_fn(net(X), y)
        loss.backward()
        trainer.step(X.shape[0])
        total_loss += loss.mean().asscalar()
    print("avg loss", total_loss / len(train_data))
    for X, y in test_data:  # an evaluation pass
        net(X)
test_accuracy = mx.nd.array([0.5])
'''

SMALL = {Framework.PYTORCH: TORCH_SCRIPT, Framework.MXNET: MXNET_SCRIPT}

PATIENCE = 120.0  # seconds; far more than needed, so that a busy machine fails no test

# Trains until it is stopped.
ENDLESS = """\
import os
import torch
from torch.utils.data import DataLoader
print("pid", os.getpid(), flush=True)
weight = torch.zeros(1, requires_grad=True)
for epoch in range(10**9):
    for x in DataLoader(torch.rand(100), batch_size=1):
        (weight * x).sum().backward()
"""


def request(framework: Framework, text: str, **parameters: float) -> RunRequest:
    """One run of a script on one thread."""
    return RunRequest(
        frameworks=(framework,),
        threads=1,
        scripts={framework: Script(text)},
        parameters=Parameters(**parameters),  # type: ignore[arg-type]  # whole numbers where they are meant
    )


async def finish(service: TrainingService, wanted: RunRequest) -> tuple[Run, list[Event]]:
    """Start one run and wait for its end."""
    started = await service.start(wanted)
    events = [event async for event in service.follow(started.runs[0].id)]
    return await service.run(started.runs[0].id), events


async def until_printed(service: TrainingService, run_id: str, word: str) -> str:
    """What follows the word in the script's output."""
    text = ""
    async for event in service.follow(run_id):
        if isinstance(event, OutputEvent):
            text += event.text
            if word in text and "\n" in text.partition(word)[2]:
                return text.partition(word)[2].split()[0]
    raise AssertionError(f"the run ended without printing {word}: {text}")


async def until(true: Callable[[], bool]) -> None:
    """Wait until it is true."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, "it did not come true in time"
        await asyncio.sleep(0.05)


async def until_reason(service: TrainingService, run_id: str, word: str) -> None:
    """Wait until the run's reason holds the word."""
    deadline = time.monotonic() + PATIENCE
    while word not in (run := await service.run(run_id)).reason:
        assert time.monotonic() < deadline, f"it never said so: {run}"
        await asyncio.sleep(0.05)
