"""Density of a structure on a grid."""

import numpy as np

from .fourier import filter_map
from .scattering import carbon_shape, gaussian_of

#: An atom is placed out to where its Gaussian has fallen to this part of its height.
CUT = 1e-3
#: Atoms placed at a time, to bound memory.
BATCH = 4096


def density(structure, shape, voxel, b=None):
    """
    Scattering density (angstrom per cubic angstrom) on a grid whose voxel (0, 0, 0) is at 0 angstrom. `b` (one for
    each atom, square angstrom) stands for the structure's own. Atoms outside the box do not count.
    """
    weight, b_element = gaussian_of(structure.elements)
    total = np.maximum(b_element + (structure.b if b is None else np.asarray(b)), 2.0)
    # Placing with less blur than this would alias; it is taken off again in Fourier space.
    extra = max(0.0, 8 * np.pi**2 * (0.85 * voxel) ** 2 - float(total.min()))
    placed = place(structure.positions, weight * structure.occupancy, total + extra, shape, voxel)
    return filter_map(
        placed, voxel, lambda s: (carbon_shape(s) * np.exp(np.minimum(extra * s * s / 4, 4))).astype("f4")
    )


def place(positions, weights, b, shape, voxel):
    """Sum of normalised Gaussians exp(-4 pi^2 r^2 / b), b in square angstrom, of the given integral."""
    grid = np.zeros(int(np.prod(shape)))
    sigma = np.sqrt(b / (8 * np.pi**2)) / voxel
    reach = np.ceil(sigma * np.sqrt(-2 * np.log(CUT))).astype(int)
    centre = positions[:, ::-1] / voxel
    inside = np.all((centre >= 0) & (centre <= np.array(shape) - 1), axis=1)
    # Atoms of one reach share the shape of their neighbourhood.
    for r in np.unique(reach[inside]):
        chosen = np.flatnonzero(inside & (reach == r))
        for part in np.array_split(chosen, max(1, -(-len(chosen) // BATCH))):
            _add(grid, shape, centre[part], weights[part] / voxel**3, sigma[part], int(r))
    return grid.reshape(shape).astype(np.float32)


def _add(grid, shape, centre, weights, sigma, reach):
    offsets = np.arange(-reach, reach + 1)
    nearest = np.rint(centre).astype(np.int64)
    profiles, indices = [], []
    for axis in range(3):
        at = nearest[:, axis, None] + offsets
        profile = np.exp(-((at - centre[:, axis, None]) ** 2) / (2 * sigma[:, None] ** 2))
        # Normalised as sampled, so that the integral is exact for narrow Gaussians too.
        profile /= profile.sum(axis=1, keepdims=True)
        profile[(at < 0) | (at >= shape[axis])] = 0
        profiles.append(profile)
        indices.append(np.clip(at, 0, shape[axis] - 1))
    values = (
        (profiles[0] * weights[:, None])[:, :, None, None] * profiles[1][:, None, :, None] * profiles[2][:, None, None]
    )
    at = (indices[0][:, :, None, None] * shape[1] + indices[1][:, None, :, None]) * shape[2] + indices[2][:, None, None]
    grid += np.bincount(at.ravel(), values.ravel(), len(grid))


def soft_envelope(structure, shape, voxel, radius):
    """About 1 inside the molecule and 0 outside, falling over about `radius` angstrom around the outer atoms."""
    b = np.full(len(structure), 8 * np.pi**2 * (radius / 2) ** 2)
    filled = place(structure.positions, np.ones(len(structure)), b, shape, voxel)
    # Molecules have an atom in about 19 cubic angstrom; half of that is the surface.
    return np.clip(filled * 19 * 1.5, 0, 1)


def envelope(structure, shape, voxel, radius=3.0):
    """Voxels within about `radius` angstrom of the molecule's atoms, as booleans."""
    return soft_envelope(structure, shape, voxel, radius) > 0.15
