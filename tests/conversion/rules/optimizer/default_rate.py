# to pytorch
from mxnet import gluon
from mxnet.gluon import nn

net = nn.Dense(1, in_units=3, flatten=False)
trainer = gluon.Trainer(net.collect_params(), 'sgd')
# expected
import torch
from torch import nn

net = nn.Linear(3, 1)
trainer = torch.optim.SGD(net.parameters(), lr=0.01)
