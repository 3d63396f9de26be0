# to pytorch
from mxnet.gluon import nn

layer = nn.Dense(5)
layer.initialize()
# expected
from torch import nn

layer = nn.Sequential(nn.Flatten(), nn.LazyLinear(5))
