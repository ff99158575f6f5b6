"""torch.compile on a CPU adds the gradient of a max pool to its buffer after the convolution that
reads it: here every layer below the pool gets zeros, without a word.

pip install torch==2.13.0, then run this file. It fails once the failure is gone.
"""

import sys

import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(
    nn.Conv2d(4, 8, 3, padding=1),
    nn.ReLU(),
    nn.MaxPool2d(3, 2),
    nn.AdaptiveAvgPool2d(6),  # as AlexNet ends
    nn.Flatten(),
    nn.Linear(8 * 36, 5),
)
images = torch.randn(3, 4, 3, 3)
largest = {}
for name, call in (("eager", net), ("compiled", torch.compile(net))):
    net.zero_grad()
    call(images).square().sum().backward()
    largest[name] = [float(p.grad.abs().max()) for p in net.parameters()]
    print(name, "largest gradients:", *(f"{each:.3g}" for each in largest[name]))
convolution = [largest[name][0] for name in ("eager", "compiled")]
print("torch", torch.__version__, "says", convolution[1], "where", convolution[0], "is right")
if not (convolution[0] > 0 and convolution[1] == 0):
    sys.exit("the failure no longer shows")
