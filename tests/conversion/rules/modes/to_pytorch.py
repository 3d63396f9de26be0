# to pytorch
from mxnet import autograd, gluon
from mxnet.gluon import nn

net = nn.Sequential()
net.add(nn.Dense(2, in_units=3, flatten=False), nn.Dropout(0.5))
net.initialize()
loss_fn = gluon.loss.SoftmaxCrossEntropyLoss()
trainer = gluon.Trainer(net.collect_params(), 'sgd', {'learning_rate': 0.1})
for epoch in range(3):
    for X, y in gluon.data.DataLoader([], batch_size=4):
        with autograd.record():
            loss = loss_fn(net(X), y)
        loss.backward()
        trainer.step(X.shape[0])
    for X, y in gluon.data.DataLoader([], batch_size=4):
        z = net(X)
# expected
import torch
from torch import nn

net = nn.Sequential(nn.Linear(3, 2), nn.Dropout(0.5))
loss_fn = nn.CrossEntropyLoss()
trainer = torch.optim.SGD(net.parameters(), lr=0.1)
for epoch in range(3):
    net.train()
    for X, y in torch.utils.data.DataLoader([], batch_size=4):
        trainer.zero_grad()
        loss = loss_fn(net(X), y)
        loss.backward()
        trainer.step()
    net.eval()
    for X, y in torch.utils.data.DataLoader([], batch_size=4):
        z = net(X)
