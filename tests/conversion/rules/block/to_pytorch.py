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
    """Draws weights anew, where their shape is not known yet at the first call; biases are zero."""

    def fill(module, *_):
        getattr(module, "reset_parameters", lambda: None)()
        for name, parameter in module.named_parameters(recurse=False):
            if parameter.dim() > 1:
                draw(parameter)
            elif "bias" in name:
                nn.init.zeros_(parameter)

    def fill_once(module, *_):
        hooks.pop(module).remove()
        fill(module)

    hooks = {}
    for module in network.modules():
        if any(isinstance(each, nn.UninitializedParameter) for each in module.parameters(recurse=False)):
            hooks[module] = module.register_forward_pre_hook(fill_once)
        else:
            fill(module)


net = nn.Linear(3, 1)
initialize(net, functools.partial(nn.init.constant_, val=0.5))
net.requires_grad_(False)


class Noise(nn.Module):
    def forward(self, x):
        return x * 2 if self.training else x
