# to pytorch
from mxnet import autograd, gluon
from mxnet.gluon import nn

net = nn.Dense(2, in_units=3, flatten=False)
net.initialize()
loss_fn = gluon.loss.SoftmaxCrossEntropyLoss()
trainer = gluon.Trainer(net.collect_params(), 'sgd', {'learning_rate': 0.1})
for X, y in gluon.data.DataLoader([], batch_size=4):
    with autograd.record():
        loss = loss_fn(net(X), y)
    loss.backward()
    trainer.step(X.shape[0])
    print(loss.mean().asscalar())
# expected
import torch
from torch import nn

net = nn.Linear(3, 2)
loss_fn = nn.CrossEntropyLoss()
trainer = torch.optim.SGD(net.parameters(), lr=0.1)
for X, y in torch.utils.data.DataLoader([], batch_size=4):
    trainer.zero_grad()
    loss = loss_fn(net(X), y)
    loss.backward()
    trainer.step()
    print(loss.item())
