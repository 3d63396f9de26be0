"""A run that is cut off goes on where it was; faults end it with a sentence and leave whole files only."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from diptych.folders import convert_folder, destination, pool, work
from diptych.folders.model import FolderError, FolderReport, Options, Outcome, WrongFolder

TORCH = "import torch\n\nx = torch.ones(5, 3)\n"
ND = "from mxnet import nd\n\nx = nd.ones((5, 3))\n"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    root = tmp_path / "source"
    root.mkdir()
    for number in range(4):
        (root / f"file_{number}.py").write_text(TORCH)
    (root / "data.bin").write_bytes(b"\0")
    return root


def converted(source: Path, options: Options | None = None) -> tuple[Path, FolderReport]:
    out = source.parent / "out"
    return out, convert_folder(source, out, options, jobs=1)


@pytest.fixture
def worked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that were gone over, in this process."""
    seen: list[str] = []

    def noted(task: work.Task) -> work.Answer:
        seen.append(task.entry.path)
        return work.work(task)

    monkeypatch.setattr(pool, "work", noted)
    return seen


def times(out: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in out.iterdir() if path.is_file()}


def test_a_second_call_does_nothing_and_reports_the_same(source: Path, worked: list[str]) -> None:
    out, first = converted(source)
    before = times(out)
    worked.clear()
    _, second = converted(source)
    assert worked == []
    assert times(out) == before
    assert second == first


def test_only_what_changed_is_done_again(source: Path, worked: list[str]) -> None:
    out, _ = converted(source)
    before = times(out)
    (source / "file_1.py").write_text(TORCH + "y = x + 1\n")
    (source / "data.bin").write_bytes(b"\1")
    (out / "file_2.py").unlink()
    worked.clear()
    converted(source)
    assert sorted(set(worked)) == ["file_1.py", "file_2.py"]
    assert (out / "file_1.py").read_text() == ND + "y = x + 1\n"
    assert (out / "file_2.py").read_text() == ND
    assert (out / "data.bin").read_bytes() == b"\1"
    changed = {name for name, when in times(out).items() if before.get(name) != when}
    assert changed == {"file_1.py", "file_2.py", "data.bin"}


def test_other_options_are_another_result(source: Path) -> None:
    out, _ = converted(source)
    converted(source, Options(dialect="np"))
    assert "np.ones((5, 3))" in (out / "file_0.py").read_text()


def test_what_was_edited_in_out_stays_and_is_told(source: Path) -> None:
    out, _ = converted(source)
    (out / "file_0.py").write_text("# mine\n")
    (out / "file_1.py").write_text("# mine\n")
    (source / "file_1.py").write_text(TORCH + "y = x + 1\n")
    _, report = converted(source)
    assert (out / "file_0.py").read_text() == (out / "file_1.py").read_text() == "# mine\n"
    kept = [file.path for file in report.files if file.outcome is Outcome.KEPT]
    assert kept == ["file_0.py", "file_1.py"]
    (out / "file_1.py").unlink()
    converted(source)
    assert (out / "file_1.py").read_text() == ND + "y = x + 1\n"


def test_what_the_source_no_longer_has_is_told(source: Path) -> None:
    converted(source)
    (source / "file_3.py").unlink()
    out, report = converted(source)
    assert (out / "file_3.py").exists()
    assert any("file_3.py" in note.en for note in report.notes)


def test_the_state_of_another_source_is_not_gone_on_with(source: Path, tmp_path: Path) -> None:
    out, _ = converted(source)
    other = tmp_path / "other"
    other.mkdir()
    with pytest.raises(WrongFolder, match="another source"):
        convert_folder(other, out, jobs=1)


def test_a_torn_state_is_gone_on_with(source: Path, worked: list[str]) -> None:
    out, first = converted(source)
    state = out / "diptych-report/state.jsonl"
    state.write_bytes(state.read_bytes()[:-30])
    worked.clear()
    _, second = converted(source)
    assert len(worked) <= 1
    assert second == first


