"""Belts of detergent or lipid around membrane proteins."""

import dataclasses

import numpy as np

from .density import soft_envelope
from .fourier import low_pass
from .rotations import random_rotation


@dataclasses.dataclass(frozen=True)
class Belt:
    """Density of the belt, in units of the mean density of protein, and where it is."""

    density: np.ndarray
    mask: np.ndarray


def membrane_axis(structure):
    """Unit vector (x, y, z) of the largest spread of the atoms: many membrane proteins are long across the membrane."""
    centred = structure.positions - structure.positions.mean(axis=0)
    return np.linalg.svd(centred[:: max(1, len(centred) // 2000)], full_matrices=False)[2][0]


def micelle_belt(rng, structure, shape, voxel, axis=None):
    """
    A ring around the molecule: a slab of 25 to 40 angstrom across `axis` (random if not given), 12 to 25 angstrom
    wide, with shells of heads denser than the tails between, a rough texture, and no density in the molecule.
    """
    axis = random_rotation(rng)[0] if axis is None else np.asarray(axis) / np.linalg.norm(axis)
    z, y, x = np.meshgrid(*(np.arange(n, dtype=np.float32) * voxel for n in shape), indexing="ij", sparse=True)
    middle = structure.positions.mean(axis=0) + axis * rng.uniform(-0.2, 0.2) * structure.extent.max()
    dx, dy, dz = x - middle[0], y - middle[1], z - middle[2]
    along = dx * axis[0] + dy * axis[1] + dz * axis[2]
    across = np.sqrt(np.maximum(dx * dx + dy * dy + dz * dz - along * along, 0))
    half = rng.uniform(25, 40) / 2
    in_slab = np.abs((structure.positions - middle) @ axis) < half
    if in_slab.sum() < 20:
        in_slab[:] = True
    part = structure.positions[in_slab] - middle
    radius = np.quantile(np.linalg.norm(part - np.outer(part @ axis, axis), axis=1), 0.95) + rng.uniform(12, 25)
    # A superellipse, between a flat disc (nanodisc) and a rounded micelle.
    power = rng.uniform(2, 6)
    inside = (np.abs(along) / half) ** power + (across / radius) ** power
    soft = 1 / (1 + np.exp(np.minimum((inside - 1) * 6, 60)))
    heads = 1 + rng.uniform(0, 0.8) * np.exp(-(((np.abs(along) - 0.75 * half) / 4) ** 2))
    texture = low_pass(rng.standard_normal(shape, dtype=np.float32), voxel, rng.uniform(8, 15))
    texture = 1 + 0.25 * texture / max(float(texture.std()), 1e-9)
    free = 1 - soft_envelope(structure, shape, voxel, 3.0)
    density = (soft * heads * texture * free).astype(np.float32)
    return Belt(density, (soft > 0.5) & (free > 0.5))
