"""The maps that all viewers of the daemon show: ours are put there, and what is changed anywhere is seen everywhere.

What belongs to the thread of the interface and what to the worker is said at each method. `looks.py` reads and changes
the models; `client/screen.py` knows the daemon's scene.
"""

from __future__ import annotations

import asyncio
import os
import weakref

import numpy
from chimerax.map import Volume, volume_from_grid_data
from chimerax.map_data import ArrayGridData

from .arrays import fetch_array
from .client.errors import ConnectionLost, DaemonError
from .client.screen import volumes_of
from .client.volumes import forget, open_map
from .grid_ids import grid_ids
from .levels import fitting_level
from .looks import apply, calls_for, looks_in, looks_of, needed, with_own
from .maps import all_voxels, like, whole
from .results import results_of
from .settings import settings

TELL_SECONDS = 0.1
"""Changes are told at most so often; viewers are asked not to send more than ten a second."""
PARTS = ("original", "confidence", "context")
SAME_SCALE = "cleaned"
"""A result on the scale of the map that it was made of: its level means what it meant."""


class Bound:
    """A map of the scene and the model that shows it here."""

    def __init__(self, identifier: str, volume, ours: bool):
        self.id = identifier
        self.volume = weakref.ref(volume)
        self.ours = ours
        """Whether this ChimeraX put it on the screen."""
        self.agreed = None
        """Looks of the last time when all viewers showed the same."""
        self.busy = False
        self.behind = False
        self.opened: list[str] = []
        """Volumes that the daemon holds because of this map."""

    @property
    def model(self):
        volume = self.volume()
        return None if volume is None or volume.deleted or volume.id is None else volume


