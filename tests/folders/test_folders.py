"""A directory into another: what is converted, copied, left out; the report; the one dialect."""

from __future__ import annotations

import ast
import json
import os
import stat
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diptych.conversion.model import Severity
from diptych.equivalence.model import Dialect, Framework
from diptych.folders import convert_file, convert_folder
from diptych.folders.model import FileReport, FolderReport, Kind, Options, Outcome, Why, WrongFolder
from diptych.folders.page import page

TORCH = "import torch\n\nx = torch.ones(5, 3)  # kept\n"
ND = "from mxnet import nd\n\nx = nd.ones((5, 3))  # kept\n"
NEEDS_NP = "import torch\n\nx = torch.tensor([True, False])\ny = torch.ones(3, 0)\nz = torch.einsum('i,j->ij', y, y)\n"
EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    root = tmp_path / "source"
    root.mkdir()
    return root


def put(root: Path, path: str, content: str | bytes) -> Path:
    place = root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content.encode() if isinstance(content, str) else content)
    return place


def converted(source: Path, options: Options | None = None, jobs: int = 1) -> tuple[Path, FolderReport]:
    out = source.parent / "out"
    return out, convert_folder(source, out, options, jobs=jobs)


def file(report: FolderReport, path: str) -> FileReport:
    return next(each for each in report.files if each.path == path)


def codes(report: FolderReport, path: str) -> list[str]:
    return [remark.diagnostic.code for remark in file(report, path).remarks]


def test_python_is_converted_and_the_rest_copied(source: Path) -> None:
    put(source, "pkg/model.py", TORCH)
    put(source, "data.bin", b"\0\1\2")
    put(source, "plain.py", "print(1)\n")
    out, report = converted(source)
    assert (out / "pkg/model.py").read_text() == ND
    assert (out / "data.bin").read_bytes() == b"\0\1\2"
    assert (out / "plain.py").read_text() == "print(1)\n"
    assert report.counts == {"converted": 1, "unchanged": 1, "copied": 1}
    assert (source / "pkg/model.py").read_text() == TORCH


def test_each_file_goes_to_its_other_side_or_all_to_one(source: Path) -> None:
    put(source, "torch_side.py", TORCH)
    put(source, "mxnet_side.py", ND)
    out, _ = converted(source)
    assert (out / "torch_side.py").read_text() == ND
    assert "torch.ones" in (out / "mxnet_side.py").read_text()
    only = source.parent / "only"
    convert_folder(source, only, Options(to=Framework.MXNET), jobs=1)
    assert (only / "mxnet_side.py").read_text() == (only / "torch_side.py").read_text() == ND


def test_several_processes_do_the_same(source: Path) -> None:
    for number in range(6):
        put(source, f"file_{number}.py", TORCH)
    out, report = converted(source, jobs=2)
    assert {(out / f"file_{number}.py").read_text() for number in range(6)} == {ND}
    assert report.counts == {"converted": 6}


def test_one_dialect_for_all_files_and_the_files_that_decide(source: Path) -> None:
    put(source, "simple.py", TORCH)
    _, report = converted(source)
    assert (report.dialect.dialect, report.dialect.why) == (Dialect.ND, Why.ND_SUFFICES)
    put(source, "rich.py", NEEDS_NP)
    out, report = converted(source)
    assert (report.dialect.dialect, report.dialect.why) == (Dialect.NP, Why.ND_LACKS)
    assert report.dialect.because == ("rich.py",)
    assert "np.ones((5, 3))" in (out / "simple.py").read_text()


def test_the_dialect_that_is_used_already_holds(source: Path) -> None:
    put(source, "old.py", "from mxnet import np, npx\nnpx.set_np()\nx = np.ones((5, 3))\n")
    put(source, "new.py", TORCH)
    out, report = converted(source, Options(to=Framework.MXNET))
    assert (report.dialect.why, report.dialect.because) == (Why.USED, ("old.py",))
    assert "np.ones((5, 3))" in (out / "new.py").read_text()


def test_version_control_environments_and_caches_are_left_out_and_told(source: Path) -> None:
    for path in (".git/config", "env/pyvenv.cfg", "env/lib/site.py", "pkg/__pycache__/a.pyc"):
        put(source, path, "")
    put(source, "pkg/.gitignore", "*.pyc\n")
    out, report = converted(source)
    assert {path.relative_to(out).as_posix() for path in out.rglob("*") if "report" not in path.name} >= {
        "pkg",
        "pkg/.gitignore",
    }
    assert not (out / ".git").exists()
    assert not (out / "env").exists()
    told = {each.path: each.remarks[0].diagnostic.code for each in report.files}
    assert told == {".git": "version-control", "env": "virtual-environment", "pkg/__pycache__": "cache"}


