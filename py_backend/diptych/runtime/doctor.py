"""What was found on this machine, what is missing, and the exact command that mends it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from enum import Enum
from importlib import metadata
from pathlib import Path

import msgspec
from jupyter_core.paths import jupyter_config_path, jupyter_path

from diptych.equivalence.model import Framework
from diptych.runtime import discovery, mnist, remedies
from diptych.runtime.download import Progress
from diptych.runtime.model import Device, Runtime

_SUPPORTED = ((3, 10), (3, 13))  # oldest and newest Python
_LABEXTENSION = "diptych-jupyterlab"
_OLDEST_NODE = 20
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")


class Status(str, Enum):
    """How it stands with one thing."""

    OK = "ok"
    MISSING = "missing"  # something of Diptych does not work
    OPTIONAL = "optional"  # only those who change Diptych need it


class Finding(msgspec.Struct, frozen=True):
    """One thing that was looked for. ``remedy`` is a command, or a sentence where no command helps."""

    subject: str
    status: Status
    detail: str = ""  # version and place
    problem: str = ""
    remedy: str = ""


class Report(msgspec.Struct, frozen=True):
    """Everything that was looked for; ``ok`` unless something is missing."""

    ok: bool
    findings: tuple[Finding, ...]


def diagnose(fetch_mnist: bool = False, progress: Progress | None = None) -> Report:
    """Look for everything Diptych uses; interpreters are asked anew. ``fetch_mnist`` downloads MNIST where it is
    absent, telling ``progress``. Takes as long as importing both frameworks once, side by side."""
    with ThreadPoolExecutor(max_workers=3) as pool:
        frameworks = [pool.submit(_framework, framework) for framework in Framework]
        data = pool.submit(_mnist, fetch_mnist, progress)
        findings = (
            _python(),
            *(finding for future in frameworks for finding in future.result()),
            data.result(),
            *_jupyter(),
            *inside_jupyter(),
            _node(),
            _browser(),
        )
    return Report(all(finding.status is not Status.MISSING for finding in findings), findings)


def inside_jupyter() -> tuple[Finding, Finding]:
    """The two parts of Diptych that JupyterLab loads; looking takes no time."""
    return _labextension(), _server_extension()


def _python() -> Finding:
    version, oldest, newest = sys.version_info[:2], *_SUPPORTED
    detail = f"{'.'.join(map(str, sys.version_info[:3]))} in {sys.executable}"
    if oldest <= version <= newest:
        return Finding("Python", Status.OK, detail)
    supported = f"{'.'.join(map(str, oldest))} to {'.'.join(map(str, newest))}"
    return Finding(
        "Python", Status.MISSING, detail, f"Tried on Python {supported} alone.", "make clean lab PYTHON=python3.11"
    )


def _framework(framework: Framework) -> Iterator[Finding]:
    title = "PyTorch" if framework is Framework.PYTORCH else "MXNet"
    try:
        runtime = discovery.find(framework, fresh=True)
    except discovery.ConfigurationError as error:
        return iter(
            [Finding(title, Status.MISSING, problem=str(error), remedy=f"Edit {discovery.configuration_file()}")]
        )
    if runtime.problem:
        return iter([Finding(title, Status.MISSING, runtime.version, runtime.problem, runtime.remedy)])
    return _parts(title, runtime)


def _parts(title: str, runtime: Runtime) -> Iterator[Finding]:
    place = runtime.interpreter or f"the kernel {runtime.kernel}"
    devices = ", ".join(_described(device) for device in runtime.devices)
    yield Finding(title, Status.OK, f"{runtime.version} in {place}, Python {runtime.python}; devices: {devices}")
    if runtime.framework is Framework.PYTORCH:
        yield Finding("torchvision", Status.OK, runtime.libraries.get("torchvision", ""))
    yield Finding(f"NumPy beside {title}", Status.OK, runtime.numpy)


def _described(device: Device) -> str:
    return device.name if device.available else f"no {device.name} ({device.reason.rstrip('.')})"


def _mnist(fetch: bool, progress: Progress | None) -> Finding:
    try:
        folder = mnist.locate(download=fetch, progress=progress).folder
    except mnist.MnistError as error:
        return Finding("MNIST", Status.MISSING, problem=str(error), remedy="diptych doctor --fetch-mnist")
    return Finding("MNIST", Status.OK, f"60,000 + 10,000 images, verified by sha256, in {folder}")


def _jupyter() -> Iterator[Finding]:
    for distribution, requirement in (
        ("jupyterlab", "jupyterlab>=4.2,<5"),
        ("jupyter-server", "jupyter-server>=2.14"),
        ("ipykernel", "ipykernel>=6.29"),
    ):
        try:
            yield Finding(distribution, Status.OK, metadata.version(distribution))
        except metadata.PackageNotFoundError:
            remedy = remedies.pip(sys.executable, requirement)
            yield Finding(distribution, Status.MISSING, problem=f"{distribution} is not installed.", remedy=remedy)


def _labextension() -> Finding:
    for folder in jupyter_path("labextensions"):
        manifest = Path(folder) / _LABEXTENSION / "package.json"
        if manifest.is_file():
            version = msgspec.json.decode(manifest.read_bytes())["version"]
            return Finding("JupyterLab extension", Status.OK, f"{version} in {manifest.parent}")
    return Finding(
        "JupyterLab extension", Status.MISSING, problem="The panel is not installed in JupyterLab.", remedy=_reinstall()
    )


def _server_extension() -> Finding:
    for folder in jupyter_config_path():
        file = Path(folder) / "jupyter_server_config.d" / "diptych.json"
        if file.is_file():
            return Finding("Server extension", Status.OK, f"enabled by {file}")
    return Finding(
        "Server extension",
        Status.MISSING,
        problem="Jupyter Server does not know the extension.",
        remedy="jupyter server extension enable diptych",
    )


def _reinstall() -> str:
    from_source = (Path(__file__).resolve().parents[3] / "extension" / "jupyterlab").is_dir()
    return "make setup" if from_source else remedies.pip(sys.executable, "--force-reinstall", "--no-deps", "diptych")


def _node() -> Finding:
    needed = f"Node {_OLDEST_NODE} or newer builds the panel; running it needs none."
    node = shutil.which("node")
    if node is None:
        return Finding("Node", Status.OPTIONAL, problem=f"Not found. {needed}", remedy="https://nodejs.org")
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    major = version.lstrip("v").partition(".")[0]
    if major.isdigit() and int(major) >= _OLDEST_NODE:
        return Finding("Node", Status.OK, f"{version} in {node}")
    return Finding("Node", Status.OPTIONAL, f"{version} in {node}", f"Too old. {needed}", "https://nodejs.org")


def _browser() -> Finding:
    found = next((path for name in _BROWSERS if (path := shutil.which(name))), None)
    if found is not None:
        return Finding("Chromium", Status.OK, found)
    return Finding(
        "Chromium",
        Status.OPTIONAL,
        problem="Not found. Only the browser tests use it.",
        remedy="apt-get install chromium",
    )
