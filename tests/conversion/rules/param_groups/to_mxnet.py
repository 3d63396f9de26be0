# to mxnet
import torch
from torch import nn

net = nn.Linear(3, 1)
trainer = torch.optim.SGD(net.parameters(), lr=0.1)
for group in trainer.param_groups:
    group['lr'] *= 0.1
print(trainer.param_groups[0]['lr'])
# expected
from mxnet import gluon
from mxnet.gluon import nn

net = nn.Dense(1, in_units=3, flatten=False)
net.initialize()
trainer = gluon.Trainer(net.collect_params(), 'sgd', {'learning_rate': 0.1})
trainer.set_learning_rate(trainer.learning_rate * 0.1)
print(trainer.learning_rate)
