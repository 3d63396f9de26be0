"""How Jupyter Server and JupyterLab find the extension, and what loading it costs."""

from __future__ import annotations

import json
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

import diptych

ROOT = Path(__file__).parents[2]
HEAVY = ("torch", "torchvision", "mxnet", "numpy", "rich", "IPython", "ipykernel", "diptych.training.service")


def test_jupyter_server_finds_it() -> None:
    (point,) = diptych._jupyter_server_extension_points()
    assert point["app"].name == "diptych"
    assert point["module"] == "diptych.server.extension"
    enabled = json.loads((ROOT / "py_backend" / "jupyter-config" / "diptych.json").read_text())
    assert enabled["ServerApp"]["jpserver_extensions"] == {"diptych": True}


def test_jupyterlab_finds_the_panel() -> None:
    assert diptych._jupyter_labextension_paths() == [{"src": "labextension", "dest": "diptych-jupyterlab"}]


def test_importing_it_loads_neither_a_framework_nor_anything_heavy() -> None:
    program = (
        "import sys, jupyter_server.serverapp\n"
        "before = set(sys.modules)\n"
        "import diptych\ndiptych._jupyter_server_extension_points()\n"
        "print(*(set(sys.modules) - before))"
    )
    added = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert "diptych.server.extension" in added
    assert not {name for name in added if name in HEAVY}
    packages = {name.partition(".")[0] for name in added} - set(sys.stdlib_module_names)
    assert packages <= {"diptych", "msgspec", "jupyter_server"}


@pytest.mark.slow
def test_importing_it_takes_at_most_60_milliseconds() -> None:
    benchmark = runpy.run_path(str(ROOT / "benchmarks" / "server_import.py"))
    what = "import diptych; diptych._jupyter_server_extension_points()"
    assert any(benchmark["measure"](what) < 60 for _ in range(10))  # other work of the machine only adds to it


async def test_records_are_loaded_when_the_server_has_started(api: object, jp_serverapp: object) -> None:
    """Off the event loop: the answer to the first request waits for nothing that was not begun before."""
    from diptych.server.services import SETTING

    services = jp_serverapp.web_app.settings[SETTING]  # type: ignore[attr-defined]
    catalog = await services.catalog()
    assert len(catalog.records) > 10
