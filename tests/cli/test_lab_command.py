"""`diptych lab`: a real JupyterLab on loopback, with a token that no process list shows."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from .command import COMMAND, diptych

ROOT = Path(__file__).parents[2]


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], Any]]:
    """The running command, and the document it printed."""
    process = subprocess.Popen(
        [*COMMAND, "lab", "--port", "0", "--json"],
        stdout=subprocess.PIPE,
        stderr=(tmp_path / "log").open("w"),
        stdin=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "DIPTYCH_DATA_DIR": str(tmp_path), "JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime")},
    )
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if line == "}\n":
            break
    yield process, json.loads("".join(lines))
    process.send_signal(signal.SIGTERM)
    process.wait(60)


@pytest.mark.slow
def test_it_serves_the_notebook_and_the_rest_interface(lab: tuple[subprocess.Popen[str], Any]) -> None:
    process, told = lab
    assert told["url"].startswith(f"http://127.0.0.1:{told['port']}/lab/tree/examples/ten_minutes.ipynb?token=")
    with urllib.request.urlopen(told["url"], timeout=60) as page:
        assert b"JupyterLab" in page.read()
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"http://127.0.0.1:{told['port']}/api/contents", timeout=60)
    assert refused.value.code == 403
    lines = []
    for child in psutil.Process(process.pid).children(recursive=True):
        with contextlib.suppress(psutil.ZombieProcess, psutil.NoSuchProcess):  # one that has just ended
            lines.append(" ".join(child.cmdline()))
    assert lines
    assert not any(told["token"] in line for line in lines)
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0
    with socket.socket() as closed:
        assert closed.connect_ex(("127.0.0.1", told["port"])) != 0


def test_a_port_that_is_taken_is_said() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = diptych("lab", "--port", str(taken.getsockname()[1]))
    assert (done.returncode, done.stdout) == (1, "")
    assert "--port" in done.stderr


def test_a_notebook_that_is_not_there_is_said() -> None:
    done = diptych("lab", "no_such.ipynb")
    assert (done.returncode, done.stdout) == (2, "")
    assert "no_such.ipynb" in done.stderr


def test_without_jupyterlab_it_says_what_to_install(tmp_path: Path) -> None:
    """A fault put in: a finder that does not find jupyterlab, as where it was never installed."""
    (tmp_path / "sitecustomize.py").write_text(
        "import importlib.util as u\nreal = u.find_spec\n"
        "u.find_spec = lambda name, *rest: None if name == 'jupyterlab' else real(name, *rest)\n"
    )
    done = diptych("lab", PYTHONPATH=str(tmp_path))
    assert (done.returncode, done.stdout) == (1, "")
    assert "pip install" in done.stderr


def test_without_the_panel_it_says_how_to_install_it(tmp_path: Path) -> None:
    """A fault put in: JupyterLab's folders hold no extension, as after a build that was left half-way."""
    (tmp_path / "sitecustomize.py").write_text(
        "import jupyter_core.paths as p\nreal = p.jupyter_path\n"
        "p.jupyter_path = lambda *parts: [] if parts == ('labextensions',) else real(*parts)\n"
    )
    done = diptych("lab", PYTHONPATH=str(tmp_path))
    assert (done.returncode, done.stdout) == (1, "")
    assert "The panel is not installed in JupyterLab. Run: " in done.stderr


def test_a_folder_that_takes_no_example_is_said(tmp_path: Path) -> None:
    """Installed outside of a checkout, in a folder in which even root can't write."""
    shutil.copytree(ROOT / "py_backend" / "diptych", tmp_path / "diptych", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "examples", tmp_path / "diptych" / "examples", ignore=shutil.ignore_patterns("data"))
    done = diptych("lab", cwd=Path("/proc"), PYTHONPATH=str(tmp_path))
    assert (done.returncode, done.stdout) == (1, "")
    assert "/proc/ten_minutes.ipynb" in done.stderr
    assert "Traceback" not in done.stderr
    assert "may write" in done.stderr
