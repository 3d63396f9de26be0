# to mxnet
import torch
from torch import nn


class Scale(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(n))

    def forward(self, x):
        return x * self.scale


net = Scale(3)
nn.init.normal_(net.scale, std=0.01)
print(net.scale.data)
# expected
from mxnet import gluon, init, nd
from mxnet.gluon import nn


def parameter_of(block, name, value, grad_req="write"):
    draw = init.Constant(value)
    return block.params.get(name, grad_req=grad_req, shape=value.shape, dtype=value.dtype, init=draw)


def initialized(parameter):
    if parameter._data is None:
        parameter.initialize()
    return parameter


def set_values(x, values):
    array = initialized(x).data() if isinstance(x, gluon.Parameter) else x
    array[:] = values
    return x



class Scale(nn.Block):
    def __init__(self, n):
        super().__init__()
        self.scale = parameter_of(self, 'scale', nd.ones(n))

    def forward(self, x):
        return x * self.scale.data()


net = Scale(3)
net.initialize()
set_values(net.scale, nd.random.normal(0.0, 0.01, net.scale.shape))
print(net.scale.data())
