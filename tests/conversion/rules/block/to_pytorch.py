# to pytorch
from mxnet import autograd, gluon, init
from mxnet.gluon import nn

net = nn.Dense(1, in_units=3, flatten=False)
net.collect_params().initialize(init.Constant(0.5))
net.collect_params().setattr('grad_req', 'null')
net.hybridize()


class Noise(gluon.Block):
    def forward(self, x):
        return x * 2 if autograd.is_training() else x
# expected
import functools
from torch import nn


def initialize(network, draw):
    """Draws weights anew; biases are zero, the weights of normalizations one."""
    network.apply(lambda module: getattr(module, "reset_parameters", lambda: None)())
    for name, parameter in network.named_parameters():
        if parameter.dim() > 1:
            draw(parameter)
        elif "bias" in name:
            nn.init.zeros_(parameter)


net = nn.Linear(3, 1)
initialize(net, functools.partial(nn.init.constant_, val=0.5))
net.requires_grad_(False)


class Noise(nn.Module):
    def forward(self, x):
        return x * 2 if self.training else x
