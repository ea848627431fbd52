"""The network: a small U-Net that looks at 2 Å voxels and thinks at 4 Å and coarser."""

import torch
from torch import Tensor, nn

WIDTHS = (16, 32, 48, 64)
# Cube that it is trained on and run with, voxels, and the voxel size, Å.
CUBE = 64
VOXEL = 2.0


def _pair(inputs: int, outputs: int) -> nn.Sequential:
    """Two convolutions, each with normalisation over groups of channels."""
    return nn.Sequential(
        nn.Conv3d(inputs, outputs, 3, padding=1, bias=False),
        nn.GroupNorm(outputs // 8, outputs, eps=1e-3),
        nn.ReLU(inplace=True),
        nn.Conv3d(outputs, outputs, 3, padding=1, bias=False),
        nn.GroupNorm(outputs // 8, outputs, eps=1e-3),
        nn.ReLU(inplace=True),
    )


class Segmenter(nn.Module):
    """Logits of a voxel being in a belt. In: standardised maps (N, 1, z, y, x), edges a multiple of 16."""

    def __init__(self) -> None:
        super().__init__()
        first = WIDTHS[0]
        # Not normalised: how strong the density is tells belt from solvent.
        self.stem = nn.Sequential(nn.Conv3d(1, first, 4, stride=2, padding=1), nn.ReLU(inplace=True))
        self.down = nn.ModuleList([_pair(first, first)] + [_pair(n, n) for n in WIDTHS[1:]])
        self.shrink = nn.ModuleList([nn.Conv3d(a, b, 2, stride=2) for a, b in zip(WIDTHS, WIDTHS[1:])])
        self.grow = nn.ModuleList([nn.ConvTranspose3d(b, a, 2, stride=2) for a, b in zip(WIDTHS, WIDTHS[1:])])
        self.up = nn.ModuleList([_pair(2 * n, n) for n in WIDTHS[:-1]])
        self.head = nn.ConvTranspose3d(2 * first, 1, 4, stride=2, padding=1)

    def forward(self, maps: Tensor) -> Tensor:
        stem = self.stem(maps)
        value = stem
        skips = []
        for level, pair in enumerate(self.down):
            value = pair(value)
            if level < len(self.shrink):
                skips.append(value)
                value = self.shrink[level](value)
        for level in reversed(range(len(self.up))):
            value = self.up[level](torch.cat([self.grow[level](value), skips[level]], dim=1))
        return self.head(torch.cat([value, stem], dim=1))
