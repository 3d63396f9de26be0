# to pytorch
from mxnet import nd
from mxnet.gluon import nn

net = nn.Sequential()
net.add(nn.Dense(4, activation="relu", in_units=3), nn.Dense(2, in_units=4))
net.initialize()
w = net[1].weight.data()
b = net[-2].bias.data()
h = net[0](w)
layer = nn.Dense(4, activation="relu", in_units=3)
layer.initialize()
print(layer.weight.data(), len(net))
plain = nn.Sequential()
plain.add(nn.Dense(4, in_units=3, flatten=False), nn.Dense(2, in_units=4, flatten=False))
plain.initialize()
print(plain[1].weight.data(), len(plain))
# expected
import torch
from torch import nn

net = nn.Sequential(nn.Flatten(), nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))
w = net[3].weight.data
b = net[1].bias.data
h = net[0](w)  # diptych: PyTorch's container has other places
layer = nn.Sequential(nn.Flatten(), nn.Linear(3, 4), nn.ReLU())
print(layer[1].weight.data, len(net))  # diptych: PyTorch's container has other places
plain = nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 2))
print(plain[1].weight.data, len(plain))
