"""Whole maps through the network, cube by cube as the program does it."""

import dataclasses

import numpy as np
import torch

from ..simulate.rotations import turn_back, turn_cube
from .map_share import with_map_share

CUBE, STRIDE, SAMPLES = 32, 16, 15
#: A cube is worth predicting when more voxels than this lie in the mask.
FEWEST = 5


@dataclasses.dataclass(frozen=True)
class Prediction:
    """
    Mean of the Monte Carlo passes, mean over cubes of their variance, the plain pass, number of cubes on a voxel. Mean
    and plain pass have their share of the map.
    """

    mean: np.ndarray
    variance: np.ndarray
    plain: np.ndarray
    covered: np.ndarray


def starts(n):
    """First voxels of the cubes along an axis: every 16 while the centre is inside; the last ends at the border."""
    return sorted({min(start, n - CUBE) for start in range(0, n - CUBE // 2, STRIDE)})


def turn_at(z, y, x):
    """Rotation in which the cube at these places along the axes is shown; `tiling/turns.ts` does the same."""
    return 3 * (4 * (z % 2) + 2 * (y % 2) + x % 2)


@torch.no_grad()
def predict(network, standardised, mask, seed, samples=SAMPLES, device="cpu", batch=8):
    shape = standardised.shape
    total, variance, plain = (np.zeros(shape) for _ in range(3))
    covered = np.zeros(shape, dtype=np.int32)
    spans = [
        (tuple(slice(at, at + CUBE) for at in (z, y, x)), turn_at(k, j, i))
        for k, z in enumerate(starts(shape[0]))
        for j, y in enumerate(starts(shape[1]))
        for i, x in enumerate(starts(shape[2]))
    ]
    spans = [(span, turn) for span, turn in spans if mask[span].sum() > FEWEST]
    generator = torch.Generator(device).manual_seed(seed)
    for first in range(0, len(spans), batch):
        part = spans[first : first + batch]
        turned = np.stack([turn_cube(standardised[span], turn) for span, turn in part])
        cubes = torch.from_numpy(turned)[:, None].to(device)
        prefix = network.prefix(cubes)
        passes = torch.stack([network.sample(prefix, generator)[:, 0] for _ in range(samples)])
        results = (passes.mean(0), passes.var(0, unbiased=False), (prefix[0] + network.noise(prefix[1]))[:, 0])
        for (span, turn), *values in zip(part, *(result.cpu().numpy() for result in results)):
            for sum_of, value in zip((total, variance, plain), values):
                sum_of[span] += turn_back(value, turn)
            covered[span] += 1
    times = np.maximum(covered, 1)
    mean, variance, plain = ((sum_of / times).astype("f4") for sum_of in (total, variance, plain))
    mean, plain = (with_map_share(each, standardised, mask) for each in (mean, plain))
    return Prediction(mean, variance, plain, covered)
