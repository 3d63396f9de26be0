# to pytorch
from mxnet import nd
from mxnet import gluon

net = gluon.model_zoo.vision.resnet50_v1(classes=10)
net.initialize()
y = net(nd.zeros((1, 3, 64, 64)))
# expected
import torch
import torchvision
from torch import nn


def first_stride(net):
    for block in net.modules():
        if isinstance(block, torchvision.models.resnet.Bottleneck):
            first, block.conv2.stride = block.conv1, (1, 1)
            block.conv1 = nn.Conv2d(first.in_channels, first.out_channels, 1, block.stride)
            block.conv3 = nn.Conv2d(block.conv3.in_channels, block.conv3.out_channels, 1)
    return net


net = first_stride(torchvision.models.resnet50(num_classes=10))
net.eval()
y = net(torch.zeros(1, 3, 64, 64))
