"""Contour levels: what level on a new map shows as much as another level shows of the old one."""

from __future__ import annotations

import numpy

KEEP_WITHIN = 2.0
"""A level is kept unless the one that encloses the same volume is more than so many times higher or lower."""


def level_for(voxels: numpy.ndarray, count: int) -> float:
    """The level that `count` voxels reach."""
    flat = voxels.reshape(-1)
    count = min(max(count, 1), flat.size)
    return float(numpy.partition(flat, flat.size - count)[flat.size - count])


def fitting_level(old: numpy.ndarray, level: float, new: numpy.ndarray) -> float:
    """The same level when it still shows about as much, otherwise the one that encloses the volume it enclosed."""
    before = int(numpy.count_nonzero(old >= level))
    if before == 0 or level <= 0:
        return level
    # A sharpened map is 0 outside its mask: a level there would show the whole box.
    found = level_for(new, min(before, int(numpy.count_nonzero(new > 0))))
    return level if level / KEEP_WITHIN <= found <= level * KEEP_WITHIN else found
