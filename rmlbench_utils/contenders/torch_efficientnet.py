"""EfficientNet-Lite0 in torch, with the names of the package that its ImageNet weights come in."""

from __future__ import annotations

from itertools import pairwise

from torch import Tensor, nn
from torch.nn import functional

EPS, MOMENTUM = 1e-3, 0.01
STAGES = (  # of each: side of the kernel, stride of the first block, expansion, width, blocks
    *((3, 1, 1, 16, 1), (3, 2, 6, 24, 2), (5, 2, 6, 40, 2), (3, 2, 6, 80, 3)),
    *((5, 1, 6, 112, 3), (5, 2, 6, 192, 4), (3, 1, 6, 320, 1)),
)
Size = tuple[int, int]


def after(size: Size, stride: int) -> Size:
    """Height and width after a convolution that pads: divided by the stride, rounded up."""
    return -(-size[0] // stride), -(-size[1] // stride)


class Same(nn.Conv2d):
    """Convolution without bias over zeros, so that `after` holds; the odd one is right and below,
    as in TensorFlow."""

    def __init__(
        self, before: int, width: int, kernel: int, stride: int, size: Size, groups: int = 1
    ) -> None:
        super().__init__(before, width, kernel, stride, groups=groups, bias=False)
        missing = [
            max((there - 1) * stride + kernel - here, 0)
            for here, there in zip(size, after(size, stride), strict=True)
        ]
        high, wide = missing
        self.edges = [wide // 2, wide - wide // 2, high // 2, high - high // 2]

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(functional.pad(x, self.edges) if any(self.edges) else x)


def norm(width: int) -> nn.BatchNorm2d:
    """Batch normalisation as TensorFlow's network has it."""
    return nn.BatchNorm2d(width, eps=EPS, momentum=MOMENTUM)


class Inverted(nn.Module):
    """Widen, convolve each channel alone, narrow; the way around where shapes allow."""

    def __init__(
        self, before: int, width: int, kernel: int, stride: int, expand: int, size: Size
    ) -> None:
        super().__init__()
        hidden = before * expand
        self.widens = expand != 1
        if self.widens:
            self._expand_conv = Same(before, hidden, 1, 1, size)
            self._bn0 = norm(hidden)
        self._depthwise_conv = Same(hidden, hidden, kernel, stride, size, hidden)
        self._bn1 = norm(hidden)
        self._project_conv = Same(hidden, width, 1, 1, size)
        self._bn2 = norm(width)
        self.around = stride == 1 and before == width

    def forward(self, x: Tensor) -> Tensor:
        y = functional.relu6(self._bn0(self._expand_conv(x))) if self.widens else x
        y = functional.relu6(self._bn1(self._depthwise_conv(y)))
        y = self._bn2(self._project_conv(y))
        return x + y if self.around else y


class EfficientNetLite0(nn.Module):
    """EfficientNet (Tan and Le, ICML 2019) as TensorFlow's Lite0: no squeeze, ReLU6."""

    def __init__(self, image: tuple[int, int, int], outputs: int, dropout: float) -> None:
        super().__init__()
        size = (image[1], image[2])
        self._conv_stem, self._bn0 = Same(image[0], 32, 3, 2, size), norm(32)
        size = after(size, 2)
        self._blocks = nn.ModuleList()
        widths = pairwise((32, *(width for *_, width, _ in STAGES)))
        for (kernel, first, expand, _, count), (before, width) in zip(STAGES, widths, strict=True):
            for i in range(count):
                stride = first if i == 0 else 1
                from_ = before if i == 0 else width
                self._blocks.append(Inverted(from_, width, kernel, stride, expand, size))
                size = after(size, stride)
        self._conv_head, self._bn1 = Same(width, 1280, 1, 1, size), norm(1280)
        self._fc = nn.Linear(1280, outputs)
        self.dropout = dropout

    def forward(self, x: Tensor) -> Tensor:
        x = functional.relu6(self._bn0(self._conv_stem(x)))
        for block in self._blocks:
            x = block(x)
        x = functional.relu6(self._bn1(self._conv_head(x))).mean((2, 3))
        return self._fc(functional.dropout(x, self.dropout, self.training))
