# to pytorch
import numpy
from mxnet import nd

x = nd.ones((2, 3))
a = numpy.issubdtype(x.dtype, numpy.floating)
b = numpy.finfo(x.dtype).eps
c = numpy.zeros(2, dtype=x.dtype)
d = nd.zeros((2,), dtype=x.dtype)
# expected
import numpy
import torch

x = torch.ones(2, 3)
a = numpy.issubdtype(str(x.dtype).removeprefix('torch.'), numpy.floating)
b = numpy.finfo(str(x.dtype).removeprefix('torch.')).eps
c = numpy.zeros(2, dtype=str(x.dtype).removeprefix('torch.'))
d = torch.zeros(2, dtype=x.dtype)
