# to mxnet
# unchanged: nothing says that these are PyTorch's
data.split(',')
# next
args.device
# next
def ones(*shape):
    return shape


ones(5, 3)
# next
def build(nn):
    return nn.Linear(3, 4)
# next
x.view(-1, 3).item()
# next
import numpy as torch

torch.ones((5, 3))