def fail_when(fails: Callable[[Path], bool], number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Injects a fault: writing the files for which ``fails`` holds gives the system's error ``number``."""
    written = Path.write_bytes

    def faulty(path: Path, data: bytes) -> int:
        if fails(path):
            written(path, data[:3])
            raise OSError(number, os.strerror(number))
        return written(path, data)

    monkeypatch.setattr(destination.Path, "write_bytes", faulty)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_an_injected_full_disk_ends_the_run_and_the_next_goes_on(
    source: Path, monkeypatch: pytest.MonkeyPatch, worked: list[str], number: int
) -> None:
    with monkeypatch.context() as fault:
        fail_when(lambda path: "file_2" in path.name, number, fault)
        with pytest.raises(FolderError, match="no room left"):
            converted(source)
    out = source.parent / "out"
    assert sorted(path.name for path in out.iterdir()) == ["diptych-report", "file_0.py", "file_1.py"]
    before = times(out)
    worked.clear()
    _, report = converted(source)
    assert sorted(set(worked)) == ["file_2.py", "file_3.py"]
    assert {name: when for name, when in times(out).items() if name in before} == before
    assert report.counts == {"converted": 4, "copied": 1}


def test_an_injected_refusal_to_write_concerns_one_file(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fail_when(lambda path: "file_2" in path.name, errno.EACCES, monkeypatch)
    out, report = converted(source)
    assert not (out / "file_2.py").exists()
    [failed] = [file for file in report.files if file.outcome is Outcome.FAILED]
    assert (failed.path, failed.remarks[-1].diagnostic.code) == ("file_2.py", "not-written")
    assert (out / "file_3.py").read_text() == ND


def test_an_injected_refusal_to_read_concerns_one_file(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = Path.read_bytes

    def faulty(path: Path) -> bytes:
        if path.name == "file_2.py":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return read(path)

    monkeypatch.setattr(work.Path, "read_bytes", faulty)
    _, report = converted(source)
    [failed] = [file for file in report.files if file.outcome is Outcome.FAILED]
    assert (failed.path, failed.remarks[-1].diagnostic.code) == ("file_2.py", "unreadable")


def test_an_injected_fault_of_the_converter_concerns_one_file(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    convert = work.convert_file

    def faulty(kind: object, data: bytes, options: object) -> object:
        if b"fault" in data:
            raise RuntimeError("injected")
        return convert(kind, data, options)

    monkeypatch.setattr(work, "convert_file", faulty)
    (source / "file_2.py").write_text(TORCH + "# fault\n")
    out, report = converted(source)
    assert (out / "file_2.py").read_text() == TORCH + "# fault\n"
    [told] = [file for file in report.files if file.path == "file_2.py"]
    assert [remark.diagnostic.code for remark in told.remarks] == ["conversion-failed"]


@pytest.mark.slow
def test_a_worker_that_dies_takes_one_file_down(source: Path) -> None:
    """The process dies for real, of a file whose name an injected fault reacts to."""
    program = (
        "import os, sys\nfrom pathlib import Path\nfrom diptych.folders import convert_folder, pool, work\n"
        "real = work.work\n"
        "def deadly(task):\n    if task.entry.path == 'file_2.py':\n        os._exit(9)\n    return real(task)\n"
        "pool.work = deadly\n"
        "if __name__ == '__main__':\n"
        "    report = convert_folder(Path(sys.argv[1]), Path(sys.argv[2]), jobs=2)\n"
        "    print(report.counts, [f.path for f in report.files if f.outcome.value == 'unchanged'])\n"
    )
    script = source.parent / "program.py"
    script.write_text(program)
    done = subprocess.run(
        [sys.executable, str(script), str(source), str(source.parent / "out")],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "'converted': 3" in done.stdout, done.stderr
    assert "['file_2.py']" in done.stdout


@pytest.mark.slow
def test_ctrl_c_ends_it_and_the_same_command_goes_on(tmp_path: Path) -> None:
    root, out = tmp_path / "source", tmp_path / "out"
    root.mkdir()
    lines = "".join(f"x{number} = torch.ones({number + 1}, 3).sum(dim=1)\n" for number in range(40))
    for number in range(40):
        (root / f"file_{number:02}.py").write_text(f"import torch\n{lines}# {number}\n")
    command = [sys.executable, "-m", "diptych.cli.main", "convert", str(root), "-o", str(out), "--dialect", "nd"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    state = out / "diptych-report/state.jsonl"
    deadline = time.monotonic() + 60
    while not (state.exists() and state.read_bytes().count(b"\n") > 5) and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=30)
    assert (process.returncode, "goes on" in told) == (130, True), told
    assert not list(out.rglob("*.diptych-part"))
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    assert "40 converted" in done.stdout
