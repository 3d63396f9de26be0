# to mxnet
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(784, 256)
        self.scale = 2.0

    def forward(self, x):
        return self.hidden(x.view(-1, 784)) * self.scale


net = Net()
net.eval()
# expected
from mxnet.gluon import nn


class Net(nn.Block):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Dense(256, in_units=784, flatten=False)
        self.scale = 2.0

    def forward(self, x):
        return self.hidden(x.reshape(-1, 784)) * self.scale


net = Net()
net.initialize()
