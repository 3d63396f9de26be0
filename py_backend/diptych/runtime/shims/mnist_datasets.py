"""Both frameworks' ``datasets.MNIST`` read the same four verified files, wherever those were found."""

from __future__ import annotations

import filecmp
import os
import sys
import warnings
from collections.abc import Callable
from typing import Any

Locate = Callable[[], str]
"""Answers with the folder that holds the four raw IDX files, or raises an error that says how to get them."""

TORCHVISION = "torchvision.datasets.mnist"
GLUON = "mxnet.gluon.data.vision.datasets"


def _file(folder: str, train: bool, kind: str) -> str:
    return os.path.join(folder, f"{'train' if train else 't10k'}-{kind}-ubyte")


def _warn_if_different(own: str, located: str) -> None:
    if os.path.exists(own) and not filecmp.cmp(own, located, shallow=False):
        warnings.warn(f"{own} is not MNIST's file (its bytes differ): {located} is read instead", stacklevel=4)


def read_in_torchvision(module: Any, locate: Locate) -> None:
    """Give torchvision's MNIST the located files, whatever its root; a root that holds other bytes under those names
    gets a warning. Its subclasses (FashionMNIST, EMNIST, ...) stay as they are."""
    mnist = module.MNIST
    originals = {name: vars(mnist)[name] for name in ("_check_legacy_exist", "_check_exists", "download", "_load_data")}

    def is_mnist(self: Any) -> bool:
        return type(self).resources is mnist.resources and type(self)._load_data is load_data

    def check_legacy_exist(self: Any) -> bool:
        return False if is_mnist(self) else bool(originals["_check_legacy_exist"](self))

    def check_exists(self: Any) -> bool:
        return bool(locate()) if is_mnist(self) else bool(originals["_check_exists"](self))

    def download(self: Any) -> None:
        if not is_mnist(self):
            originals["download"](self)

    def load_data(self: Any) -> Any:
        if not is_mnist(self):
            return originals["_load_data"](self)
        files = [_file(locate(), self.train, kind) for kind in ("images-idx3", "labels-idx1")]
        for file in files:
            _warn_if_different(os.path.join(self.raw_folder, os.path.basename(file)), file)
        return module.read_image_file(files[0]), module.read_label_file(files[1])

    mnist._check_legacy_exist = check_legacy_exist
    mnist._check_exists = check_exists
    mnist.download = download
    mnist._load_data = load_data


def read_in_gluon(module: Any, locate: Locate) -> None:
    """Give Gluon's MNIST the located files; it would download the original archives otherwise. FashionMNIST, which
    shares its code, stays as it is."""
    original = module.MNIST._get_data
    mxnet = sys.modules["mxnet"]

    def get_data(self: Any) -> None:
        if self._namespace != "mnist":
            original(self)
            return
        numpy = module.np
        folder = locate()
        labels = numpy.fromfile(_file(folder, self._train, "labels-idx1"), dtype=numpy.uint8)[8:].astype(numpy.int32)
        images = numpy.fromfile(_file(folder, self._train, "images-idx3"), dtype=numpy.uint8)[16:]
        images = images.reshape(len(labels), 28, 28, 1)
        if module.is_np_array():  # the same types as the original: labels stay NumPy's under the classic interface
            self._label = mxnet.np.array(labels, dtype=labels.dtype)
            self._data = mxnet.np.array(images, dtype=images.dtype)
        else:
            self._label = labels
            self._data = mxnet.nd.array(images, dtype=images.dtype)

    module.MNIST._get_data = get_data


PATCHES: dict[str, Callable[[Any, Locate], None]] = {TORCHVISION: read_in_torchvision, GLUON: read_in_gluon}
