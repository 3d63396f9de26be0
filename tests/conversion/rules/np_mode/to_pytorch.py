# to pytorch
from mxnet import np, npx

npx.set_np()
empty = np.zeros((0, 3))
# expected
import torch

empty = torch.zeros(0, 3)
