# to mxnet
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(2, 3)
        self.first.weight = nn.Parameter(torch.ones(3, 2))

    def forward(self, x):
        return self.first(x)

net = Net()
weight = torch.zeros(3, 2)
net.first.weight = nn.Parameter(weight)
other = nn.Linear(2, 3)
other.weight = net.first.weight
# expected
from mxnet import init, nd
from mxnet.gluon import nn

class Net(nn.Block):
    def __init__(self):
        super().__init__()
        self.first = nn.Dense(3, in_units=2, flatten=False)
        self.first.weight.init = init.Constant(nd.ones((3, 2)))

    def forward(self, x):
        return self.first(x)

net = Net()
net.initialize()
weight = nd.zeros((3, 2))
net.first.weight.set_data(weight)
other = nn.Dense(3, in_units=2, flatten=False)
other.initialize()
other.weight = net.first.weight  # diptych: share by params=
