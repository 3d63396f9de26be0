"""Starting JupyterLab: on loopback, with a fresh token that no process list shows."""

from __future__ import annotations

import importlib.util
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import diptych
from diptych.cli import terminal
from diptych.cli.exits import FAILED, FINE, CommandError, UsageError
from diptych.runtime.doctor import Status, inside_jupyter

LOOPBACK = "127.0.0.1"
FIRST_PORT, PORTS = 8888, 100
PATIENCE = 120.0  # seconds until a first start on a slow disk counts as failed
EXAMPLE = "ten_minutes.ipynb"


@dataclass(frozen=True)
class Place:
    """What is opened: ``notebook`` is relative to ``root``, the folder that JupyterLab shows."""

    root: Path
    notebook: str


def serve(notebook: str | None, port: int | None, browser: bool, as_json: bool) -> int:
    """Run JupyterLab until it ends; its log goes to standard error. Answers with the exit code."""
    if importlib.util.find_spec("jupyterlab") is None:
        raise CommandError(
            f'JupyterLab is not installed here. Run: {sys.executable} -m pip install "jupyterlab>=4.2,<5"'
        )
    _check_installation()
    place = _given(notebook) if notebook else _example()
    chosen = _port(port)
    token = secrets.token_hex(24)
    process = _start(place, chosen, token)
    with _ending_with_us(process):
        _wait(process, chosen, token)
        url = f"http://{LOOPBACK}:{chosen}/lab/tree/{quote(place.notebook)}?token={token}&diptych=panel"
        if as_json:
            terminal.print_json({"url": url, "port": chosen, "token": token, "process": process.pid})
        else:
            print(f"JupyterLab is ready:\n\n    {url}\n\nCtrl-C ends it.")
        sys.stdout.flush()
        if browser:
            webbrowser.open(url)
        return _ended(process)


def _check_installation() -> None:
    """JupyterLab would start without the panel, and say nothing."""
    for finding in inside_jupyter():
        if finding.status is Status.MISSING:
            raise CommandError(f"{finding.problem} Run: {finding.remedy}")


def _given(name: str) -> Place:
    path = Path(name).absolute()
    if not path.is_file():
        raise UsageError(f"There is no notebook {name}.")
    inside = path.is_relative_to(Path.cwd())
    root = Path.cwd() if inside else path.parent
    return Place(root, path.relative_to(root).as_posix())


def _example() -> Place:
    """In a checkout the example itself, else a copy in the working directory, so that it can be saved."""
    package = Path(diptych.__file__).parent
    checkout = package.parents[1]
    if (checkout / "examples" / EXAMPLE).is_file() and (checkout / "pyproject.toml").is_file():
        return Place(checkout, f"examples/{EXAMPLE}")
    shipped = package / "examples" / EXAMPLE
    if not shipped.is_file():
        raise CommandError("The example notebook is missing from this installation; name a notebook of your own.")
    copy = Path.cwd() / EXAMPLE
    try:
        if not copy.exists():
            shutil.copyfile(shipped, copy)
    except OSError as error:
        raise CommandError(
            f"The example can't be written to {copy} ({error.strerror}). "
            "Change to a folder in which you may write, or name a notebook of your own."
        ) from error
    return Place(Path.cwd(), EXAMPLE)


def _port(wanted: int | None) -> int:
    candidates = range(FIRST_PORT, FIRST_PORT + PORTS) if wanted is None else [wanted]
    for port in candidates:
        with socket.socket() as listening:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listening.bind((LOOPBACK, port))
            except (OSError, OverflowError):
                continue
            return int(listening.getsockname()[1])  # port 0 lets the system choose
    which = "None of the ports from 8888 is" if wanted is None else f"Port {wanted} is not"
    raise CommandError(f"{which} free on {LOOPBACK}; name another with --port.")


def _start(place: Place, port: int, token: str) -> subprocess.Popen[bytes]:
    command = [
        *(sys.executable, "-m", "jupyterlab", "--no-browser"),
        f"--ServerApp.ip={LOOPBACK}",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        f"--ServerApp.root_dir={place.root}",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")  # Jupyter refuses to run as root otherwise; here it listens on loopback alone
    return subprocess.Popen(command, env={**os.environ, "JUPYTER_TOKEN": token}, stdout=sys.stderr)


def _wait(process: subprocess.Popen[bytes], port: int, token: str) -> None:
    """Return when the server answers. Raises ``CommandError`` if it ends, or does not answer in time."""
    status = urllib.request.Request(f"http://{LOOPBACK}:{port}/api/status", headers={"Authorization": f"token {token}"})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise CommandError("JupyterLab ended while starting; its messages above say why.")
        try:
            with opener.open(status, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    process.terminate()
    raise CommandError(f"JupyterLab did not answer within {PATIENCE:.0f} seconds; its messages above may say why.")


@contextmanager
def _ending_with_us(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """SIGTERM, and whatever ends this program, ends the server too. Ctrl-C reaches it by itself; it asks first."""
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    try:
        yield
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(PATIENCE)


def _ended(process: subprocess.Popen[bytes]) -> int:
    while True:
        try:
            code = process.wait()
        except KeyboardInterrupt:  # the server got it as well, and asks whether to end
            continue
        return FINE if code in (0, -signal.SIGTERM) else FAILED