def test_links_stay_links_and_point_to_the_copies(source: Path, tmp_path: Path) -> None:
    put(source, "pkg/model.py", TORCH)
    outside = put(tmp_path, "elsewhere/data.txt", "data")
    (source / "relative.py").symlink_to("pkg/model.py")
    (source / "absolute.py").symlink_to(source / "pkg/model.py")
    (source / "outside.txt").symlink_to("../elsewhere/data.txt")
    (source / "broken").symlink_to("nothing")
    (source / "loop").symlink_to(".")
    out, report = converted(source)
    assert os.readlink(out / "relative.py") == os.readlink(out / "absolute.py") == "pkg/model.py"
    assert os.readlink(out / "outside.txt") == str(outside)
    assert os.readlink(out / "broken") == "nothing"
    assert os.readlink(out / "loop") == "."
    assert codes(report, "outside.txt") == ["link-outside"]
    assert report.counts["linked"] == 5


def test_permissions_are_kept(source: Path) -> None:
    put(source, "tool.py", TORCH).chmod(0o755)
    put(source, "run.sh", "true\n").chmod(0o750)
    put(source, "closed/model.py", TORCH)
    (source / "closed").chmod(0o555)
    for _ in range(2):
        out, _ = converted(source)
        modes = [stat.S_IMODE((out / path).stat().st_mode) for path in ("tool.py", "run.sh", "closed")]
        assert modes == [0o755, 0o750, 0o555]
    assert (out / "closed/model.py").read_text() == ND


def test_what_is_no_text_is_copied_and_told(source: Path) -> None:
    put(source, "picture.py", b"\x89PNG\xff\xfe")
    put(source, "broken.py", "import torch\nx = torch.ones(\n")
    put(source, "book.ipynb", "{")
    out, report = converted(source)
    assert (out / "picture.py").read_bytes() == b"\x89PNG\xff\xfe"
    assert (out / "broken.py").read_text() == "import torch\nx = torch.ones(\n"
    assert [codes(report, path) for path in ("book.ipynb", "broken.py", "picture.py")] == [
        ["not-a-notebook"],
        ["syntax-error"],
        ["undecodable"],
    ]


def test_a_declared_encoding_is_kept(source: Path) -> None:
    text = "# -*- coding: latin-1 -*-\nimport torch\nx = torch.ones(5, 3)  # é\n"
    put(source, "old.py", text.encode("latin-1"))
    put(source, "bom.py", b"\xef\xbb\xbf" + TORCH.encode())
    out, _ = converted(source)
    assert "nd.ones((5, 3))  # é" in (out / "old.py").read_bytes().decode("latin-1")
    assert (out / "bom.py").read_bytes().startswith(b"\xef\xbb\xbffrom mxnet")
    ast.parse((out / "old.py").read_bytes())


def test_names_that_are_no_unicode_do_no_harm(source: Path) -> None:
    strange = os.fsdecode(b"caf\xe9.py")
    put(source, strange, TORCH)
    out, report = converted(source)
    assert (out / strange).read_text() == ND
    assert file(report, "caf\\xe9.py").outcome is Outcome.CONVERTED
    assert (out / "diptych-report/index.html").is_file()


def test_huge_files_are_copied_and_told(source: Path) -> None:
    put(source, "table.py", b"x = [\n" + b"    1,\n" * 700_000 + b"]\n")
    _, report = converted(source)
    assert codes(report, "table.py") == ["too-large"]


def test_what_is_imported_from_beside_is_not_mistaken_and_is_told(source: Path) -> None:
    put(source, "layers.py", "import torch\n\n\nclass Linear(torch.nn.Module):\n    pass\n")
    put(source, "train.py", "from layers import Linear\nnet = Linear(3, 4)\n")
    put(source, "pkg/use.py", "from ..layers import Linear\nimport torch\nx = torch.ones(2)\nnet = Linear(3, 4)\n")
    out, report = converted(source)
    assert (out / "train.py").read_text() == (source / "train.py").read_text()
    assert "net = Linear(3, 4)" in (out / "pkg/use.py").read_text()
    [remark] = file(report, "train.py").remarks
    assert (remark.diagnostic.code, remark.diagnostic.severity) == ("types-not-followed", Severity.WARNING)
    assert "layers.py" in remark.diagnostic.message
    assert any("across files" in note.en for note in report.notes)


