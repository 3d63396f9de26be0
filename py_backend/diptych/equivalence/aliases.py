"""One canonical path for every public spelling.

A name reaches us the way the reader's imports spell it (``torch.nn.modules.linear.Linear``, ``mx.ndarray.ones``).
Records use one path only: the shortest that the official documentation uses. Every alias here is held against the
installed libraries by the tests: both ends must be the same object.
"""

from __future__ import annotations

from functools import lru_cache

# Longest match wins; applied until nothing changes. A key stands for itself and for everything below it.
ALIASES: dict[str, str] = {
    # MXNet
    "mx": "mxnet",
    "mxnet.context.Context": "mxnet.Context",
    "mxnet.context.cpu": "mxnet.cpu",
    "mxnet.context.cpu_pinned": "mxnet.cpu_pinned",
    "mxnet.context.current_context": "mxnet.current_context",
    "mxnet.context.gpu": "mxnet.gpu",
    "mxnet.gluon.block.Block": "mxnet.gluon.Block",
    "mxnet.gluon.block.HybridBlock": "mxnet.gluon.HybridBlock",
    "mxnet.gluon.data.dataloader.DataLoader": "mxnet.gluon.data.DataLoader",
    "mxnet.gluon.data.dataset": "mxnet.gluon.data",
    "mxnet.gluon.data.sampler": "mxnet.gluon.data",
    "mxnet.gluon.data.vision.CIFAR10": "mxnet.gluon.data.vision.datasets.CIFAR10",
    "mxnet.gluon.data.vision.CIFAR100": "mxnet.gluon.data.vision.datasets.CIFAR100",
    "mxnet.gluon.data.vision.FashionMNIST": "mxnet.gluon.data.vision.datasets.FashionMNIST",
    "mxnet.gluon.data.vision.ImageFolderDataset": "mxnet.gluon.data.vision.datasets.ImageFolderDataset",
    "mxnet.gluon.data.vision.ImageRecordDataset": "mxnet.gluon.data.vision.datasets.ImageRecordDataset",
    "mxnet.gluon.data.vision.MNIST": "mxnet.gluon.data.vision.datasets.MNIST",
    "mxnet.gluon.nn.Block": "mxnet.gluon.Block",
    "mxnet.gluon.nn.HybridBlock": "mxnet.gluon.HybridBlock",
    "mxnet.gluon.nn.activations": "mxnet.gluon.nn",
    "mxnet.gluon.nn.basic_layers": "mxnet.gluon.nn",
    "mxnet.gluon.nn.conv_layers": "mxnet.gluon.nn",
    "mxnet.gluon.parameter.Parameter": "mxnet.gluon.Parameter",
    "mxnet.gluon.parameter.ParameterDict": "mxnet.gluon.ParameterDict",
    "mxnet.gluon.rnn.rnn_cell": "mxnet.gluon.rnn",
    "mxnet.gluon.rnn.rnn_layer": "mxnet.gluon.rnn",
    "mxnet.gluon.trainer.Trainer": "mxnet.gluon.Trainer",
    "mxnet.init": "mxnet.initializer",
    "mxnet.nd.op": "mxnet.nd",
    "mxnet.nd.utils": "mxnet.nd",
    "mxnet.ndarray": "mxnet.nd",
    "mxnet.npx.Context": "mxnet.Context",
    "mxnet.npx.cpu": "mxnet.cpu",
    "mxnet.npx.cpu_pinned": "mxnet.cpu_pinned",
    "mxnet.npx.current_context": "mxnet.current_context",
    "mxnet.npx.gpu": "mxnet.gpu",
    "mxnet.npx.gpu_memory_info": "mxnet.context.gpu_memory_info",
    "mxnet.npx.num_gpus": "mxnet.context.num_gpus",
    "mxnet.numpy": "mxnet.np",
    "mxnet.numpy_extension": "mxnet.npx",
    "mxnet.optimizer.optimizer.SGD": "mxnet.optimizer.SGD",
    "mxnet.random.exponential": "mxnet.nd.random.exponential",
    "mxnet.random.gamma": "mxnet.nd.random.gamma",
    "mxnet.random.generalized_negative_binomial": "mxnet.nd.random.generalized_negative_binomial",
    "mxnet.random.multinomial": "mxnet.nd.random.multinomial",
    "mxnet.random.negative_binomial": "mxnet.nd.random.negative_binomial",
    "mxnet.random.normal": "mxnet.nd.random.normal",
    "mxnet.random.poisson": "mxnet.nd.random.poisson",
    "mxnet.random.randint": "mxnet.nd.random.randint",
    "mxnet.random.randn": "mxnet.nd.random.randn",
    "mxnet.random.shuffle": "mxnet.nd.random.shuffle",
    "mxnet.random.uniform": "mxnet.nd.random.uniform",
    "mxnet.rnd": "mxnet.random",
    # PyTorch
    "torch._tensor.Tensor": "torch.Tensor",
    "torch.adaptive_avg_pool1d": "torch.nn.functional.adaptive_avg_pool1d",
    "torch.autograd.enable_grad": "torch.enable_grad",
    "torch.autograd.grad_mode.enable_grad": "torch.enable_grad",
    "torch.autograd.grad_mode.no_grad": "torch.no_grad",
    "torch.autograd.inference_mode": "torch.inference_mode",
    "torch.autograd.no_grad": "torch.no_grad",
    "torch.autograd.set_grad_enabled": "torch.set_grad_enabled",
    "torch.autograd.variable.Variable": "torch.autograd.Variable",
    "torch.avg_pool1d": "torch.nn.functional.avg_pool1d",
    "torch.bilinear": "torch.nn.functional.bilinear",
    "torch.celu_": "torch.nn.functional.celu_",
    "torch.channel_shuffle": "torch.nn.functional.channel_shuffle",
    "torch.conv1d": "torch.nn.functional.conv1d",
    "torch.conv2d": "torch.nn.functional.conv2d",
    "torch.conv3d": "torch.nn.functional.conv3d",
    "torch.conv_tbc": "torch.nn.functional.conv_tbc",
    "torch.conv_transpose1d": "torch.nn.functional.conv_transpose1d",
    "torch.conv_transpose2d": "torch.nn.functional.conv_transpose2d",
    "torch.conv_transpose3d": "torch.nn.functional.conv_transpose3d",
    "torch.cosine_similarity": "torch.nn.functional.cosine_similarity",
    "torch.distributions.multinomial.Multinomial": "torch.distributions.Multinomial",
    "torch.hardshrink": "torch.nn.functional.hardshrink",
    "torch.nn.modules.Module": "torch.nn.Module",
    "torch.nn.modules.activation": "torch.nn",
    "torch.nn.modules.batchnorm": "torch.nn",
    "torch.nn.modules.channelshuffle": "torch.nn",
    "torch.nn.modules.container": "torch.nn",
    "torch.nn.modules.conv": "torch.nn",
    "torch.nn.modules.dropout": "torch.nn",
    "torch.nn.modules.flatten": "torch.nn",
    "torch.nn.modules.fold": "torch.nn",
    "torch.nn.modules.instancenorm": "torch.nn",
    "torch.nn.modules.linear": "torch.nn",
    "torch.nn.modules.loss": "torch.nn",
    "torch.nn.modules.module.Module": "torch.nn.Module",
    "torch.nn.modules.normalization": "torch.nn",
    "torch.nn.modules.padding": "torch.nn",
    "torch.nn.modules.pixelshuffle": "torch.nn",
    "torch.nn.modules.pooling": "torch.nn",
    "torch.nn.modules.rnn": "torch.nn",
    "torch.nn.modules.upsampling": "torch.nn",
    "torch.nn.parallel.DataParallel": "torch.nn.DataParallel",
    "torch.nn.parallel.data_parallel.DataParallel": "torch.nn.DataParallel",
    "torch.nn.parallel.scatter_gather.scatter": "torch.nn.parallel.scatter",
    "torch.nn.parameter.Parameter": "torch.nn.Parameter",
    "torch.optim.optimizer.Optimizer": "torch.optim.Optimizer",
    "torch.optim.sgd.SGD": "torch.optim.SGD",
    "torch.pairwise_distance": "torch.nn.functional.pairwise_distance",
    "torch.pdist": "torch.nn.functional.pdist",
    "torch.pixel_shuffle": "torch.nn.functional.pixel_shuffle",
    "torch.pixel_unshuffle": "torch.nn.functional.pixel_unshuffle",
    "torch.prelu": "torch.nn.functional.prelu",
    "torch.random.get_rng_state": "torch.get_rng_state",
    "torch.random.initial_seed": "torch.initial_seed",
    "torch.random.manual_seed": "torch.manual_seed",
    "torch.random.seed": "torch.seed",
    "torch.random.set_rng_state": "torch.set_rng_state",
    "torch.relu_": "torch.nn.functional.relu_",
    "torch.rrelu_": "torch.nn.functional.rrelu_",
    "torch.selu_": "torch.nn.functional.selu_",
    "torch.serialization.load": "torch.load",
    "torch.serialization.save": "torch.save",
    "torch.threshold_": "torch.nn.functional.threshold_",
    "torch.utils.data.dataloader.DataLoader": "torch.utils.data.DataLoader",
    "torch.utils.data.dataset": "torch.utils.data",
    "torch.utils.data.sampler": "torch.utils.data",
    "torchvision.datasets.mnist.MNIST": "torchvision.datasets.MNIST",
    "torchvision.io.image": "torchvision.io",
    "torchvision.transforms.transforms": "torchvision.transforms",
}

