# to mxnet
import torch
x = torch.tensor([1., 2.]).requires_grad_()
y = x * 2
z = y * y
(z.sum() +
   y.mean()).backward(retain_graph=True)
g = x.grad
# expected
from mxnet import autograd, nd
x = nd.array([1., 2.])
x.attach_grad()
with autograd.record():
    y = x * 2
    z = y * y
    loss = (z.sum() +
   y.mean())
loss.backward(retain_graph=True)
g = x.grad
