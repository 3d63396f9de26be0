# to mxnet
import torch
from torch import nn

net = nn.Linear(3, 2)
for X, y in torch.utils.data.DataLoader([]):
    predicted = net(X).argmax(dim=1)
    print((predicted == y).sum().item())
# expected
from mxnet import gluon
from mxnet.gluon import nn

net = nn.Dense(2, in_units=3, flatten=False)
net.initialize()
for X, y in gluon.data.DataLoader([], batch_size=1):
    predicted = net(X).argmax(axis=1)
    print((predicted == y.astype(predicted.dtype)).sum().asscalar())
