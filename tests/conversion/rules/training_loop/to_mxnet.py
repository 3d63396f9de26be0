# to mxnet
import torch
from torch import nn
from torch.utils.data import DataLoader


def train(net: nn.Linear, batches: DataLoader) -> None:
    loss_fn = nn.CrossEntropyLoss()
    trainer = torch.optim.SGD(net.parameters(), lr=0.1)
    for X, y in batches:
        trainer.zero_grad()
        output = net(X)  # forward
        loss = loss_fn(output, y)
        loss.backward()
        trainer.step()
        print(loss.item())
# expected
from mxnet import autograd, gluon
from mxnet.gluon import nn
from mxnet.gluon.data import DataLoader


def train(net: nn.Dense, batches: DataLoader) -> None:
    loss_fn = gluon.loss.SoftmaxCrossEntropyLoss()
    trainer = gluon.Trainer(net.collect_params(), 'sgd', {'learning_rate': 0.1})
    for X, y in batches:
        with autograd.record():
            output = net(X)  # forward
            loss = loss_fn(output, y)
        loss.backward()
        trainer.step(X.shape[0])
        print(loss.mean().asscalar())
