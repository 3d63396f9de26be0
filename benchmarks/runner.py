"""What watching a run costs: training in memory, in the runner against the bare script.

Each pair trains the same script once with ``python -m diptych.runtime`` and once in the runner, in alternating order;
the script itself takes the time of its training loop, so that starting a process is left out. Prints the median of the
pairs' ratios for each framework; the runner may cost 3 %.

    python benchmarks/runner.py [--pairs 10] [--epochs 3] [--framework pytorch]
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from diptych.equivalence.model import Framework
from diptych.runtime.discovery import find
from diptych.runtime.launch import environment
from diptych.training.model import Event, OutputEvent, Parameters, RunState, Script, StateEvent
from diptych.training.scripts import prepare
from diptych.training.side import run_side

LIMIT = 1.03
THREADS = 1
_TOOK = re.compile(r"training took (\S+) s")

SCRIPTS = {
    Framework.PYTORCH: """
from time import perf_counter
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets

# %% tags=["parameters"]
epochs = 3

# %%
train_set = datasets.MNIST("data", train=True)
images = (train_set.data.float().div(255).view(-1, 28 * 28) - 0.13) / 0.31
batches = list(zip(images.split(128), train_set.targets.split(128)))
train_data = DataLoader(batches, batch_size=None, shuffle=True)
net = nn.Sequential(nn.Linear(28 * 28, 256), nn.ReLU(), nn.Linear(256, 10))
loss_fn = nn.CrossEntropyLoss()
trainer = torch.optim.SGD(net.parameters(), lr=0.1)
tic = perf_counter()
for epoch in range(epochs):
    total_loss = 0.0
    for X, y in train_data:
        trainer.zero_grad()
        loss = loss_fn(net(X), y)
        loss.backward()
        trainer.step()
        total_loss += loss.item()
print(f"training took {perf_counter() - tic} s")
""",
    Framework.MXNET: """
from time import perf_counter
import mxnet as mx
from mxnet import autograd, gluon
from mxnet.gluon import nn
from mxnet.gluon.data import DataLoader
from mxnet.gluon.data.vision import datasets

# %% tags=["parameters"]
epochs = 3

# %%
images, labels = datasets.MNIST(train=True)[:]
images = (images.astype("float32").reshape((-1, 28 * 28)) / 255 - 0.13) / 0.31
labels = mx.nd.array(labels)
batches = [(images[start:start + 128], labels[start:start + 128]) for start in range(0, 60000, 128)]
train_data = DataLoader(batches, batch_size=1, batchify_fn=lambda samples: samples[0], shuffle=True)
net = nn.HybridSequential()
net.add(nn.Dense(256, activation="relu"), nn.Dense(10))
net.initialize()
net.hybridize()
loss_fn = gluon.loss.SoftmaxCrossEntropyLoss()
trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.1})
mx.nd.waitall()
tic = perf_counter()
for epoch in range(epochs):
    total_loss = 0.0
    for X, y in train_data:
        with autograd.record():
            loss = loss_fn(net(X), y)
        loss.backward()
        trainer.step(X.shape[0])
        total_loss += loss.mean().asscalar()
print(f"training took {perf_counter() - tic} s")
""",
}


def bare(framework: Framework, path: Path) -> float:
    """Seconds of training in the bare script."""
    command = [find(framework).interpreter, "-m", "diptych.runtime", str(path)]
    done = subprocess.run(command, env=environment(THREADS), capture_output=True, text=True, check=True)
    return _seconds(done.stdout)


def observed(framework: Framework, path: Path) -> float:
    """Seconds of training in the runner."""
    events: list[Event] = []
    job = prepare(Script(path.read_text(), str(path)), framework, "cpu", Parameters())
    asyncio.run(run_side(job, find(framework), THREADS, events.append, asyncio.Event()))
    end = events[-1]
    if not isinstance(end, StateEvent) or end.state is not RunState.FINISHED:
        raise SystemExit(f"the run did not finish: {end}")
    return _seconds("".join(event.text for event in events if isinstance(event, OutputEvent)))


def _seconds(output: str) -> float:
    found = _TOOK.search(output)
    if found is None:
        raise SystemExit(f"the script did not say how long it took: {output}")
    return float(found[1])


def ratio(framework: Framework, pairs: int, epochs: int) -> float:
    """The median over alternated pairs of the runner's time over the bare script's."""
    ratios = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"in_memory_{framework.value}.py"
        path.write_text(SCRIPTS[framework].replace("epochs = 3", f"epochs = {epochs}"))
        for pair in range(pairs):
            if pair % 2 == 0:
                plain, watched = bare(framework, path), observed(framework, path)
            else:
                watched, plain = observed(framework, path), bare(framework, path)
            ratios.append(watched / plain)
            print(f"{framework.value} pair {pair}: bare {plain:.3f} s, in the runner {watched:.3f} s", flush=True)
    return statistics.median(ratios)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pairs", type=int, default=10)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--framework", type=Framework, choices=list(Framework), action="append")
    options = parser.parse_args()
    os.chdir(Path(__file__).parent)
    within = True
    for framework in options.framework or list(Framework):
        measured = ratio(framework, options.pairs, options.epochs)
        within = within and measured <= LIMIT
        print(f"{framework.value}: the runner takes {measured:.3f} times the bare script's time (limit {LIMIT})")
    sys.exit(0 if within else 1)


if __name__ == "__main__":
    main()
