"""`diptych run`, `diptych compare`: real training in real processes, on real MNIST."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
from pathlib import Path

import pytest

from .command import COMMAND, diptych, on_a_terminal

SCRIPT = """import torch
# %% tags=["parameters"]
epochs = 2
# %%
weight = torch.ones(3, requires_grad=True)
data = torch.utils.data.DataLoader(torch.arange(30.0).reshape(10, 3), batch_size=5)
for epoch in range(epochs):
    for batch in data:
        loss = (batch * weight).sum() ** 2
        loss.backward()
test_accuracy = 0.5
"""


@pytest.fixture
def data(tmp_path: Path) -> str:
    """A history of runs of this test's own."""
    return str(tmp_path / "data")


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "train.py"
    path.write_text(SCRIPT)
    return path


@pytest.mark.frameworks
def test_compare_prints_one_document(data: str) -> None:
    done = diptych("compare", "--epochs", "1", "--threads", "1", "--json", DIPTYCH_DATA_DIR=data)
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert [run["framework"] for run in document["runs"]] == ["pytorch", "mxnet"]
    for run in document["runs"]:
        assert (run["state"], run["device"]) == ("finished", "cpu")
        (epoch,) = run["epochs"]
        assert epoch["epoch"] == 0
        assert 0.29 < epoch["avg_loss"] < 0.35
        assert epoch["seconds"] > 0
        assert run["test_accuracy"] > 0.92
    seconds = [run["epochs"][0]["seconds"] for run in document["runs"]]
    assert document["ratio"] == pytest.approx(seconds[0] / seconds[1])
    assert document["verdict"]


@pytest.mark.frameworks
def test_a_script_of_ones_own_is_run_and_its_table_printed(data: str, script: Path) -> None:
    done = diptych("run", str(script), "--epochs", "3", "--threads", "1", DIPTYCH_DATA_DIR=data)
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout + done.stderr
    rows = [line.split() for line in done.stdout.splitlines() if re.match(r"\d+ ", line.strip())]
    assert [row[0] for row in rows] == ["0", "1", "2"]
    assert "50.00%" in done.stdout
    assert "1 thread of" in done.stdout
    assert "PyTorch: epoch 2, avg loss" in done.stderr


@pytest.mark.frameworks
def test_on_a_terminal_a_bar_moves(data: str, script: Path) -> None:
    written = on_a_terminal("run", str(script), "--threads", "1", DIPTYCH_DATA_DIR=data)
    assert "\x1b[" in written
    assert "━" in written
    assert "100%" in written


@pytest.mark.frameworks
def test_a_script_that_fails_is_exit_code_1_with_the_reason(data: str, script: Path) -> None:
    script.write_text("import torch\nraise ValueError('no good')\n")
    done = diptych("run", str(script), "--threads", "1", "--json", DIPTYCH_DATA_DIR=data)
    assert done.returncode == 1
    (run,) = json.loads(done.stdout)["runs"]
    assert run["state"] == "failed"
    assert "no good" in run["reason"]


@pytest.mark.frameworks
def test_ctrl_c_cancels_the_run_and_keeps_what_it_had_done(data: str, script: Path) -> None:
    script.write_text(SCRIPT.replace("loss.backward()", "loss.backward(); __import__('time').sleep(0.2)"))
    process = subprocess.Popen(
        [*COMMAND, "run", str(script), "--epochs", "1000", "--threads", "1", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "DIPTYCH_DATA_DIR": data},
    )
    assert process.stderr is not None
    for line in process.stderr:
        if "epoch 0" in line:
            break
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=60)  # all the epochs would take far longer
    assert process.returncode == 130
    (run,) = json.loads(output)["runs"]
    assert run["state"] == "cancelled"
    assert run["epochs"]


@pytest.mark.frameworks
@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("compare", "--device", "cuda:7"), 2, "no device 'cuda:7'"),
        (("compare", "--epochs", "0"), 2, "`epochs` is 0"),
        (("run", "pytorch", "--threads", "100000"), 2, "`threads`"),
        (("run", "pytorch", "--learning-rate", "nan"), 2, "`learning_rate`"),
    ],
)
def test_a_request_that_makes_no_sense_is_wrong_usage(
    data: str, arguments: tuple[str, ...], code: int, told: str
) -> None:
    done = diptych(*arguments, DIPTYCH_DATA_DIR=data)
    assert (done.returncode, done.stdout) == (code, "")
    assert told in done.stderr


def test_a_script_that_is_not_there_or_uses_neither_framework_is_said(tmp_path: Path) -> None:
    (tmp_path / "plain.py").write_text("print(1)\n")
    done = diptych("run", "plain.py", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--framework" in done.stderr
    done = diptych("run", "nothing.py", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert "nothing.py" in done.stderr


def test_a_history_that_can_not_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file is in the way")
    done = diptych("run", "pytorch", DIPTYCH_DATA_DIR=str(tmp_path / "data"))
    assert (done.returncode, done.stdout) == (1, "")
    assert "Traceback" not in done.stderr
