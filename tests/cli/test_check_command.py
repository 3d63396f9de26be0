"""`diptych check FILE`: both sides run, every value is compared, the exit code says what came of it."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from pathlib import Path

import nbformat
import psutil
import pytest

from .command import COMMAND, diptych

pytestmark = pytest.mark.frameworks
AGREES = "import torch\nx = torch.randn(2, 3)\ny = x.sum()\n"
ENDLESS = "import torch\nx = torch.ones(3)\nwhile True:\n    x = x + 1\n"


def test_values_that_agree_are_exit_code_0_and_a_table() -> None:
    done = diptych("check", "-", stdin=AGREES)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "x     equal" in done.stdout
    assert "All 2 values that were compared agree." in done.stdout
    assert "Running <stdin> and its conversion" in done.stderr


def test_json_is_one_document() -> None:
    found = json.loads(diptych("check", "-", "--json", stdin=AGREES).stdout)
    assert found["state"] == "equal"
    assert [row["name"] for row in found["rows"]] == ["x", "y"]
    assert found["conversion"]["target"] == "mxnet"


def test_a_file_that_fails_is_exit_code_3_with_its_line(tmp_path: Path) -> None:
    script = tmp_path / "fails.py"
    script.write_text("import torch\nx = torch.ones(3)\nraise ValueError('no more')\n")
    done = diptych("check", str(script))
    assert done.returncode == 3
    assert "The original fails at line 3: ValueError: no more" in done.stdout


def test_what_the_converter_leaves_is_exit_code_4_and_runs_nothing() -> None:
    done = diptych("check", "-", "--to", "mxnet", stdin="import torch\nx = torch.jit.script(torch.ones(2))\n")
    assert done.returncode == 4
    assert "The converter leaves" in done.stdout


def test_code_past_its_time_is_stopped() -> None:
    done = diptych("check", "-", "--timeout", "1", stdin=ENDLESS)
    assert done.returncode == 3
    assert "did not end within 1 s" in done.stdout


def test_a_notebook_counts_lines_in_its_cells(tmp_path: Path) -> None:
    book = nbformat.v4.new_notebook()
    book.cells = [
        nbformat.v4.new_markdown_cell("# A book"),
        nbformat.v4.new_code_cell("%matplotlib inline\nimport torch\nx = torch.ones(3)"),
        nbformat.v4.new_code_cell("y = x + 1\nraise ValueError('here')"),
    ]
    path = tmp_path / "book.ipynb"
    nbformat.write(book, path)
    done = diptych("check", str(path))
    assert done.returncode == 3
    assert "fails at cell 3, line 2" in done.stdout


def test_ctrl_c_ends_both_processes(tmp_path: Path) -> None:
    script = tmp_path / "endless.py"
    script.write_text(ENDLESS)
    process = subprocess.Popen(
        [*COMMAND, "check", str(script)],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - a background job ignores it
    )
    children: list[psutil.Process] = []
    deadline = time.monotonic() + 60
    while len(children) < 2 and time.monotonic() < deadline:
        time.sleep(0.1)
        children = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode == 130
    assert psutil.wait_procs(children, timeout=10)[1] == []