class Shared:
    def __init__(self, session, hub):
        self._session = session
        self._hub = hub
        self._bound: dict[str, Bound] = {}
        self._watched: weakref.WeakSet = weakref.WeakSet()
        self._changed: set[str] = set()
        self._telling = False
        self._applying = False
        self.joined = False
        """Whether maps that other viewers put on the screen are opened here."""
        session.triggers.add_handler("model display changed", lambda _, model: self._model_changed(model))

    # Jobs

    async def put(self, job) -> None:
        """In the worker, before a job is submitted: its map comes onto the screen of all viewers."""
        screen = self._hub.screen
        source = job.options.get("shared")
        if source is None or screen is None or not screen.offered or not settings(self._session).share:
            return
        known = source.volume()
        volume = await open_map(self._hub.daemon, source)
        try:
            entry = await screen.change("viewer.add", {"volume": volume, "name": source.name[:200] or "map"})
        except DaemonError as error:
            if error.kind != "limit.busy":
                raise
            self._hub.queue.post(self._session.logger.warning, f"Other viewers will not see the map: {error.message}")
            return
        if entry is not None:
            self._hub.queue.post(self._bind, entry["id"], job.target, True, None if volume == known else volume)

    def finished(self, job, result) -> None:
        """In the interface: the results of a job of ours are in their places."""
        for name, grid in result.voxels.items():
            if tuple(grid.size) == tuple(reversed(job.box.shape)):
                grid_ids(self._session).remember(grid, result.job["outputs"][name])
        bound = self._of(job.target)
        if bound is not None:
            self._hub.worker.submit(self._settle(bound, job.daemon_id))

    def ended(self, job) -> None:
        """In the interface: a job of ours has ended without a result; what others did meanwhile is shown now."""
        bound = self._of(job.target)
        if bound is not None and bound.behind:
            self._follow(bound)

    def keeps(self, volume: str) -> bool:
        """In the worker: whether a volume is on the screen, so that the daemon must keep it."""
        screen = self._hub.screen
        return screen is not None and any(volume in volumes_of(entry) for entry in screen.maps.values())

    async def _settle(self, bound: Bound, job: str) -> None:
        """In the worker: the outputs of a job of ours come onto the screen, and what is shown here is told."""
        screen = self._hub.screen
        entry = screen.maps.get(bound.id)
        if entry is not None and not any(layer["job"] == job for layer in entry["layers"]):
            entry = await screen.change("viewer.addJob", {"job": job, "of": bound.id})
        if entry is not None:
            self._hub.queue.post(self._settled, bound, entry)

    def _settled(self, bound: Bound, entry: dict) -> None:
        bound.agreed = looks_in(entry)
        bound.behind = False
        self._watch(bound)
        self._dirty(bound)

    # From the daemon

    def heard(self, entry: dict) -> None:
        """In the interface: a map of the scene was changed elsewhere."""
        bound = self._bound.get(entry["id"])
        if bound is not None and bound.model is not None:
            self._follow(bound)
        elif self.joined and entry["id"] not in self._bound:
            self._open(entry)

    def gone(self, identifier: str) -> None:
        """In the interface: a map was taken off the screen. The model stays: closing is up to the user."""
        self._bound.pop(identifier, None)

    def shows(self, volume) -> bool:
        """Whether a model shows a map that is on the screen of all viewers."""
        link = results_of(self._session).of(volume)
        bound = self._of(volume) or (None if link is None else self._of(link.original))
        return bound is not None and self._hub.connected

    def join(self, on: bool) -> list[str]:
        """In the interface: opens what other viewers show, now and later; returns the names of those that come now."""
        self.joined = on
        screen = self._hub.screen
        entries = [] if screen is None or not on else list(screen.maps.values())
        others = [entry for entry in entries if entry["id"] not in self._bound]
        for entry in others:
            self._open(entry)
        return [entry["name"] for entry in others]

    def _open(self, entry: dict) -> None:
        self._bound.setdefault(entry["id"], None)
        self._hub.ask(self._fetch_map(entry), lambda found: self._opened(entry, *found), wait=False)

    async def _fetch_map(self, entry: dict):
        volume = await self._hub.daemon.call("volume.describe", {"volume": entry["id"]})
        return volume, await fetch_array(self._hub.daemon, volume["id"], tuple(volume["grid"]["shape"]))

    def _opened(self, entry: dict, described: dict, voxels: numpy.ndarray) -> None:
        model = self._open_already(described["path"])
        if model is None:
            grid = described["grid"]
            made = ArrayGridData(voxels, grid["origin"], grid["voxelSize"], name=entry["name"])
            model = volume_from_grid_data(made, self._session, show_dialog=False)
            self._session.logger.info(f"Opened {model.name_with_id()}, which another viewer shows")
        grid_ids(self._session).remember(model.data, entry["id"])
        self._bind(entry["id"], model, False)
        self._follow(self._bound[entry["id"]])

    def _open_already(self, path: str | None):
        taken = [bound.model for bound in self._bound.values() if bound is not None]
        for model in self._session.models.list(type=Volume):
            same = isinstance(model.path, str) and path and os.path.realpath(model.path) == os.path.realpath(path)
            if same and not any(model is other for other in taken):
                return model
        return None

    def _bind(self, identifier: str, volume, ours: bool, opened: str | None = None) -> None:
        if volume is None:
            return
        bound = self._bound.get(identifier)
        if bound is None or bound.model is not volume:
            bound = self._bound[identifier] = Bound(identifier, volume, ours)
        if opened is not None and opened not in bound.opened:
            bound.opened.append(opened)
        self._watch(bound)

    def _follow(self, bound: Bound) -> None:
        """Has the map look as the scene says; while a job of ours works on it, that waits."""
        model = bound.model
        working = any(not job.ended and job.volume() is model for job in self._hub.jobs.values())
        if bound.busy or working:
            bound.behind = True
            return
        bound.busy, bound.behind = True, False
        grids = [bound.model.data]
        link = results_of(self._session).of(model)
        if link is not None:
            grids = [p.data for p in (link.volume, *map(link.part, PARTS)) if p is not None]
        have = {grid_ids(self._session).of(grid) for grid in grids}
        shown = model if link is None else link.part("original") or link.volume
        level = shown.surfaces[0].level if len(shown.surfaces) == 1 else None
        present = looks_of(self._session, model).level
        self._hub.worker.submit(self._bring(bound, shown.data, level, present, have))

    async def _bring(self, bound: Bound, base, level: float | None, present: float | None, have: set) -> None:
        """In the worker: fetches what is missing, works out levels, and has all of it shown."""
        entry = self._hub.screen.maps.get(bound.id)
        grids, levels = {}, {}
        try:
            for layer in [] if entry is None else needed(entry):
                if layer["volume"] not in have:
                    grids[layer["volume"]] = await self._grid(layer, base)
            for layer in [] if entry is None else entry["layers"]:
                found = await self._level(layer, grids.get(layer["volume"]), base, level, present)
                if found is not None:
                    levels[layer["volume"]] = found
        except ConnectionLost:
            entry = None
        except DaemonError as error:
            # Replaced while it was on its way: the next state is here or comes soon.
            if error.kind != "volume.unknown":
                self._hub.queue.post(
                    self._session.logger.warning, f"Another viewer's map cannot be shown: {error.message}"
                )
            entry = None
        self._hub.queue.post(self._show, bound, entry, grids, levels)

    async def _grid(self, layer: dict, base):
        shape = tuple(reversed(base.size))
        grid = like(base, await fetch_array(self._hub.daemon, layer["volume"], shape))
        grid_ids(self._session).remember(grid, layer["volume"])
        return grid

    async def _level(self, layer: dict, grid, base, level: float | None, present: float | None) -> float | None:
        """The level of a density: the scene's, else one that suits a result which is new here."""
        if layer["role"] not in ("original", "result"):
            return None
        chosen = layer["level"]
        if chosen is not None and chosen["kind"] == "absolute":
            return chosen["value"]
        if chosen is not None:
            if not layer["visible"]:
                return None
            found = await self._hub.daemon.call("volume.statistics", {"volume": layer["volume"]})
            return found["mean"] + chosen["value"] * found["sd"]
        if grid is None or level is None:
            return None
        if layer["name"] == SAME_SCALE:
            return present
        return fitting_level(all_voxels(base, whole(base)), level, grid.array)

    def _show(self, bound: Bound, entry: dict | None, grids: dict, levels: dict) -> None:
        """In the interface, with all that is needed."""
        bound.busy = False
        model = bound.model
        if entry is not None and model is not None:
            now = looks_of(self._session, model)
            own = [] if bound.agreed is None else calls_for(now, bound.agreed, entry)
            if own:
                # A slider that moves on while we fetch: its own place holds.
                self._hub.worker.submit(self._send(own))
                entry = with_own(entry, now, bound.agreed)
                if now.level != bound.agreed.level:
                    levels = {}
            self._applying = True
            try:
                apply(self._session, model, entry, grids, levels)
            finally:
                self._applying = False
            bound.agreed = looks_of(self._session, model)
            self._watch(bound)
        newest = None if self._hub.screen is None else self._hub.screen.maps.get(bound.id)
        outdated = entry is not None and newest is not None and newest["revision"] > entry["revision"]
        if model is not None and newest is not None and (bound.behind or outdated) and self._hub.connected:
            self._follow(bound)

    # To the daemon

    def _watch(self, bound: Bound) -> None:
        """Hears of levels and colours of the models of a map."""
        link = results_of(self._session).of(bound.model) if bound.model is not None else None
        models = [bound.model] if link is None else [link.volume, *map(link.part, PARTS)]
        for model in models:
            if model is not None and model not in self._watched:
                self._watched.add(model)
                model.add_volume_change_callback(self._volume_changed)

    def _volume_changed(self, volume, what: str) -> None:
        if what in ("thresholds changed", "colors changed", "data values changed"):
            self._model_changed(volume)

    def _model_changed(self, model) -> None:
        if self._applying or not self._bound or not isinstance(model, Volume):
            return
        link = results_of(self._session).of(model)
        bound = self._of(model) or (None if link is None else self._of(link.volume) or self._of(link.original))
        if bound is not None:
            self._dirty(bound)

    def _dirty(self, bound: Bound) -> None:
        self._changed.add(bound.id)
        if not self._telling:
            self._telling = True
            self._hub.worker.submit(self._later())

    async def _later(self) -> None:
        await asyncio.sleep(TELL_SECONDS)
        self._hub.queue.post(self._tell)

    def _tell(self) -> None:
        """In the interface: tells the daemon what has changed here since all showed the same."""
        self._telling = False
        changed, self._changed = self._changed, set()
        for bound in map(self._bound.get, changed):
            entry = None if bound is None or self._hub.screen is None else self._hub.screen.maps.get(bound.id)
            if entry is None or bound.model is None or bound.agreed is None:
                continue
            if bound.busy or any(not job.ended and job.volume() is bound.model for job in self._hub.jobs.values()):
                # What is being shown comes first; the difference is looked for again after it.
                self._dirty(bound)
                continue
            now = looks_of(self._session, bound.model)
            calls = calls_for(now, bound.agreed, entry)
            bound.agreed = now
            if calls and self._hub.connected:
                self._hub.worker.submit(self._send(calls))

    async def _send(self, calls: list[tuple[str, dict]]) -> None:
        try:
            for method, params in calls:
                await self._hub.screen.change(method, params)
        except ConnectionLost:
            pass  # after the next connection the scene is taken as it is
        except DaemonError as error:
            self._hub.queue.post(self._session.logger.warning, f"Other viewers were not told: {error.message}")

    # The end

    def closed(self, models: set) -> None:
        """In the interface: models were closed. A map that we put on the screen leaves it, unless others look on."""
        for identifier, bound in list(self._bound.items()):
            if bound is not None and bound.volume() in models:
                del self._bound[identifier]
                if bound.ours and self._hub.connected:
                    self._hub.worker.submit(self._withdraw(bound))

    async def leave(self) -> None:
        """In the worker, at the end: takes our maps off the screen, unless others look at them."""
        for bound in list(self._bound.values()):
            if bound is not None and bound.ours:
                await self._withdraw(bound)

    async def _withdraw(self, bound: Bound) -> None:
        screen = self._hub.screen
        if screen is None or screen.others():
            return
        try:
            if bound.id in screen.maps:
                await self._hub.daemon.call("viewer.remove", {"volume": bound.id})
            for volume in bound.opened:
                await forget(self._hub.daemon, volume)
        except DaemonError:
            pass  # the daemon forgets them after a week

    def _of(self, volume) -> Bound | None:
        if volume is None:
            return None
        return next((bound for bound in self._bound.values() if bound is not None and bound.volume() is volume), None)
