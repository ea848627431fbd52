"""Maps of ChimeraX as inputs of jobs. Everything slow (reading, converting) happens later, in the worker thread."""

from __future__ import annotations

import os
from dataclasses import dataclass

import numpy
from chimerax.core.errors import UserError
from chimerax.map_data import ArrayGridData

from .client.volumes import MapSource
from .grid_ids import grid_ids

ANGLE_TOLERANCE = 0.01
SECTIONS_BYTES = 8 * 1024 * 1024
"""About so much of a map is read, converted and sent at a time."""


@dataclass(frozen=True)
class Box:
    """Part of a grid in voxels, both ends included, as (i, j, k) along (x, y, z)."""

    first: tuple[int, int, int]
    last: tuple[int, int, int]

    @property
    def shape(self) -> tuple[int, int, int]:
        """Along (z, y, x)."""
        i, j, k = (b - a + 1 for a, b in zip(self.first, self.last))
        return k, j, i

    @property
    def slices(self) -> tuple[slice, slice, slice]:
        """For an array [k, j, i]."""
        i, j, k = (slice(a, b + 1) for a, b in zip(self.first, self.last))
        return k, j, i


def whole(grid) -> Box:
    return Box((0, 0, 0), tuple(n - 1 for n in grid.size))


def box_of(volume, region) -> Box:
    """The part that an option `region` means: `all`, `shown`, or six numbers."""
    grid = volume.data
    if region is None or region == "all":
        return whole(grid)
    if region == "shown":
        first, last = volume.region[:2]
    else:
        first, last = region
    for axis, a, b, n in zip("xyz", first, last, grid.size):
        if a < 0 or b >= n:
            raise UserError(
                f"The region {a} to {b} along {axis} leaves {volume.name_with_id()}; its voxels there are 0 to {n - 1}."
            )
    return Box(tuple(first), tuple(last))


def check_map(volume) -> None:
    """Refuses what the daemon cannot take, with what to do about it."""
    name, grid = volume.name_with_id(), volume.data
    if any(abs(angle - 90) > ANGLE_TOLERANCE for angle in grid.cell_angles):
        angles = ", ".join(f"{angle:.4g}" for angle in grid.cell_angles)
        raise UserError(
            f"{name} has cell angles {angles}; LocScale needs 90, 90, 90. Resample it first, for instance: "
            f"volume resample #{volume.id_string} spacing {min(grid.step):.3g}"
        )
    if not numpy.allclose(grid.rotation, numpy.eye(3), atol=1e-6):
        raise UserError(
            f"{name} has axes that its file turns against x, y, z; resample it first, for instance: "
            f"volume resample #{volume.id_string} spacing {min(grid.step):.3g}"
        )
    if numpy.dtype(grid.value_type).kind not in "iuf":
        raise UserError(f"{name} has values of type {grid.value_type}; LocScale needs numbers, one a voxel.")
    if min(grid.size) < 2:
        raise UserError(f"{name} is {grid.size[0]} x {grid.size[1]} x {grid.size[2]} voxels; LocScale needs a 3-D map.")


def check_same_grid(volume, other, what: str) -> None:
    """Refuses a second map on another grid; sizes and voxel sizes must agree, positions on the screen do not count."""
    a, b = volume.data, other.data
    if tuple(a.size) == tuple(b.size) and numpy.allclose(a.step, b.step, rtol=1e-3):
        return
    raise UserError(
        f"The {what} {other.name_with_id()} has {_grid_text(b)}, {volume.name_with_id()} {_grid_text(a)}; "
        f"bring it onto the same grid: volume resample #{other.id_string} onGrid #{volume.id_string}"
    )


def _grid_text(grid) -> str:
    return f"{'x'.join(map(str, grid.size))} voxels of {'x'.join(f'{s:.4g}' for s in grid.step)} Å"


def source_of(volume, grid=None, box: Box | None = None) -> MapSource:
    """A map as input of a job. `grid`: other than the one shown now; `box`: only this part of it."""
    grid = grid or volume.data
    part = box or whole(grid)
    is_whole = part == whole(grid)
    ids = grid_ids(volume.session)
    step = tuple(float(s) for s in grid.step)
    origin = tuple(float(o + s * f) for o, s, f in zip(grid.origin, step, part.first))
    return MapSource(
        name=grid.name or volume.name,
        shape=part.shape,
        voxel_size=step,
        origin=origin,
        pieces=lambda: sections(grid, part),
        path=_file_of(grid) if is_whole else None,
        volume=lambda: ids.of(grid) if is_whole else None,
        opened=(lambda identifier: ids.remember(grid, identifier)) if is_whole else lambda identifier: None,
    )


def sections(grid, box: Box):
    """The voxels of a grid, float32, a few sections at a time. For the worker thread: reads files."""
    depth, height, width = box.shape
    at_a_time = max(1, SECTIONS_BYTES // (4 * height * width))
    i, j, k = box.first
    for start in range(0, depth, at_a_time):
        count = min(at_a_time, depth - start)
        yield memoryview(_read(grid, (i, j, k + start), (width, height, count))).cast("B")


def _read(grid, first, size) -> numpy.ndarray:
    if isinstance(grid, ArrayGridData):
        i, j, k = first
        width, height, count = size
        part = grid.array[k : k + count, j : j + height, i : i + width]
    else:
        # Not grid.matrix(): its cache belongs to the thread of the user interface.
        part = grid.read_matrix(first, size, (1, 1, 1), None)
    return numpy.ascontiguousarray(part, dtype="<f4")


def all_voxels(grid, box: Box) -> numpy.ndarray:
    """The voxels of a grid as one array. For the worker thread."""
    i, j, k = box.shape[2], box.shape[1], box.shape[0]
    return _read(grid, box.first, (i, j, k))


def _file_of(grid) -> str | None:
    """The map file that holds this grid alone, if any: not part of a series, not a file of several maps."""
    path = grid.path
    if grid.file_type != "mrc" or not isinstance(path, str) or not os.path.isfile(path):
        return None
    if grid.grid_id or getattr(grid, "series_index", None) is not None:
        return None
    return os.path.abspath(path)


def like(grid, voxels: numpy.ndarray) -> ArrayGridData:
    """New voxels where a grid lies."""
    return ArrayGridData(
        voxels, grid.origin, grid.step, grid.cell_angles, grid.rotation, grid.symmetries, name=grid.name
    )
