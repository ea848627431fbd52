"""A job as the user sees it: a number, a map, a state, and a task that can be cancelled."""

from __future__ import annotations

import datetime
import weakref
from dataclasses import dataclass, field
from typing import Callable

from chimerax.core.tasks import Task, TaskState

from .maps import Box
from .recipes import Request


@dataclass
class Result:
    """What a finished job brought: the daemon's record, grids by output name, and a level that suits the main one."""

    job: dict
    voxels: dict
    main: str | None
    level: float | None


@dataclass
class Job:
    """Everything about one run. Touched in the thread of the interface only, apart from `latest` and `daemon_id`."""

    number: int
    title: str
    volume: weakref.ref
    base: object
    """Grid that is replaced: what the map held when the command was given."""
    box: Box
    request: Request
    wanted: tuple[str, ...]
    """Outputs to fetch, when the job has them."""
    finish: Callable
    """Called with job and result when all is there."""
    options: dict = field(default_factory=dict)
    state: str = "preparing"
    started: datetime.datetime = field(default_factory=datetime.datetime.now)
    seconds: float = 0.0
    daemon_id: str | None = None
    latest: dict | None = None
    message: str = ""
    task: JobTask | None = None
    models: list = field(default_factory=list)
    """Models that show its results, as weak references."""
    cancelled: bool = False

    @property
    def ended(self) -> bool:
        return self.state in ("done", "failed", "cancelled", "lost")

    @property
    def fraction(self) -> float:
        return 1.0 if self.state == "done" else float((self.latest or {}).get("fraction", 0.0))

    @property
    def target(self):
        """The map, or None when it has been closed."""
        volume = self.volume()
        return None if volume is None or volume.deleted else volume

    def summary(self) -> dict:
        """What `locscale jobs` tells a program."""
        return {
            "job": self.number,
            "daemonJob": self.daemon_id,
            "title": self.title,
            "recipe": self.request.recipe,
            "state": self.state,
            "fraction": round(self.fraction, 4),
            "seconds": round(self.seconds, 2),
            "models": [f"#{m.id_string}" for m in (ref() for ref in self.models) if m is not None and m.id is not None],
            "message": self.message,
        }


class JobTask(Task):
    """A job in ChimeraX's list of tasks; it has no thread of its own, the worker runs it."""

    SESSION_ENDURING = True

    def __init__(self, session, job: Job, cancel: Callable[[], None]):
        super().__init__(session)
        self._title = job.title
        self._cancel = cancel

    def start(self):
        self.start_time = datetime.datetime.now()
        self.state = TaskState.RUNNING

    def run(self):
        raise NotImplementedError("the worker thread runs jobs of LocScale")

    def terminate(self):
        """Called by the task manager and by `taskman kill`."""
        self._cancel()

    def end(self, how: TaskState) -> None:
        """Takes the task off the list."""
        if self.end_time is None:
            self.end_time = datetime.datetime.now()
            self.session.tasks.remove(self)
            self.state = how

    def __str__(self):
        return f"LocScale: {self._title}"
