# to mxnet
import torch
dtype = torch.float
device = 'cuda' if torch.cuda.is_available() else 'cpu'
print(f'Using {device} device')
x = torch.zeros(3, dtype=dtype, device=device)
y = x.to(device)
# expected
import mxnet as mx
import numpy
from mxnet import nd
dtype = numpy.float32
device = mx.gpu() if mx.context.num_gpus() > 0 else mx.cpu()
print(f'Using {device} device')
x = nd.zeros((3,), dtype='float32', ctx=device)
y = x.as_in_context(device)
