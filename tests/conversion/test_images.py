"""Transforms of images are carried over where the images surely have their channels last, and nowhere else."""

from __future__ import annotations

import pytest

from diptych import convert
from diptych.conversion.model import Severity

TORCH = "import torch\nfrom torchvision import datasets, transforms\n"
MXNET = "from mxnet import nd\nfrom mxnet.gluon.data.vision import datasets, transforms\n"


def _refused(code: str, target: str) -> bool:
    return any(found.severity is Severity.ERROR for found in convert(code, target, "np").diagnostics)


@pytest.mark.parametrize(
    "line",
    [
        "steps = transforms.Compose([transforms.ToTensor(), transforms.Resize(8)])",
        "flip = transforms.RandomHorizontalFlip()\ny = flip(torch.ones(3, 4, 5))",
        "y = transforms.CenterCrop(3)(torch.ones(3, 4, 5))",
        "crop = transforms.CenterCrop(3)\nsteps = [crop, transforms.ToTensor()]\nz = crop(image)",
        "steps = [transforms.Resize(8, interpolation=mode), transforms.ToTensor()]",
        "images = datasets.ImageFolder('images', loader=load)",
        "images = datasets.MNIST('data', transform=lambda image: torch.tensor(list(image.getdata())))",
        "def look(image):\n    return torch.ones(3)\nimages = datasets.MNIST('data', transform=look)",
    ],
)
def test_refused_to_mxnet(line: str) -> None:
    assert _refused(TORCH + line, "mxnet")


@pytest.mark.parametrize(
    "line",
    [
        "steps = [transforms.Resize((8, 9)), transforms.ToTensor()]",
        "crop = transforms.CenterCrop(3)\nsteps = transforms.Compose([crop, transforms.ToTensor()])",
        "steps = [transforms.RandomApply([transforms.CenterCrop(3)], p=0.3), transforms.ToTensor()]",
        "steps = [transforms.ToTensor()]\nsteps.insert(0, transforms.Resize(8))",
    ],
)
def test_carried_over_to_mxnet(line: str) -> None:
    assert not _refused(TORCH + line, "mxnet")


@pytest.mark.parametrize(
    "line",
    [
        "y = transforms.RandomFlipLeftRight()(nd.ones((4, 5, 3)))",
        "aug = transforms.RandomFlipLeftRight()\ny = apply(image, aug)",
        "images = datasets.CIFAR100(train=True)",
        "images = datasets.MNIST().transform_first(lambda image: image.astype('float32'))",
        "images = datasets.ImageFolderDataset('images', flag=0)",
        "images = datasets.MNIST().transform(lambda image, label: (image, label))",
    ],
)
def test_refused_to_pytorch(line: str) -> None:
    assert _refused(MXNET + line, "pytorch")
