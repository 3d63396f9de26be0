# to mxnet
import torch
from torch.utils.data import DataLoader

torch.manual_seed(42)  # the order, too
batches = DataLoader([], batch_size=4, shuffle=True)
# expected
import mxnet as mx
import numpy
from mxnet.gluon.data import DataLoader

mx.random.seed(42)  # the order, too
numpy.random.seed(42)
batches = DataLoader([], batch_size=4, shuffle=True)
