# to mxnet
from torch import nn

net = nn.Sequential()
for width in (4, 3):
    net.append(nn.Linear(width, width - 1))


def build():
    return nn.Linear(2, 3)
# expected
from mxnet.gluon import nn

net = nn.Sequential()
for width in (4, 3):
    net.add(nn.Dense(width - 1, in_units=width, flatten=False))
net.initialize()


def build():
    return nn.Dense(3, in_units=2, flatten=False)  # diptych: give this module a name, so that it can be initialized
