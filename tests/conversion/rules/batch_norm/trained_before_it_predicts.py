# to mxnet
import torch
from torch import nn

net = nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2))
x = torch.ones(4, 3)
y = net(x)
net.eval()
z = net(x)
# expected
from mxnet import autograd, nd
from mxnet.gluon import nn

net = nn.Sequential()
net.add(nn.Dense(2, in_units=3), nn.BatchNorm(in_channels=2))
net.initialize()  # diptych: predictions use another running variance
x = nd.ones((4, 3))
with autograd.train_mode():
    y = net(x)
z = net(x)
