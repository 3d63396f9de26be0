# to mxnet
import torch
from torchvision import models

net = models.resnet18(num_classes=10)
net.eval()
y = net(torch.zeros(1, 3, 64, 64))
# expected
from mxnet import gluon, nd

net = gluon.model_zoo.vision.resnet18_v1(classes=10)
net.initialize()
y = net(nd.zeros((1, 3, 64, 64)))
