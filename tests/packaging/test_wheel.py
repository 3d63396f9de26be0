"""The built wheel in a clean environment, where neither this checkout nor a framework is in reach."""

from __future__ import annotations

import json
import subprocess
import zipfile
from pathlib import Path

import pytest
from environments import ROOT, Environment

pytestmark = pytest.mark.slow


def test_it_holds_the_records_the_shims_and_the_server_extensions_configuration(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert any(name.startswith("diptych/equivalence/records/") and name.endswith(".toml") for name in names)
    assert "diptych/runtime/shims/finder.py" in names
    assert any(name.endswith("etc/jupyter/jupyter_server_config.d/diptych.json") for name in names)
    assert any(name.endswith("share/jupyter/labextensions/diptych-jupyterlab/install.json") for name in names)
    panel = any(name.endswith("labextensions/diptych-jupyterlab/package.json") for name in names)
    assert panel == (ROOT / "py_backend" / "diptych" / "labextension" / "package.json").exists()
    assert not any("node_modules" in name or "__pycache__" in name for name in names)


def test_importing_it_loads_nothing_heavy(clean: Environment) -> None:
    heavy = (
        "{'msgspec', 'numpy', 'jupyter_server', 'jupyter_client', 'tornado', 'IPython', 'zmq', 'diptych.conversion'}"
    )
    code = f"import diptych, sys; print(diptych.__file__); print(sorted({heavy} & set(sys.modules)))"
    place, loaded = clean.run("-c", code).splitlines()
    assert Path(place).is_relative_to(clean.folder)
    assert loaded == "[]"


def test_lookup_and_conversion_work_without_any_framework(clean: Environment) -> None:
    code = (
        "from diptych import convert, lookup\n"
        "source = 'import torch\\nx = torch.ones(5, 3)\\n'\n"
        "print(convert(source).code)\n"
        "print(lookup(source, 2, 11).symbol)\n"
    )
    printed = clean.run("-c", code)
    assert "nd.ones((5, 3))" in printed
    assert "torch.ones" in printed


def test_the_doctor_says_what_is_missing(clean: Environment) -> None:
    command = [str(clean.folder / "bin" / "diptych"), "doctor", "--json"]
    search_path = f"{clean.folder / 'bin'}:/usr/bin:/bin"
    variables = {"HOME": str(clean.folder), "PATH": search_path}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=variables, cwd=clean.folder)
    assert done.returncode == 1, done.stderr
    findings = {finding["subject"]: finding for finding in json.loads(done.stdout)["findings"]}
    for subject, module in (("PyTorch", "torch"), ("MXNet", "mxnet==1.9.1")):
        assert findings[subject]["status"] == "missing"
        assert findings[subject]["remedy"].startswith(f"{clean.folder / 'bin' / 'python'}")
        assert module in findings[subject]["remedy"]
    assert findings["Server extension"]["status"] == "ok"
    assert findings["jupyter-server"]["status"] == "ok"


def test_the_server_finds_the_extension(clean: Environment) -> None:
    code = "import diptych; print(diptych._jupyter_server_extension_points())"
    assert "diptych" in clean.run("-c", code)
