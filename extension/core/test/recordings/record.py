"""Records answers of a running server for the tests of the views.

    jupyter server --no-browser --port 8888 --IdentityProvider.token=secret
    python extension/core/test/recordings/record.py http://127.0.0.1:8888/ secret

It trains both shipped scripts for two epochs, which takes about a minute. Paths of this machine are replaced.
"""

from __future__ import annotations

import json
import re
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parents[3]
SNIPPET = """import torch
from torch import nn

x = torch.ones(5, 3)
net = nn.Sequential(
    nn.Linear(28*28, 256),  # the hidden layer
    nn.ReLU(),
    nn.Linear(256, 10),
)
loss_fn = nn.CrossEntropyLoss()
trainer = torch.optim.SGD(net.parameters(), lr=0.1)
y = torch.ones(2, 3, pin_memory=True)
"""
# Gradients so small that Adam's epsilon counts, which MXNet adds at another place.
CHECKED = """import torch
from torch import nn

x = torch.randn(4, 3)
net = nn.Linear(3, 2)
trainer = torch.optim.Adam(net.parameters(), lr=0.1)
trainer.zero_grad()
loss = net(x).mean() * 1e-6
loss.backward()
trainer.step()
picked = torch.multinomial(torch.ones(3), 2)
print("done")
"""


def main(base: str, token: str) -> None:
    """Write one JSON file an answer."""

    def ask(path: str, body: object = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"token {token}", "Content-Type": "application/json"}
        with urllib.request.urlopen(urllib.request.Request(f"{base}diptych/{path}", data, headers)) as answer:
            return json.load(answer)

    module = {"type": "module", "text": SNIPPET}
    conversion = ask("convert", {"document": module, "scope": "document"})
    write("convert_module", conversion)
    cursor = {"start_line": 6, "start_column": 8, "end_line": 6, "end_column": 8}
    write("convert_statement", ask("convert", {"document": module, "scope": "statement", "selection": cursor}))
    write("convert_nothing", ask("convert", {"document": {"type": "module", "text": "print(1)\n"}}))
    write("lookup_linear", ask("lookup", {"document": module, "line": 6, "column": 8}))
    entries = {name: ask(f"equivalences/{name}") for name in conversion["equivalences"]}
    write("equivalences", entries)
    write("check", checked(ask, CHECKED))
    write("check_failed", checked(ask, CHECKED.replace("x = torch", "raise ValueError('no')\nx = torch")))
    write("runtimes", ask("runtimes"))
    write("script_pytorch", ask("scripts/pytorch"))
    write("script_mxnet", ask("scripts/mxnet"))
    write("parameters_none", ask("parameters", {"text": "print(1)\n"}))
    started = ask("runs", {"parameters": {"epochs": 2}})
    write("runs_started", started)
    ids = [run["id"] for run in started["runs"]]
    while any(run["state"] in ("queued", "starting", "running") for run in ask("runs")["runs"]):
        time.sleep(1)
    write("runs", ask("runs"))
    for run in started["runs"]:
        write(f"events_{run['framework']}", ask(f"runs/{run['id']}/events?since=0"))
    write("comparison", ask(f"comparisons?runs={','.join(ids)}"))


def checked(ask: Any, text: str) -> Any:
    """The last answer about a check."""
    progress = ask("checks", {"document": {"type": "module", "text": text}})
    while progress["phase"] in ("waiting", "running"):
        time.sleep(0.5)
        progress = ask(f"checks/{progress['id']}")
    return progress


def write(name: str, answer: object) -> None:
    text = json.dumps(answer, ensure_ascii=False, indent=1)
    text = text.replace(str(ROOT), "/home/ada/diptych")
    text = re.sub(r"\[[\s\d.,e+-]+\]", lambda match: re.sub(r"\s+", " ", match[0]), text)
    (HERE / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:3])