@pytest.mark.parametrize("out", [".", "inside", "inside/deeper", "..", "link"])
def test_nothing_is_written_into_the_source_or_around_it(source: Path, out: str) -> None:
    put(source, "model.py", TORCH)
    (source / "inside").mkdir()
    (source / "link").symlink_to(source)
    with pytest.raises(WrongFolder):
        convert_folder(source, source / out, jobs=1)
    assert (source / "model.py").read_text() == TORCH


def test_a_directory_of_somebody_else_is_not_written_to(source: Path, tmp_path: Path) -> None:
    put(source, "model.py", TORCH)
    put(tmp_path, "out/mine.txt", "")
    with pytest.raises(WrongFolder, match="not empty"):
        convert_folder(source, tmp_path / "out", jobs=1)


def test_a_dry_run_writes_nothing_and_tells_the_same(source: Path) -> None:
    put(source, "model.py", TORCH)
    put(source, "data.bin", b"")
    dry = convert_folder(source, None, jobs=1, dry_run=True)
    assert sorted(path.name for path in source.parent.iterdir()) == ["source"]
    _, report = converted(source)
    assert (dry.files, dry.counts, dry.names) == (report.files, report.counts, report.names)


def test_the_report_has_lines_rates_and_three_forms(source: Path) -> None:
    put(source, "model.py", TORCH + "y = torch.jit.script(x)\n")
    out, report = converted(source)
    folder = out / "diptych-report"
    assert msgspec.json.decode((folder / "report.json").read_bytes(), type=FolderReport) == report
    told = json.loads((folder / "report.json").read_text())["files"][0]["remarks"][0]
    assert (told["diagnostic"]["line"], told["text"]) == (4, "y = torch.jit.script(x)")
    markdown = (folder / "report.md").read_text()
    assert "| mapped by name | 1 / 2 (50 %)" in markdown
    assert "| executed | not executed |" in markdown
    assert "4:4 error" in markdown
    html = (folder / "index.html").read_text()
    assert "torch.jit.script" in html
    assert 'lang="zh"' in html


def test_nothing_from_a_file_can_act_in_the_report(source: Path) -> None:
    put(source, "<img src=x>.py", "import torch\ny = torch.jit.script('<script>alert(1)</script>')\n")
    _, report = converted(source)
    text = page(report)
    assert "<img" not in text
    assert text.count("<script>") == 1


def test_the_result_of_a_directory_stays_as_it_is_when_converted_again(source: Path) -> None:
    put(source, "model.py", TORCH)
    put(source, "rich.py", NEEDS_NP)
    put(source, "book.ipynb", (EXAMPLES / "ten_minutes.ipynb").read_bytes())
    out, _ = converted(source, Options(to=Framework.MXNET))
    again = source.parent / "again"
    report = convert_folder(out, again, Options(to=Framework.MXNET), jobs=1)
    for path in ("model.py", "rich.py", "book.ipynb"):
        assert (again / path).read_bytes() == (out / path).read_bytes()
    assert "converted" not in report.counts
    assert codes(report, "diptych-report") == ["earlier-report"]


def test_the_examples_convert_as_a_whole(tmp_path: Path) -> None:
    out = tmp_path / "out"
    report = convert_folder(EXAMPLES, out, Options(to=Framework.MXNET))
    assert not [
        each.path for each in report.files if any(r.diagnostic.severity is Severity.ERROR for r in each.remarks)
    ]
    for path in out.glob("*.py"):
        ast.parse(path.read_bytes())
    assert "import torch" not in (out / "ten_minutes.ipynb").read_text()
    assert report.names.seen == report.names.mapped > 50


_BYTES = st.binary(max_size=40) | st.text(max_size=40).map(
    lambda text: ("import torch\n" + text).encode("utf-8", "replace")
)


@settings(max_examples=150, deadline=None)
@given(data=_BYTES, kind=st.sampled_from([Kind.PYTHON, Kind.NOTEBOOK]), to=st.sampled_from(list(Framework)))
def test_any_bytes_convert_and_converting_again_changes_nothing(data: bytes, kind: Kind, to: Framework) -> None:
    once = convert_file(kind, data, Options(to=to))
    assert convert_file(kind, once.data, Options(to=to)).data == once.data
