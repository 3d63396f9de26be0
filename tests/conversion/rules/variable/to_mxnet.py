# to mxnet
import torch
from torch.autograd import Variable

for X, y in torch.utils.data.DataLoader([]):
    X, y = Variable(X), Variable(y)
    print(Variable(X).view(-1))
# expected
from mxnet import gluon

for X, y in gluon.data.DataLoader([], batch_size=1):
    print(X.reshape(-1))
