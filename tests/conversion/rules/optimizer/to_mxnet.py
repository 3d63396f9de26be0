# to mxnet
from torch import nn, optim

net = nn.Linear(3, 1, bias=False)
trainer = optim.SGD(net.parameters(), lr=0.1, momentum=0.9, weight_decay=1e-4)
# expected
from mxnet import gluon
from mxnet.gluon import nn

net = nn.Dense(1, in_units=3, use_bias=False, flatten=False)
net.initialize()
trainer = gluon.Trainer(net.collect_params(), 'sgd', {'learning_rate': 0.1, 'momentum': 0.9, 'wd': 1e-4})
