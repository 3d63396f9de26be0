# to mxnet
import torch
from torch import nn

net = nn.Linear(2, 3)
torch.save(net.state_dict(), 'net.pt')
net.load_state_dict(torch.load('net.pt'))
# expected
from mxnet.gluon import nn

net = nn.Dense(3, in_units=2, flatten=False)
net.initialize()
net.save_parameters('net.pt')
net.load_parameters('net.pt')
