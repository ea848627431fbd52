"""Takes a job through the daemon, in the worker thread: inputs there, submit, follow, results back."""

from __future__ import annotations

import asyncio
import time

import numpy

from .arrays import fetch_array
from .client.daemon import Daemon
from .client.errors import DaemonError
from .client.jobs import JobFollower, Listener, Slab
from .client.volumes import MapSource, forget, open_map, open_model
from .job import Job, Result
from .levels import fitting_level
from .maps import all_voxels, like, whole
from .preview import Preview
from .recipes import RESULT_ORDER, Request, first_of

PROGRESS_SECONDS = 0.2


class Runner:
    """Runs one job. `post(function, *values)` calls in the thread of the interface; `ui` has what to call there."""

    def __init__(self, daemon: Daemon, follower: JobFollower, job: Job, post, ui):
        self._daemon = daemon
        self._follower = follower
        self._job = job
        self._post = post
        self._ui = ui
        self._told = 0.0
        self._preview: Preview | None = None
        self._opened: list[str] = []
        self._preparing: asyncio.Task | None = None

    def cancel(self) -> None:
        """In the thread of the worker: stops sending maps, or has the daemon stop the job."""
        if self._preparing is not None and not self._preparing.done():
            self._preparing.cancel()
        elif self._job.daemon_id is not None:
            self._cancelling = asyncio.ensure_future(self._follower.cancel(self._job.daemon_id))

    async def run(self) -> None:
        """To the end, whatever end that is; the interface hears of it once."""
        try:
            result = await self._run()
        except asyncio.CancelledError:
            self._post(self._ui.ended, self._job, "cancelled", "cancelled")
        except DaemonError as error:
            state = {"job.cancelled": "cancelled", "connection.closed": "lost"}.get(error.kind, "failed")
            if self._job.cancelled:
                state = "cancelled"
            self._post(self._ui.ended, self._job, state, error.message)
        except Exception as error:  # a map file that vanished, memory that is not there: the job ends, not the thread
            self._post(self._ui.ended, self._job, "failed", f"{type(error).__name__}: {error}")
        else:
            self._post(self._ui.done, self._job, result)
        finally:
            await self._forget_inputs()

    async def _run(self) -> Result:
        job = self._job
        self._preparing = asyncio.ensure_future(self._prepare())
        inputs = await self._preparing
        listener = Listener(changed=self._changed, progress=self._progress, slab=self._slab)
        submitted = await self._follower.submit(job.request.recipe, inputs, job.request.parameters, listener)
        job.daemon_id = submitted["id"]
        if job.cancelled:
            await self._follower.cancel(job.daemon_id)
        try:
            ended = await self._follower.end(job.daemon_id)
        finally:
            if self._preview is not None:
                self._preview.stop()
        if ended["state"] != "done":
            raise DaemonError.from_body(ended["error"] or {"kind": "job.cancelled", "message": ended["state"]})
        self._say("bringing the result")
        return await bring(self._daemon, job, ended)

    async def _prepare(self) -> dict:
        self._say("looking for the daemon")
        await self._daemon.connect()
        self._say("sending maps")
        await self._ui.shared.put(self._job)
        return await self._inputs(self._job.request)

    async def _inputs(self, request: Request) -> dict:
        inputs = {}
        for name, given in request.inputs.items():
            many = isinstance(given, list)
            ids = []
            for source in given if many else [given]:
                if isinstance(source, MapSource):
                    known = source.volume()
                    ids.append(await open_map(self._daemon, source))
                    if ids[-1] != known:
                        self._opened.append(ids[-1])
                else:
                    ids.append(await open_model(self._daemon, source))
            inputs[name] = ids if many else ids[0]
        return inputs

    async def _forget_inputs(self) -> None:
        if not self._daemon.connected:
            return
        try:
            for volume in self._opened:
                if not self._ui.shared.keeps(volume):
                    await forget(self._daemon, volume)
        except DaemonError:
            pass  # the daemon forgets them with its next start

    def _say(self, what: str) -> None:
        self._progress({"message": what, "fraction": self._job.fraction, "remainingSeconds": None}, always=True)

    def _changed(self, job: dict) -> None:
        if job["state"] == "running":
            self._post(self._ui.running, self._job)

    def _progress(self, progress: dict, always: bool = False) -> None:
        """Keeps the newest; tells the interface a few times a second at most."""
        self._job.latest = progress
        now = time.monotonic()
        if always or now - self._told >= PROGRESS_SECONDS:
            self._told = now
            self._post(self._ui.progress, self._job)

    def _slab(self, slab: Slab) -> None:
        if not self._job.options.get("preview") or slab.output not in RESULT_ORDER:
            return
        if self._preview is None:
            self._preview = Preview(self._daemon, self._job, slab.output, self._post, self._ui)
        self._preview.add(slab)


async def bring(daemon: Daemon, job: Job, ended: dict) -> Result:
    """Fetches the outputs of a finished job that its command wants, and looks for a level for the main one."""
    main = first_of(ended["outputs"], tuple(name for name in RESULT_ORDER if name in job.wanted))
    voxels = {}
    for name in job.wanted:
        if name in ended["outputs"] and (name == main or name not in RESULT_ORDER):
            voxels[name] = embedded(await fetch_array(daemon, ended["outputs"][name], job.box.shape), job)
    level = job.options.get("fixedLevel")
    if main is not None and level is None and job.options.get("level") is not None:
        level = job.options["level"]
        before = all_voxels(job.base, whole(job.base))
        level = fitting_level(before, level, voxels[main])
    grids = {name: like(job.base, array) for name, array in voxels.items()}
    return Result(ended, grids, main, level)


def embedded(voxels: numpy.ndarray, job: Job) -> numpy.ndarray:
    """The result of a part of a map in the whole grid, 0 elsewhere."""
    shape = tuple(reversed(job.base.size))
    if voxels.shape == shape:
        return voxels
    full = numpy.zeros(shape, numpy.float32)
    full[job.box.slices] = voxels
    return full
