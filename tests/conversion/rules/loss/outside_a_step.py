# to mxnet
from torch import nn

loss_fn = nn.CrossEntropyLoss()
print(loss_fn(scores, labels).item())
# expected
from mxnet import gluon

loss_fn = gluon.loss.SoftmaxCrossEntropyLoss()
print(loss_fn(scores, labels).mean().asscalar())
