# to mxnet
import torch
x = torch.tensor([1., 2.], requires_grad=True)
y = x * 2
a = y.sum()
b = (y * y).mean()
a.backward(retain_graph=True)
g1 = x.grad.clone()
b.backward()
g2 = x.grad
# expected
from mxnet import autograd, nd
x = nd.array([1., 2.])
x.attach_grad('add')
with autograd.record():
    y = x * 2
    a = y.sum()
    b = (y * y).mean()
a.backward(retain_graph=True)
g1 = x.grad.copy()
b.backward()
g2 = x.grad
