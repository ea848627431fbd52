"""Which grids of ChimeraX the daemon has as volumes: they are sent once, and known again in what other viewers say."""

from __future__ import annotations

import weakref


class GridIds:
    """Ids by grid. A grid whose voxel size or origin was changed on the screen is another one to the daemon."""

    def __init__(self):
        self._known: weakref.WeakKeyDictionary = weakref.WeakKeyDictionary()

    def remember(self, grid, volume: str) -> None:
        self._known[grid] = volume, tuple(grid.step), tuple(grid.origin)

    def of(self, grid) -> str | None:
        volume, step, origin = self._known.get(grid, (None, None, None))
        return volume if volume is not None and (tuple(grid.step), tuple(grid.origin)) == (step, origin) else None


def grid_ids(session) -> GridIds:
    """The one of this session."""
    if not hasattr(session, "_locscale_grid_ids"):
        session._locscale_grid_ids = GridIds()
    return session._locscale_grid_ids
