# to mxnet
import torch
from torch import nn
layer = nn.Dropout(0.2)
x = torch.ones(2, 3)
y = layer(x)
layer.eval()
z = layer(x)
# expected
from mxnet import autograd, nd
from mxnet.gluon import nn
layer = nn.Dropout(0.2)
layer.initialize()
x = nd.ones((2, 3))
with autograd.train_mode():
    y = layer(x)
z = layer(x)
