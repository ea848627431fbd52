"""Whole maps through the network, cube by cube as the program does it."""

import dataclasses

import numpy as np
import torch

CUBE, STRIDE, SAMPLES = 32, 16, 15
#: A cube is worth predicting when more voxels than this lie in the mask.
FEWEST = 5


@dataclasses.dataclass(frozen=True)
class Prediction:
    """Mean of the Monte Carlo passes, mean over cubes of their variance, the plain pass, number of cubes on a voxel."""

    mean: np.ndarray
    variance: np.ndarray
    plain: np.ndarray
    covered: np.ndarray


def starts(n):
    """First voxels of the cubes along an axis: every 16 while the centre is inside; the last ends at the border."""
    return sorted({min(start, n - CUBE) for start in range(0, n - CUBE // 2, STRIDE)})


@torch.no_grad()
def predict(network, standardised, mask, seed, samples=SAMPLES, device="cpu", batch=8):
    shape = standardised.shape
    total, variance, plain = (np.zeros(shape) for _ in range(3))
    covered = np.zeros(shape, dtype=np.int32)
    spans = [
        tuple(slice(at, at + CUBE) for at in (z, y, x))
        for z in starts(shape[0])
        for y in starts(shape[1])
        for x in starts(shape[2])
    ]
    spans = [span for span in spans if mask[span].sum() > FEWEST]
    generator = torch.Generator(device).manual_seed(seed)
    for first in range(0, len(spans), batch):
        part = spans[first : first + batch]
        cubes = torch.from_numpy(np.stack([standardised[span] for span in part]))[:, None].to(device)
        prefix = network.prefix(cubes)
        passes = torch.stack([network.sample(prefix, generator)[:, 0] for _ in range(samples)])
        results = (passes.mean(0), passes.var(0, unbiased=False), (prefix[0] + network.noise(prefix[1]))[:, 0])
        for span, *values in zip(part, *(result.cpu().numpy() for result in results)):
            for sum_of, value in zip((total, variance, plain), values):
                sum_of[span] += value
            covered[span] += 1
    times = np.maximum(covered, 1)
    return Prediction(*((sum_of / times).astype("f4") for sum_of in (total, variance, plain)), covered)
