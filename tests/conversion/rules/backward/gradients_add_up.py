# to mxnet
import torch
x = torch.tensor([1., 2.], requires_grad=True)
for i in range(3):
    y = (x * x).sum()
    y.backward()
g = x.grad
# expected
from mxnet import autograd, nd
x = nd.array([1., 2.])
x.attach_grad('add')
for i in range(3):
    with autograd.record():
        y = (x * x).sum()
    y.backward()
g = x.grad
