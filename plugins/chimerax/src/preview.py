"""Sections of a result on the screen while the rest is still being computed."""

from __future__ import annotations

import asyncio
import time

import numpy

from .arrays import fetch_array
from .client.daemon import Daemon
from .client.errors import DaemonError
from .client.jobs import Slab
from .job import Job
from .levels import fitting_level
from .maps import all_voxels, like, whole

LEAST_SECONDS = 1.0
"""Between two updates of the screen."""
LOAD_SHARE = 5.0
"""An update that keeps the screen busy for t seconds is followed by a pause of this many times t."""


class Preview:
    """Fetches finished sections, puts them into a copy of the map, and has it shown.

    Sharpened density may be on another scale than the map. So that one contour level fits both during the run, the
    finished sections are scaled for the preview; the result at the end is shown as it is.
    """

    def __init__(self, daemon: Daemon, job: Job, output: str, post, ui):
        self._daemon = daemon
        self._job = job
        self._output = output
        self._post = post
        self._ui = ui
        self._waiting: list[Slab] = []
        self._more = asyncio.Event()
        self._mixed: numpy.ndarray | None = None
        self._scale: float | None = None
        self._shown: asyncio.Event = asyncio.Event()
        self._task = asyncio.ensure_future(self._work())
        self._loop = asyncio.get_running_loop()

    def add(self, slab: Slab) -> None:
        if slab.output == self._output:
            self._waiting.append(slab)
            self._more.set()

    def stop(self) -> None:
        self._task.cancel()

    async def _work(self) -> None:
        try:
            while True:
                await self._more.wait()
                self._more.clear()
                slabs, self._waiting = self._waiting, []
                for slab in slabs:
                    await self._take(slab)
                busy = await self._show()
                await asyncio.sleep(max(LEAST_SECONDS, LOAD_SHARE * busy))
        except DaemonError:
            pass  # the job itself tells what became of the connection

    async def _take(self, slab: Slab) -> None:
        box, base = self._job.box, self._job.base
        voxels = await fetch_array(self._daemon, slab.volume, box.shape, slab.sections)
        first, last = slab.sections
        if self._mixed is None:
            self._mixed = all_voxels(base, whole(base)).copy()
        planes, rows, columns = box.slices
        part = slice(planes.start + first, planes.start + last), rows, columns
        if self._scale is None and voxels.any():
            level = self._job.options.get("level")
            fitting = None if level is None else fitting_level(self._mixed[part], level, voxels)
            self._scale = level / fitting if fitting else 1.0
        self._mixed[part] = voxels * numpy.float32(self._scale or 1.0)

    async def _show(self) -> float:
        """Has a copy shown; returns how many seconds the interface was busy with it."""
        self._shown.clear()
        grid = like(self._job.base, self._mixed.copy())
        busy = [0.0]

        def show() -> None:
            started = time.perf_counter()
            try:
                self._ui.preview(self._job, grid)
            finally:
                busy[0] = time.perf_counter() - started
                self._loop.call_soon_threadsafe(self._shown.set)

        self._post(show)
        await self._shown.wait()
        return busy[0]
