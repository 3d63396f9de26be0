# to pytorch in np
from mxnet import np, npx
npx.set_np()
a = np.isclose([1.0, 2.0], [1.0, 2.1])
b = np.bitwise_or(13, 17)
c = np.array([1, np.exp(1), np.pi / 2])
# expected
import numpy
import torch
a = numpy.isclose([1.0, 2.0], [1.0, 2.1])
b = numpy.bitwise_or(13, 17)
c = torch.tensor([1, numpy.exp(1), torch.pi / 2], dtype=torch.float32)
