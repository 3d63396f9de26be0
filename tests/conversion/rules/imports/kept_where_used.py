# to mxnet
import torch
from torch import nn, fft  # noqa: F401

x = torch.ones(5, 3)
y = fft.fft(x)
# expected
from mxnet import nd
from mxnet.gluon import nn
from torch import fft  # noqa: F401

x = nd.ones((5, 3))
y = fft.fft(x)  # diptych: no counterpart of torch.fft.fft
