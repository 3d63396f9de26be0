# to pytorch in np
from mxnet import autograd, np, npx
npx.set_np()
w = np.array([1.0, 2.0])
w.attach_grad()
with autograd.record():
    loss = w * w
loss.backward(np.array([0.5, 3.0]))
print(w.grad)
# expected
import torch
w = torch.tensor([1.0, 2.0])
w.requires_grad_()
loss = w * w
loss.backward(torch.tensor([0.5, 3.0]))
print(w.grad)
