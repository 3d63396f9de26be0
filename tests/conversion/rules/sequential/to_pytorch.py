# to pytorch
from mxnet import nd
from mxnet.gluon import nn

net = nn.Sequential()
with net.name_scope():
    net.add(
        nn.Dense(256, activation='relu'),
        nn.Dense(10)
    )
net.initialize()
y = net(nd.ones((2, 784)))
# expected
import torch
from torch import nn

net = nn.Sequential(
    nn.LazyLinear(256),
    nn.ReLU(),
    nn.Linear(256, 10)
)
y = net(torch.ones(2, 784))
