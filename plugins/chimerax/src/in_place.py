"""Puts a result where the map was: same model, level and style; the original stays, hidden; `undo` brings it back."""

from __future__ import annotations

from chimerax.core.undo import UndoAction
from chimerax.map import volume_from_grid_data

from .results import Linked, results_of


def replace(session, volume, grid, level: float | None, about: dict, name: str) -> Linked:
    """Swaps the voxels of a map for others on the same grid. `level`: a new one, None keeps what is shown."""
    results = results_of(session)
    link = results.target(volume)
    before = volume.data
    levels = [surface.level for surface in volume.surfaces]
    made = link.part("original") is None
    if made:
        link.original = add_beside(session, volume, before, f"{volume.name} (original)")
    link.about = about
    after = [level] if level is not None and len(levels) == 1 else levels
    _show(volume, grid, after)
    session.undo.register(_Replacement(name, session, volume, before, grid, levels, after, made))
    return link


def add_beside(session, volume, grid, name: str, shown: bool = False, like_it: bool = True):
    """A map beside another one: same place, and same settings unless `like_it` is false."""
    other = volume_from_grid_data(grid, session, open_model=False, show_dialog=False)
    other.name = name
    if like_it:
        other.copy_settings_from(volume, copy_region=tuple(grid.size) == tuple(volume.data.size), copy_active=False)
    other.position = volume.position
    other.display = shown
    session.models.add([other], parent=_parent_of(session, volume))
    return other


def part(session, link: Linked, name: str, grid):
    """The confidence or context of a map with these voxels: the one that is there, or a new, hidden one."""
    present = link.part(name)
    if present is None:
        grid.name = f"{link.volume.name} ({name})"
        return add_beside(session, link.volume, grid, grid.name, like_it=False)
    preview(present, grid)
    return present


def preview(volume, grid) -> None:
    """Shows other voxels for a while, without a trace in `undo`."""
    _show(volume, grid, None)


def _show(volume, grid, levels) -> None:
    volume.replace_data(grid)
    if levels is not None and levels != [surface.level for surface in volume.surfaces]:
        volume.set_parameters(surface_levels=levels)


def _parent_of(session, volume):
    parent = volume.parent
    return None if parent is None or parent is session.models.scene_root_model else parent


class _Replacement(UndoAction):
    """Back to the voxels before, and forth again. The copy of the original is closed by `undo` if this made it."""

    def __init__(self, name, session, volume, before, after, levels_before, levels_after, made):
        super().__init__(name)
        self._session = session
        self._volume = volume
        self._before = before
        self._after = after
        self._levels_before = levels_before
        self._levels_after = levels_after
        self._made = made
        self._link = None

    def undo(self):
        if self._volume.deleted:
            return
        _show(self._volume, self._before, self._levels_before)
        results = results_of(self._session)
        link = results.target(self._volume)
        if self._made:
            original = link.part("original")
            if original is not None:
                self._session.models.close([original])
            self._link = link
            results.drop(link)
        self._volume.display = True

    def redo(self):
        if self._volume.deleted:
            return
        _show(self._volume, self._after, self._levels_after)
        if self._made:
            link = results_of(self._session).target(self._volume)
            name = f"{self._volume.name} (original)"
            link.original = add_beside(self._session, self._volume, self._before, name)
            if self._link is not None:
                link.about, link.confidence, link.context = (
                    self._link.about,
                    self._link.confidence,
                    self._link.context,
                )
