# to mxnet
import torch
from torch import nn

net = nn.Sequential(nn.Linear(3, 2), nn.Dropout(0.5))
X = torch.ones(2, 3)
net.eval()
predicted = net(X)
net.train()
dropped = net(X)
# expected
from mxnet import autograd, nd
from mxnet.gluon import nn

net = nn.Sequential()
net.add(nn.Dense(2, in_units=3), nn.Dropout(0.5))
net.initialize()
X = nd.ones((2, 3))
predicted = net(X)
with autograd.train_mode():
    dropped = net(X)
