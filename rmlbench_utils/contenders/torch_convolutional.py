"""Convolutional networks in torch, each with the names of torchvision where it has the network.

``book/protocol.md`` lists names and shapes; every framework has the same.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional

from rmlbench_utils.contenders.torch_efficientnet import EfficientNetLite0

Image = tuple[int, int, int]


class LeNet(nn.Module):
    """LeCun et al. 1998, Proceedings of the IEEE 86, 2278; ReLU and max-pooling, as used today."""

    def __init__(self, image: Image, outputs: int, dropout: float) -> None:
        super().__init__()
        channels, *size = image
        high, wide = ((side // 2 - 4) // 2 for side in size)
        self.conv1 = nn.Conv2d(channels, 6, 5, padding=2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(16 * high * wide, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, outputs)
        self.dropout = dropout

    def forward(self, x: Tensor) -> Tensor:
        x = functional.max_pool2d(functional.relu(self.conv1(x)), 2)
        x = functional.max_pool2d(functional.relu(self.conv2(x)), 2).flatten(1)
        x = functional.dropout(functional.relu(self.fc1(x)), self.dropout, self.training)
        x = functional.dropout(functional.relu(self.fc2(x)), self.dropout, self.training)
        return self.fc3(x)


class SimpleCNN(nn.Module):
    """The network of PyTorch's MNIST example, with one share for both dropouts."""

    def __init__(self, image: Image, outputs: int, dropout: float) -> None:
        super().__init__()
        channels, high, wide = image
        self.conv1 = nn.Conv2d(channels, 32, 3)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.fc1 = nn.Linear(64 * ((high - 4) // 2) * ((wide - 4) // 2), 128)
        self.fc2 = nn.Linear(128, outputs)
        self.dropout = dropout

    def forward(self, x: Tensor) -> Tensor:
        x = functional.relu(self.conv2(functional.relu(self.conv1(x))))
        x = functional.dropout(functional.max_pool2d(x, 2), self.dropout, self.training).flatten(1)
        x = functional.dropout(functional.relu(self.fc1(x)), self.dropout, self.training)
        return self.fc2(x)


class Excitation(nn.Module):
    """Squeeze and excitation (Hu et al., CVPR 2018): channels weighted by what all pixels say."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.fc1 = nn.Linear(channels, channels // 4)
        self.fc2 = nn.Linear(channels // 4, channels)

    def forward(self, x: Tensor) -> Tensor:
        weights = self.fc2(functional.relu(self.fc1(x.mean((2, 3)))))
        return x * torch.sigmoid(weights)[:, :, None, None]


class AttentionCNN(nn.Module):
    """Two convolutions with batch normalisation, each followed by squeeze and excitation."""

    def __init__(self, image: Image, outputs: int, dropout: float) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(image[0], 32, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(32)
        self.se1 = Excitation(32)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(64)
        self.se2 = Excitation(64)
        self.fc = nn.Linear(64, outputs)
        self.dropout = dropout

    def forward(self, x: Tensor) -> Tensor:
        x = functional.max_pool2d(self.se1(functional.relu(self.bn1(self.conv1(x)))), 2)
        x = functional.max_pool2d(self.se2(functional.relu(self.bn2(self.conv2(x)))), 2)
        return self.fc(functional.dropout(x.mean((2, 3)), self.dropout, self.training))


class AlexNet(nn.Module):
    """Krizhevsky 2014, arXiv:1404.5997, as in torchvision."""

    def __init__(self, image: Image, outputs: int, dropout: float) -> None:
        super().__init__()
        relu, pool = nn.ReLU(inplace=True), nn.MaxPool2d(3, 2)
        self.features = nn.Sequential(
            *(nn.Conv2d(image[0], 64, 11, stride=4, padding=2), relu, pool),
            *(nn.Conv2d(64, 192, 5, padding=2), relu, pool),
            *(nn.Conv2d(192, 384, 3, padding=1), relu),
            *(nn.Conv2d(384, 256, 3, padding=1), relu),
            *(nn.Conv2d(256, 256, 3, padding=1), relu, pool),
        )
        self.avgpool = nn.AdaptiveAvgPool2d(6)
        self.classifier = nn.Sequential(
            *(nn.Dropout(dropout), nn.Linear(256 * 36, 4096), relu),
            *(nn.Dropout(dropout), nn.Linear(4096, 4096), relu),
            nn.Linear(4096, outputs),
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.classifier(self.avgpool(self.features(x)).flatten(1))


class VGG16(nn.Module):
    """Simonyan and Zisserman, ICLR 2015: torchvision's features; for images of 32 pixels a
    classifier of width 512 follows their mean, as is usual for CIFAR."""

    STAGES = ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3))

    def __init__(self, image: Image, outputs: int, dropout: float) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        before = image[0]
        for width, count in self.STAGES:
            for _ in range(count):
                layers += [nn.Conv2d(before, width, 3, padding=1), nn.ReLU(inplace=True)]
                before = width
            layers.append(nn.MaxPool2d(2, 2))
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Sequential(
            *(nn.Linear(512, 512), nn.ReLU(inplace=True), nn.Dropout(dropout)),
            *(nn.Linear(512, 512), nn.ReLU(inplace=True), nn.Dropout(dropout)),
            nn.Linear(512, outputs),
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.classifier(self.features(x).mean((2, 3)))


class Residual(nn.Module):
    """Two convolutions and the way around them."""

    def __init__(self, before: int, width: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(before, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.downsample: nn.Module | None = None
        if stride != 1 or before != width:
            around = nn.Conv2d(before, width, 1, stride, bias=False)
            self.downsample = nn.Sequential(around, nn.BatchNorm2d(width))

    def forward(self, x: Tensor) -> Tensor:
        y = functional.relu(self.bn1(self.conv1(x)))
        around = x if self.downsample is None else self.downsample(x)
        return functional.relu(self.bn2(self.conv2(y)) + around)


class ResNet(nn.Module):
    """He et al., CVPR 2016, as in torchvision; ``blocks`` in each of the four stages.

    Dropout, which the paper has none of, stands before the last layer.
    """

    def __init__(self, blocks: tuple[int, ...], image: Image, outputs: int, dropout: float) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(image[0], 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        before = 64
        for stage, count in enumerate(blocks):
            width, stride = 64 * 2**stage, 1 if stage == 0 else 2
            first = Residual(before, width, stride)
            others = [Residual(width, width, 1) for _ in range(count - 1)]
            setattr(self, f"layer{stage + 1}", nn.Sequential(first, *others))
            before = width
        self.fc = nn.Linear(512, outputs)
        self.dropout = dropout
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x: Tensor) -> Tensor:
        x = functional.max_pool2d(functional.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        x = self.layer4(self.layer3(self.layer2(self.layer1(x)))).mean((2, 3))
        return self.fc(functional.dropout(x, self.dropout, self.training))


class ConvNormActivation(nn.Sequential):
    """Convolution without bias, batch normalisation, ReLU6."""

    def __init__(self, before: int, width: int, kernel: int, stride: int, groups: int) -> None:
        padding = (kernel - 1) // 2
        conv = nn.Conv2d(before, width, kernel, stride, padding, groups=groups, bias=False)
        super().__init__(conv, nn.BatchNorm2d(width), nn.ReLU6(inplace=True))


class Inverted(nn.Module):
    """Widen, convolve each channel alone, narrow; the way around where shapes allow."""

    def __init__(self, before: int, width: int, stride: int, expand: int) -> None:
        super().__init__()
        hidden = before * expand
        layers: list[nn.Module] = []
        if expand != 1:
            layers.append(ConvNormActivation(before, hidden, 1, 1, 1))
        layers.append(ConvNormActivation(hidden, hidden, 3, stride, hidden))
        layers += [nn.Conv2d(hidden, width, 1, bias=False), nn.BatchNorm2d(width)]
        self.conv = nn.Sequential(*layers)
        self.around = stride == 1 and before == width

    def forward(self, x: Tensor) -> Tensor:
        return x + self.conv(x) if self.around else self.conv(x)


class MobileNet(nn.Module):
    """MobileNetV2 (Sandler et al., CVPR 2018), as in torchvision."""

    STAGES = (
        *((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2)),
        *((6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)),
    )

    def __init__(self, image: Image, outputs: int, dropout: float) -> None:
        super().__init__()
        layers: list[nn.Module] = [ConvNormActivation(image[0], 32, 3, 2, 1)]
        before = 32
        for expand, width, count, stride in self.STAGES:
            for i in range(count):
                layers.append(Inverted(before, width, stride if i == 0 else 1, expand))
                before = width
        layers.append(ConvNormActivation(before, 1280, 1, 1, 1))
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Sequential(nn.Dropout(dropout), nn.Linear(1280, outputs))
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out")
            elif isinstance(module, nn.Linear):
                nn.init.normal_(module.weight, 0, 0.01)
                nn.init.zeros_(module.bias)

    def forward(self, x: Tensor) -> Tensor:
        return self.classifier(self.features(x).mean((2, 3)))


Build = Callable[[Image, int, float], nn.Module]


def _resnet(*blocks: int) -> Build:
    return lambda image, outputs, dropout: ResNet(blocks, image, outputs, dropout)


NETWORKS: dict[str, Build] = {
    "lenet": LeNet,
    "simple_cnn": SimpleCNN,
    "attention_cnn": AttentionCNN,
    "alexnet": AlexNet,
    "vgg16": VGG16,
    "resnet18": _resnet(2, 2, 2, 2),
    "resnet34": _resnet(3, 4, 6, 3),
    "mobilenet": MobileNet,
    "efficientnet_lite0": EfficientNetLite0,
}
