# to pytorch in np
from mxnet import autograd, np, npx
npx.set_np()
w = np.array([1.0, 2.0])
w.attach_grad()
for _ in range(3):
    with autograd.record():
        loss = (w * w).sum()
    loss.backward()
    print(w.grad)
# expected
import torch
w = torch.tensor([1.0, 2.0])
w.requires_grad_()
for _ in range(3):
    loss = (w * w).sum()
    w.grad = None
    loss.backward()
    print(w.grad)
