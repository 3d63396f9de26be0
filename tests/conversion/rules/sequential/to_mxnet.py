# to mxnet
from torch import nn

net = nn.Sequential(
    nn.Linear(28 * 28, 256),  # hidden
    nn.ReLU(),
    nn.Linear(256, 10),
)
# expected
from mxnet.gluon import nn

net = nn.Sequential()
net.add(
    nn.Dense(256, in_units=28 * 28, flatten=False, activation='relu'),  # hidden
    nn.Dense(10, in_units=256, flatten=False),
)
net.initialize()
