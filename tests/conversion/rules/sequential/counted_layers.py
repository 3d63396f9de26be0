# to mxnet
from torch import nn

net = nn.Sequential(nn.Linear(4, 3), nn.ReLU())
print(len(net))
# expected
from mxnet.gluon import nn

net = nn.Sequential()
net.add(nn.Dense(3, in_units=4, flatten=False), nn.Activation('relu'))
net.initialize()
print(len(net))
