"""Belts of detergent, nanodiscs and membranes around a protein: shape, contrast and texture."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from .membrane_plane import Plane


@dataclass(frozen=True)
class Belt:
    """Density relative to the protein's mean (1), and where the belt is."""

    density: np.ndarray
    inside: np.ndarray
    strength: float


def smooth_noise(shape, correlation: float, random: np.random.Generator) -> np.ndarray:
    """Gaussian noise of unit variance with the given correlation length, voxels."""
    noise = ndimage.gaussian_filter(random.normal(size=shape).astype(np.float32), correlation, mode="wrap")
    return noise / noise.std()


def make_belt(protein: np.ndarray, plane: Plane, voxel: float, kind: str, random: np.random.Generator) -> Belt:
    """Surrounds a protein (a mask without pores, axes z, y, x) where the plane crosses it.

    `s` grows from 0 in the belt's middle to 1 at its surface. A micelle hugs the protein, a nanodisc is a disc with two
    scaffold chains around it, a membrane has no rim within reach.
    """
    z, y, x = np.meshgrid(*(np.arange(n, dtype=np.float32) * voxel for n in protein.shape), indexing="ij", sparse=True)
    cx, cy, cz = plane.centre
    nx, ny, nz = plane.normal
    height = nx * (x - cx) + ny * (y - cy) + nz * (z - cz)
    radius2 = (x - cx) ** 2 + (y - cy) ** 2 + (z - cz) ** 2 - height**2
    radius = np.sqrt(np.maximum(radius2, 0))
    if kind == "curved":
        height = height - radius2 / (2 * random.uniform(80, 250)) * random.choice([-1, 1])
    thickness = random.uniform(28, 44) if kind == "micelle" else random.uniform(32, 46)
    core = protein & (np.abs(height) < thickness / 2 + 4)
    if not core.any():
        raise ValueError("the plane misses the protein")
    distance = ndimage.distance_transform_edt(~core, sampling=voxel).astype(np.float32)
    rim = float(np.percentile(radius[core], 95))
    up = np.abs(height) * (2 / thickness)
    if kind == "micelle":
        reach = random.uniform(12, 30)
        power = random.uniform(2.0, 4.0)
        s = ((distance / reach) ** power + up**power) ** (1 / power)
    elif kind == "nanodisc":
        disc = rim + random.uniform(12, 35)
        s = np.maximum(up, 1 + (radius - disc) / 12)
    else:
        s = up + np.maximum(radius - (rim + random.uniform(40, 120)), 0) / 15
    s = s + random.uniform(0.02, 0.12) * smooth_noise(protein.shape, random.uniform(8, 16) / voxel, random)
    inside = (s < 1) & ~protein
    # Heads of the molecules are denser than their tails, which can be as thin as ice.
    tails = random.uniform(-0.15, 1.0)
    shell = np.exp(-(((s - random.uniform(0.72, 0.9)) / random.uniform(0.14, 0.28)) ** 2))
    density = (tails + (1 - tails) * shell) * (
        1 + random.uniform(0, 0.35) * smooth_noise(protein.shape, random.uniform(2.5, 7) / voxel, random)
    )
    density = np.where(inside, density, 0)
    if kind == "nanodisc" and random.random() < 0.6:
        density, inside = _scaffold(density, inside, protein, radius - disc, height, random)
    density = ndimage.gaussian_filter(density.astype(np.float32), random.uniform(1.0, 3.5) / voxel)
    # Little of it reaches into the protein, where the blur has carried it.
    density[protein] *= random.uniform(0.3, 1.0)
    strength = random.uniform(0.25, 1.0)
    dense = float(np.percentile(density[inside], 90)) if inside.any() else 0
    if dense < 1e-3:
        raise ValueError("the belt is empty")
    return Belt(density * (strength / dense), inside, strength)


def _scaffold(density, inside, protein, beyond, height, random):
    """Two helical belts of scaffold protein, one above the other, around a nanodisc."""
    strength = random.uniform(0.8, 1.6)
    for level in (-7.0, 7.0):
        tube = np.sqrt(beyond**2 + (height - level) ** 2) < 5.5
        density = np.where(tube & ~protein, strength, density)
        inside = inside | (tube & ~protein)
    return density, inside
