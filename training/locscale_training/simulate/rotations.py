"""Rotations: any of a structure, and the 24 of a cube of voxels. No mirrors: molecules are chiral."""

import itertools

import numpy as np


def random_rotation(rng):
    """A rotation matrix, uniformly distributed (from a random unit quaternion)."""
    w, x, y, z = (q := rng.normal(size=4)) / np.linalg.norm(q)
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )


def _proper():
    for axes in itertools.permutations(range(3)):
        for flips in itertools.product((False, True), repeat=3):
            matrix = np.zeros((3, 3))
            for row, (axis, flip) in enumerate(zip(axes, flips)):
                matrix[row, axis] = -1 if flip else 1
            if np.linalg.det(matrix) > 0:
                yield axes, tuple(axis for axis, flip in enumerate(flips) if flip)


#: (order of axes, axes that are reversed afterwards) of the 24 rotations that map a cube onto itself.
CUBE_ROTATIONS = tuple(_proper())


def turn_cube(cube, which):
    """A cube, or cubes with leading axes, turned by one of the 24 rotations; a view."""
    axes, flips = CUBE_ROTATIONS[which]
    lead = cube.ndim - 3
    turned = cube.transpose(*range(lead), *(lead + axis for axis in axes))
    return np.flip(turned, tuple(lead + axis for axis in flips)) if flips else turned


def turn_back(turned, which):
    """Undoes `turn_cube`; a view."""
    axes, flips = CUBE_ROTATIONS[which]
    lead = turned.ndim - 3
    upright = np.flip(turned, tuple(lead + axis for axis in flips)) if flips else turned
    return upright.transpose(*range(lead), *(lead + at for at in np.argsort(axes)))
