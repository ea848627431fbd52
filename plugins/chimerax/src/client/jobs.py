"""Follows jobs: each of them through broken connections to its end."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass
from typing import Callable

from .daemon import Daemon
from .errors import ConnectionLost, DaemonError, NoDaemon

ENDED = ("done", "failed", "cancelled", "interrupted")


@dataclass(frozen=True)
class Slab:
    """Sections [first, last) of an output that are final while the job still runs."""

    output: str
    volume: str
    sections: tuple[int, int]


@dataclass(frozen=True)
class Listener:
    """What a caller wants to hear of its job; called in the worker thread."""

    changed: Callable[[dict], None] = lambda job: None
    progress: Callable[[dict], None] = lambda progress: None
    slab: Callable[[Slab], None] = lambda slab: None


class _Followed:
    def __init__(self, listener: Listener):
        self.listener = listener
        self.sequence = 0
        self.ended: asyncio.Future = asyncio.get_running_loop().create_future()


class JobFollower:
    """Hands the notifications of a daemon to the jobs that they are about."""

    def __init__(self, daemon: Daemon):
        self._daemon = daemon
        self._followed: dict[str, _Followed] = {}
        # What comes before the answer to job.submit has told the id.
        self._early: dict[str, list[tuple[str, dict]]] = {}
        self._submitting = 0

    def notified(self, method: str, params: dict) -> None:
        """Takes any notification of the daemon."""
        if method == "job.changed":
            job = params["job"]["id"]
        elif method in ("job.progress", "job.slab"):
            job = params["job"]
        else:
            return
        followed = self._followed.get(job)
        if followed is not None:
            self._take(followed, method, params)
        elif self._submitting > 0:
            self._early.setdefault(job, []).append((method, params))

    async def submit(self, recipe: str, inputs: dict, parameters: dict, listener: Listener) -> dict:
        """Queues a job and returns it at once; a submission whose answer was lost is asked for again by its key."""
        request = {"recipe": recipe, "inputs": inputs, "parameters": parameters, "requestKey": str(uuid.uuid4())}
        self._submitting += 1
        try:
            try:
                job = await self._daemon.call("job.submit", request)
            except ConnectionLost:
                await self._daemon.connect(autostart=False)
                job = await self._daemon.call("job.submit", request)
            self.follow(job["id"], listener)
            for method, params in self._early.pop(job["id"], []):
                self._take(self._followed[job["id"]], method, params)
            return job
        finally:
            self._submitting -= 1
            if self._submitting == 0:
                self._early.clear()

    def follow(self, job: str, listener: Listener) -> None:
        """Listens for a job that was submitted here or by somebody else."""
        self._followed.setdefault(job, _Followed(listener))

    async def end(self, job: str) -> dict:
        """The job once it has ended, in whatever way."""
        try:
            return await asyncio.shield(self._followed[job].ended)
        finally:
            self._followed.pop(job, None)

    async def cancel(self, job: str) -> None:
        """Cancels a job; one that has ended by itself meanwhile is no fault."""
        try:
            await self._daemon.call("job.cancel", {"job": job})
        except DaemonError as error:
            if error.kind not in ("job.finished", "job.unknown"):
                raise

    async def catch_up(self) -> None:
        """After a new connection: hears what was missed, possibly from a daemon that took over from a killed one."""
        for job, followed in list(self._followed.items()):
            try:
                for event in await self._daemon.call("job.events", {"job": job, "since": followed.sequence}):
                    self._take(followed, "job.changed", event)
            except (ConnectionLost, NoDaemon):
                return
            except DaemonError as error:
                self._fail(followed, error)

    def lose(self, reason: str) -> None:
        """Nobody answers any more: all jobs that were followed have ended for this client."""
        for followed in list(self._followed.values()):
            self._fail(followed, ConnectionLost(reason))

    def _take(self, followed: _Followed, method: str, params: dict) -> None:
        if method == "job.progress":
            followed.listener.progress(params["progress"])
        elif method == "job.slab":
            first, last = params["sections"]
            followed.listener.slab(Slab(params["output"], params["volume"], (first, last)))
        elif params["sequence"] > followed.sequence:
            followed.sequence = params["sequence"]
            job = params["job"]
            followed.listener.changed(job)
            if job["state"] in ENDED and not followed.ended.done():
                followed.ended.set_result(job)

    @staticmethod
    def _fail(followed: _Followed, error: DaemonError) -> None:
        if not followed.ended.done():
            followed.ended.set_exception(error)
