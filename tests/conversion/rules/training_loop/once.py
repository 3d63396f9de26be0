# to mxnet
import torch
from torch import nn

x = torch.ones(4, 3)
net = nn.Linear(3, 2)
trainer = torch.optim.SGD(net.parameters(), lr=0.1)
loss = net(x).mean()
loss.backward()
trainer.step()
# expected
from mxnet import autograd, gluon, nd
from mxnet.gluon import nn

x = nd.ones((4, 3))
net = nn.Dense(2, in_units=3)
net.initialize()
trainer = gluon.Trainer(net.collect_params(), 'sgd', {'learning_rate': 0.1})
with autograd.record():
    loss = net(x).mean()
loss.backward()
trainer.step(1)
