"""Voxels of the daemon as arrays. For the worker thread."""

from __future__ import annotations

import numpy

from .client.daemon import Daemon
from .client.volumes import Shape, fetch_voxels


async def fetch_array(
    daemon: Daemon, volume: str, shape: Shape, sections: tuple[int, int] | None = None
) -> numpy.ndarray:
    """The voxels of a volume of the daemon, or those of its sections [first, last), as an array [k, j, i]."""
    depth = shape[0] if sections is None else sections[1] - sections[0]
    voxels = numpy.empty((depth, *shape[1:]), "<f4")
    await fetch_voxels(daemon, volume, shape, memoryview(voxels).cast("B"), sections)
    return voxels
