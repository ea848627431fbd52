"""
The network. It works at 2, 4 and 8 angstrom behind one layer at 1 angstrom, because a voxel of 1 angstrom holds little
that its neighbours do not, and coarse layers are cheap on processors.

What is random lies last and is linear: the deterministic part gives the map and features whose dropout a transposed
convolution turns into noise around it. So the mean of many passes is the deterministic pass, a pass costs little more
than its masks, and the variance of the passes has a closed form, which training uses instead of samples.

Training fits the expected error, which is the standard deviation of passes with dropout 0.5. Passes are made with less
dropout: their spread is a fixed part of the expected error, and their mean is not spoilt by the noise of few passes.
"""

import math

import torch
from torch import nn
from torch.nn import functional

#: Dropout of the Monte Carlo passes.
RATE = 0.125
#: Standard deviation of a pass, as a part of the error that training expects.
PASS_SPREAD = math.sqrt(RATE / (1 - RATE))
#: Widths (angstrom) of the blurs whose differences the first layer starts from.
BLURS = (0.6, 0.9, 1.3, 1.9, 2.8)


class Residual(nn.Module):
    """x + convolution(slope(convolution(x)))."""

    def __init__(self, channels):
        super().__init__()
        self.conv1 = nn.Conv3d(channels, channels, 3, padding=1)
        self.prelu = nn.PReLU(channels, init=0.2)
        self.conv2 = nn.Conv3d(channels, channels, 3, padding=1)
        nn.init.kaiming_normal_(self.conv1.weight, a=0.2)
        nn.init.zeros_(self.conv1.bias)
        nn.init.zeros_(self.conv2.weight)
        nn.init.zeros_(self.conv2.bias)

    def forward(self, x):
        return x + self.conv2(self.prelu(self.conv1(x)))


class EmmernetSim(nn.Module):
    """(n, 1, 32, 32, 32) standardised map at 1 angstrom in; (mean, expected error) out."""

    #: Whether the features are computed with half the bits, which trains faster on processors that can.
    in_bfloat16 = False

    def __init__(self, width=16, width2=48, width3=48, noise=16):
        super().__init__()
        # Bands of the map, each brought to one variance, so that regions differ in gain and not in scale.
        self.bands = nn.Conv3d(1, 6, 5, padding=2, bias=False)
        self.norm = nn.GroupNorm(6, 6, eps=1e-5)
        self.down1 = nn.Conv3d(7, width, 2, stride=2)
        self.prelu1 = nn.PReLU(width, init=0.2)
        self.block1 = Residual(width)
        self.down2 = nn.Conv3d(width, width2, 2, stride=2)
        self.prelu2 = nn.PReLU(width2, init=0.2)
        self.block2 = Residual(width2)
        self.down3 = nn.Conv3d(width2, width3, 2, stride=2)
        self.prelu3 = nn.PReLU(width3, init=0.2)
        self.block3 = Residual(width3)
        self.up2 = nn.ConvTranspose3d(width3, width2, 2, stride=2)
        self.block4 = Residual(width2)
        self.up1 = nn.ConvTranspose3d(width2, width, 2, stride=2)
        self.block5 = Residual(width)
        self.block6 = Residual(width)
        self.prelu6 = nn.PReLU(width, init=0.2)
        self.head = nn.ConvTranspose3d(width, 1, 4, stride=2, padding=1)
        # Local sharpening proper: a gain for each band at each voxel; details of the input reach the output unchanged.
        self.gains = nn.ConvTranspose3d(width, 6, 2, stride=2)
        self.sum = nn.Conv3d(6, 1, 1, bias=False)
        self.spread = nn.Conv3d(width, noise, 1)
        self.noise = nn.ConvTranspose3d(noise, 1, 4, stride=2, padding=1, bias=False)
        with torch.no_grad():
            self.bands.weight.copy_(_bands())
            self.head.weight.mul_(0.1)
            self.head.bias.fill_(0.03)
            self.noise.weight.normal_(0, 0.01)
            nn.init.zeros_(self.gains.weight)
            nn.init.zeros_(self.gains.bias)
            nn.init.ones_(self.sum.weight)
        # Fixed: their gradients at 1 angstrom would cost more than all the rest.
        self.bands.weight.requires_grad_(False)

    def features(self, x, bands):
        """What the random part and the map are made of, at 2 angstrom."""
        one = self.block1(self.prelu1(self.down1(torch.cat([x, bands], dim=1))))
        two = self.block2(self.prelu2(self.down2(one)))
        three = self.block3(self.prelu3(self.down3(two)))
        two = self.block4(two + self.up2(three))
        return self.prelu6(self.block6(self.block5(one + self.up1(two))))

    def prefix(self, x):
        """(map without its random part, features that dropout acts on)."""
        bands = self.norm(self.bands(x))
        with torch.autocast(x.device.type, torch.bfloat16, enabled=self.in_bfloat16):
            features = self.features(x, bands)
        features = features.float()
        # `sum` as a sum: PyTorch's convolution would take a sixth of the training's time for it.
        sharpened = (self.gains(features) * bands * self.sum.weight[:, :, 0, 0, 0].view(1, -1, 1, 1, 1)).sum(1, True)
        return self.head(features) + sharpened, self.spread(features)

    def forward(self, x):
        base, spread = self.prefix(x)
        # Dropout multiplies by 0 or 1/(1 - rate): mean 1, variance rate/(1 - rate), independently for each value; 1 for
        # a rate of 0.5.
        squares = functional.conv_transpose3d(spread.square(), self.noise.weight.square(), stride=2, padding=1)
        return base + self.noise(spread), (squares + 1e-8).sqrt()

    def sample(self, prefix, generator=None):
        """One Monte Carlo pass behind the deterministic part."""
        base, spread = prefix
        kept = torch.rand(spread.shape, generator=generator, device=spread.device) >= RATE
        return base + self.noise(spread * kept / (1 - RATE))


def _bands():
    """Differences of Gaussians, from the finest details to the shape of the molecule."""
    axis = torch.arange(-2, 3, dtype=torch.float32)
    blurs = []
    for width in BLURS:
        line = torch.exp(-(axis**2) / (2 * width**2))
        line = line / line.sum()
        blurs.append(line[:, None, None] * line[None, :, None] * line[None, None])
    point = torch.zeros(5, 5, 5)
    point[2, 2, 2] = 1
    levels = [point, *blurs]
    return torch.stack([fine - coarse for fine, coarse in zip(levels, levels[1:])] + [levels[-1]])[:, None]


def crps(mean, spread, truth):
    """Continuous ranked probability score of a normal distribution: an absolute error that knows its uncertainty."""
    z = (truth - mean) / spread
    cumulative = torch.erf(z / math.sqrt(2))
    density = torch.exp(-z.square() / 2) / math.sqrt(2 * math.pi)
    return spread * (z * cumulative + 2 * density - 1 / math.sqrt(math.pi))
