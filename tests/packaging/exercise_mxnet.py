"""What MXNet has to do in every interpreter, with results that arithmetic gives; run by `python -m diptych.runtime`."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import mxnet as mx
import numpy
from mxnet import autograd, gluon, nd
from mxnet.gluon import nn
from mxnet.gluon.data.vision import datasets, transforms


def classic_operators() -> None:
    x = nd.arange(6).reshape((2, 3))
    assert x.sum(axis=1).asnumpy().tolist() == [3, 12]
    assert nd.dot(x, x.T).asnumpy().tolist() == [[5, 14], [14, 50]]
    assert x.transpose((1, 0)).shape == (3, 2)
    assert nd.concat(x, x, dim=0).shape == (4, 3)
    assert (x > 2).asnumpy().tolist() == [[0, 0, 0], [1, 1, 1]]
    x[:, 1] = 9
    assert x[:, 1].asnumpy().tolist() == [9, 9]
    shape = tuple(numpy.array([3, 2]))  # NumPy 2 prints its elements as 'np.int64(3)'
    assert x.reshape(shape).shape == (3, 2)
    assert nd.zeros(shape).shape == (3, 2)
    assert nd.Convolution(
        nd.ones((1, 1, 4, 4)), nd.ones((1, 1, 3, 3)), nd.zeros(1), kernel=tuple(numpy.array([3, 3])), num_filter=1
    ).asnumpy().tolist() == [[[[9, 9], [9, 9]]]]


@mx.util.use_np
def numpy_operators() -> None:
    x = mx.np.arange(6).reshape(2, 3)
    assert mx.np.einsum("ij,kj->ik", x, x).tolist() == [[5, 14], [14, 50]]
    assert x[x > 2].tolist() == [3, 4, 5]
    assert mx.np.array(3.0).shape == ()
    q, r = mx.np.linalg.qr(mx.np.array([[3.0, 0.0], [4.0, 5.0]]))
    assert abs(mx.np.dot(q, r) - mx.np.array([[3.0, 0.0], [4.0, 5.0]])).max() < 1e-5
    assert numpy.mean(x).item() == 2.5  # NumPy's own function on MXNet's array


def gradients() -> None:
    x = nd.array([1.0, 2.0, 3.0])
    x.attach_grad()
    with autograd.record():
        y = (x * x).sum()
    y.backward()
    assert x.grad.asnumpy().tolist() == [2, 4, 6]


def metrics() -> None:
    metric = mx.metric.Accuracy()
    metric.update(nd.array([0, 1, 1]), nd.array([[0.9, 0.1], [0.2, 0.8], [0.7, 0.3]]))
    assert metric.get() == ("accuracy", 2 / 3)


def saved_parameters() -> None:
    net = nn.Dense(2, in_units=3)
    net.initialize()
    with tempfile.TemporaryDirectory() as folder:
        file = str(Path(folder) / "net.params")
        net.save_parameters(file)
        twin = nn.Dense(2, in_units=3)
        twin.load_parameters(file)
    assert (twin.weight.data() == net.weight.data()).min().asscalar() == 1


def records() -> None:
    header = mx.recordio.IRHeader(0, numpy.array([1.0, 2.0], dtype=numpy.float32), 7, 0)
    unpacked, content = mx.recordio.unpack(mx.recordio.pack(header, b"bytes"))
    assert (unpacked.label.tolist(), content) == ([1.0, 2.0], b"bytes")


def training_on_mnist() -> list[float]:
    """The mean loss of the first and the second hundred steps of the article's network."""
    mx.random.seed(42)
    numpy.random.seed(42)
    transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize(0.13, 0.31)])
    data = gluon.data.DataLoader(datasets.MNIST(train=True).transform_first(transform), 64, shuffle=True)
    net = nn.HybridSequential()
    net.add(nn.Dense(64, activation="relu"), nn.Dense(10))
    net.initialize()
    net.hybridize()
    loss_of = gluon.loss.SoftmaxCrossEntropyLoss()
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.1})
    losses = []
    for step, (images, labels) in enumerate(data):
        if step == 200:
            break
        with autograd.record():
            loss = loss_of(net(images), labels)
        loss.backward()
        trainer.step(images.shape[0])
        losses.append(float(loss.mean().asscalar()))
    return [sum(losses[:100]) / 100, sum(losses[100:]) / 100]


if __name__ == "__main__":
    for exercise in (classic_operators, numpy_operators, gradients, metrics, saved_parameters, records):
        exercise()
    images, labels = datasets.MNIST(train=False)[:10]
    report = {
        "python": ".".join(map(str, sys.version_info[:2])),
        "numpy": numpy.__version__,
        "labels": [int(label) for label in labels],
        "shape": list(images.shape),
        "losses": training_on_mnist(),
    }
    print(json.dumps(report))
