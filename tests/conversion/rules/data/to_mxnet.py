# to mxnet
import torch
from torchvision import datasets, transforms

train_data = torch.utils.data.DataLoader(
    datasets.MNIST('data', train=True, download=True, transform=transforms.Compose([
        transforms.ToTensor(),
        transforms.Normalize((0.13,), (0.31,))])),
    batch_size=128, shuffle=True, num_workers=4)
# expected
from mxnet import gluon
from mxnet.gluon.data.vision import datasets, transforms

train_data = gluon.data.DataLoader(
    datasets.MNIST(root='data', train=True).transform_first(transforms.Compose([
        transforms.ToTensor(),
        transforms.Normalize(0.13, 0.31)])),
    batch_size=128, shuffle=True, num_workers=4)
