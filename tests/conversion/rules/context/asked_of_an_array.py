# to pytorch
from mxnet import nd

x = nd.ones((2, 3))
a = x.ctx.device_type == 'cpu'
b = 'gpu' != x.context.device_type
c = x.ctx.device_type
# expected
import torch

x = torch.ones(2, 3)
a = x.device.type == 'cpu'
b = 'cuda' != x.device.type
c = x.device.device_type  # diptych: A context is described in other words than PyTorch's devices.
