# to pytorch
import mxnet as mx
from mxnet import gluon
from mxnet.gluon import nn
net = nn.Dense(2, in_units=4, flatten=False)
sgd = mx.optimizer.SGD(learning_rate=0.1, momentum=0.9)
trainer = gluon.Trainer(net.collect_params(), sgd)
# expected
import torch
from torch import nn
net = nn.Linear(4, 2)
trainer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
