# to mxnet
import torch
from torch import nn
from torch.utils.data import DataLoader

net = nn.Linear(3, 2)
trainer = torch.optim.SGD(net.parameters(), lr=0.1)
for X, y in DataLoader([]):
    loss = net(X).sum()
    loss.backward()
    trainer.step()
# expected
from mxnet import autograd, gluon
from mxnet.gluon import nn
from mxnet.gluon.data import DataLoader

net = nn.Dense(2, in_units=3, flatten=False)
net.initialize()
trainer = gluon.Trainer(net.collect_params(), 'sgd', {'learning_rate': 0.1})
net.collect_params().setattr('grad_req', 'add')
for X, y in DataLoader([], batch_size=1):
    with autograd.record():
        loss = net(X).sum()
    loss.backward()
    trainer.step(1)
