"""`diptych doctor`: what was found, and the command that mends what is missing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .command import diptych


@pytest.mark.frameworks
def test_json_lists_what_was_looked_for() -> None:
    done = diptych("doctor", "--json")
    report = json.loads(done.stdout)
    assert done.returncode == (0 if report["ok"] else 1)
    found = {finding["subject"]: finding for finding in report["findings"]}
    assert {"Python", "PyTorch", "MXNet", "MNIST", "jupyterlab"} <= found.keys()
    assert all(finding["remedy"] for finding in report["findings"] if finding["status"] == "missing")


@pytest.mark.frameworks
def test_a_broken_interpreter_is_told_with_a_remedy(tmp_path: Path) -> None:
    done = diptych("doctor", DIPTYCH_MXNET_PYTHON=str(tmp_path / "python"))
    assert done.returncode == 1
    assert "missing  MXNet" in done.stdout
    assert "mend it with: " in done.stdout
    assert "DIPTYCH_MXNET_PYTHON" in done.stdout
    assert "ok       PyTorch" in done.stdout
    assert "\x1b" not in done.stdout


@pytest.mark.frameworks
def test_fetching_mnist_fails_only_if_mnist_is_missing(tmp_path: Path) -> None:
    done = diptych("doctor", "--fetch-mnist", DIPTYCH_MXNET_PYTHON=str(tmp_path / "python"))
    assert "missing  MXNet" in done.stdout
    assert "ok       MNIST" in done.stdout
    assert done.returncode == 0