# Where a method of a class has no record of its own, its base's record speaks: the class's path (or the package it
# lives in, ending with a dot) and the base.
BASES: dict[str, str] = {
    "mxnet.cpu": "mxnet.Context",
    "mxnet.gluon.HybridBlock": "mxnet.gluon.Block",
    "mxnet.gluon.data.": "mxnet.gluon.data.Dataset",
    "mxnet.gluon.loss.": "mxnet.gluon.Block",
    "mxnet.gluon.nn.": "mxnet.gluon.Block",
    "mxnet.gpu": "mxnet.Context",
    "mxnet.gluon.rnn.": "mxnet.gluon.Block",
    "mxnet.metric.": "mxnet.metric.EvalMetric",
    "mxnet.np.ndarray": "mxnet.nd.NDArray",
    "torch.nn.": "torch.nn.Module",
    "torch.nn.Parameter": "torch.Tensor",
    "torch.optim.": "torch.optim.Optimizer",
    "torch.optim.lr_scheduler.": "torch.optim.lr_scheduler.LRScheduler",
    "torch.utils.data.": "torch.utils.data.Dataset",
    "torchvision.datasets.": "torch.utils.data.Dataset",
}


@lru_cache(maxsize=8192)
def canonical(path: str) -> str:
    """The path that records use for ``path``; a path that no alias covers is its own."""
    while (shorter := _rewrite(path)) != path:
        path = shorter
    return path


def _rewrite(path: str) -> str:
    end = len(path)
    while end > 0:
        head = path[:end]
        target = ALIASES.get(head)
        if target is not None:
            return target + path[end:]
        end = head.rfind(".")
    return path


@lru_cache(maxsize=8192)
def inherited(path: str) -> str | None:
    """The same attribute on the base class, or None: ``torch.optim.SGD.step`` -> ``torch.optim.Optimizer.step``."""
    owner, _, attribute = path.rpartition(".")
    package, _, _ = owner.rpartition(".")
    base = BASES.get(owner)
    if base is None and package.count("."):
        base = BASES.get(package + ".") or _base_of_subpackage(package)
    return None if base is None or base == owner else f"{base}.{attribute}"


def _base_of_subpackage(package: str) -> str | None:
    """``mxnet.gluon.data.vision.datasets`` has the base of ``mxnet.gluon.data``."""
    while (package := package.rpartition(".")[0]).count("."):
        base = BASES.get(package + ".")
        if base is not None:
            return base
    return None
