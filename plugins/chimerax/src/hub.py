"""The one object of a session that holds worker, daemon and jobs, and speaks to the user about them."""

from __future__ import annotations

import asyncio
import atexit
import itertools
import weakref
from typing import Callable

from chimerax.core.errors import NonChimeraError, UserError
from chimerax.core.tasks import TaskState

from . import in_place
from .client.daemon import Daemon
from .client.discovery import read_token
from .client.endpoint import Endpoint, endpoint_of
from .client.errors import DaemonError
from .client.jobs import JobFollower
from .client.screen import Screen
from .client.worker import Worker
from .job import Job, JobTask, Result
from .log import progress_text, report
from .maps import source_of, whole
from .results import results_of
from .runner import Runner
from .settings import settings
from .shared import Shared
from .ui_queue import UiQueue

LEAVE_SECONDS = 5.0
MOST_OTHERS = 50
"""Jobs of others that are remembered."""
ANSWER_SECONDS = 70.0
"""How long a command with `wait true` waits: starting a daemon may take a minute on a slow disk."""


class Hub:
    def __init__(self, session):
        self.session = session
        self.worker = Worker()
        self.queue = UiQueue(session)
        self.jobs: dict[int, Job] = {}
        self.rest_started = False
        """Whether the REST server that runs was started by this bundle."""
        self._numbers = itertools.count(1)
        self._daemon: Daemon | None = None
        self._follower: JobFollower | None = None
        self.screen: Screen | None = None
        """What the viewers of the daemon show."""
        self._given: Endpoint | None = None
        self._runners: dict[int, Runner] = {}
        self._previews: dict[int, object] = {}
        self._lost: list[Job] = []
        self._left = False
        self.others: dict[str, dict] = {}
        """Jobs that others have given to the daemon, as it tells of them, by its ids."""
        self.changed: list[Callable[[], None]] = []
        """Called when a job has changed: the panel."""
        self.shared = Shared(session, self)
        triggers = session.triggers
        triggers.add_handler("app quit", lambda *_: self.leave())
        triggers.add_handler("begin save session", lambda *_: self._drop_previews())
        triggers.add_handler("remove models", lambda _, models: self._models_closed(models))
        atexit.register(_leave_if_alive, weakref.ref(self))

    # Daemon

    @property
    def connected(self) -> bool:
        return self._daemon is not None and self._daemon.connected

    @property
    def daemon(self) -> Daemon:
        """The daemon as the settings say; not connected before something is asked of it."""
        if self._daemon is None:
            chosen = settings(self.session)
            if self._given is None and chosen.url:
                self._given = remote_endpoint(chosen.url, None, chosen.token_file, chosen.ca_file)
            from . import __version__

            self._daemon = Daemon(
                f"ChimeraX-LocScale {__version__}",
                endpoint=self._given,
                program=chosen.program or None,
                autostart=chosen.autostart,
                listen=self._heard,
                opened=lambda: self.worker.submit(self._attach()),
                reconnected=lambda: self.worker.submit(self._follower.catch_up()),
                lost=lambda reason: self._follower.lose(reason),
            )
            self._follower = JobFollower(self._daemon)
            self.screen = Screen(
                self._daemon,
                changed=lambda entry: self.queue.post(self.shared.heard, entry),
                removed=lambda identifier: self.queue.post(self.shared.gone, identifier),
            )
        return self._daemon

    def _heard(self, method: str, params: dict) -> None:
        self._follower.notified(method, params)
        self.screen.notified(method, params)
        if method == "job.changed":
            self.queue.post(self._other_changed, params["job"])
        elif method == "job.progress" and params["job"] in self.others:
            self.queue.post(self._other_progressed, params["job"], params["progress"])

    async def _attach(self) -> None:
        try:
            await self.screen.attach("ChimeraX")
        except DaemonError as error:
            if error.kind != "connection.closed":
                self.queue.post(self.session.logger.warning, f"Other viewers do not see this ChimeraX: {error.message}")

    def use(self, endpoint: Endpoint | None) -> None:
        """Another daemon from now on: one at an address, or None for the one of this machine."""
        self.disconnect()
        self._given = endpoint

    def refuse_while_working(self) -> None:
        if any(not job.ended for job in self.jobs.values()):
            raise UserError("Jobs of LocScale are running; wait for them, or cancel them first: locscale cancel all")

    def disconnect(self) -> None:
        self.refuse_while_working()
        if self._daemon is not None:
            self.worker.submit(self._part(self._daemon, 0))
            self._daemon = self._follower = self.screen = None

    def ask(self, task, then: Callable, wait: bool) -> None:
        """Runs a coroutine in the worker and `then` with its result in the thread of the interface; errors are logged.

        With `wait` the command itself waits, and an error is its own: for scripts, and for programs that ask.
        """
        future = self.worker.submit(task)
        if wait:
            then(self._result(future))
            return

        def finished(done) -> None:
            error = done.exception()
            if error is None:
                self.queue.post(then, done.result())
            else:
                sentence = error.message if isinstance(error, DaemonError) else f"{type(error).__name__}: {error}"
                self.queue.post(self.session.logger.warning, sentence)

        future.add_done_callback(finished)

    def _result(self, future):
        try:
            return future.result(ANSWER_SECONDS)
        except DaemonError as error:
            raise user_error(error) from None
        except TimeoutError:
            future.cancel()
            raise NonChimeraError(f"LocScale gave no answer within {ANSWER_SECONDS:.0f} s.") from None

    # Jobs

    def start(self, volume, base, box, request, title: str, wanted, finish, options: dict, wait: bool = False) -> Job:
        """Starts a job and returns at once; with `wait`, when it has ended."""
        running = next((job for job in self.jobs.values() if not job.ended and job.volume() is volume), None)
        if running is not None:
            raise UserError(
                f"{volume.name_with_id()} is being worked on by job {running.number} ({running.title}); "
                f"wait for it, or cancel it: locscale cancel {running.number}"
            )
        link = results_of(self.session).of(volume)
        original = None if link is None or link.volume is not volume else link.part("original")
        if box == whole(base):
            options["shared"] = source_of(volume, base if original is None else original.data)
        number = next(self._numbers)
        job = Job(number, title, weakref.ref(volume), base, box, request, tuple(wanted), finish, options)
        self.jobs[number] = job
        job.task = JobTask(self.session, job, lambda: self.cancel(job))
        job.task.start()
        daemon = self.daemon
        runner = Runner(daemon, self._follower, job, self.queue.post, self)
        self._runners[number] = runner
        self.worker.submit(runner.run())
        report(self.session, f"LocScale job {number} started: {title}", (f"locscale cancel {number}", "cancel"))
        self._tell()
        if wait:
            self.wait(job)
        return job

    def wait(self, job: Job) -> None:
        """Blocks until the job has ended; a failure becomes the command's own."""
        self.queue.wait(lambda: job.ended)
        if job.state != "done":
            raise NonChimeraError(f"LocScale job {job.number} {job.state}: {job.message}")

    def cancel(self, job: Job) -> None:
        """Asks for the end of a job; `ended` follows when it has."""
        if not job.ended and not job.cancelled:
            job.cancelled = True
            job.message = "cancelling"
            self.worker.call_soon(self._runners[job.number].cancel)
            self._tell()

    # Jobs of others

    def jobs_of_others(self) -> list[dict]:
        """Newest first; those of this session have numbers of their own."""
        own = {job.daemon_id for job in self.jobs.values()}
        return [job for identifier, job in reversed(self.others.items()) if identifier not in own]

    def _other_changed(self, job: dict) -> None:
        self.others[job["id"]] = job
        while len(self.others) > MOST_OTHERS:
            self.others.pop(next(iter(self.others)))
        self._tell()

    def _other_progressed(self, identifier: str, progress: dict) -> None:
        if identifier in self.others:
            self.others[identifier] = {**self.others[identifier], "progress": progress}
            self._tell()

    # Called by runners, in the thread of the interface

    def running(self, job: Job) -> None:
        job.state = "running"
        self._tell()

    def progress(self, job: Job) -> None:
        if job.ended or job.latest is None:
            return
        self.session.logger.status(progress_text(job), blank_after=15)
        self._tell()

    def preview(self, job: Job, grid) -> None:
        volume = job.target
        if job.ended or not job.options["preview"] or volume is None:
            return
        if volume.data not in (job.base, self._previews.get(job.number)):
            return
        self._previews[job.number] = grid
        in_place.preview(volume, grid)

    def done(self, job: Job, result: Result) -> None:
        self._end_preview(job)
        job.latest = None
        try:
            job.finish(self.session, job, result)
            self.shared.finished(job, result)
        except UserError as error:
            self._ended(job, "failed", str(error))
            self.session.logger.warning(f"LocScale job {job.number}: {error}")
            return
        self._ended(job, "done", job.message)
        for warning in result.job["warnings"]:
            self.session.logger.info(f"LocScale job {job.number}: {warning['message']}")

    def ended(self, job: Job, state: str, message: str) -> None:
        self._end_preview(job)
        self._ended(job, state, message)
        if state == "lost":
            self._lost.append(job)
            if len(self._lost) == 1:
                # One warning for all that this daemon took along.
                self.queue.post(lambda: self.queue.post(self._warn_of_lost))
        elif state == "cancelled":
            report(self.session, f"LocScale job {job.number} cancelled: {job.title}")
        else:
            self.session.logger.warning(f"LocScale job {job.number} failed ({job.title}): {message}")

    def _ended(self, job: Job, state: str, message: str) -> None:
        job.state, job.message = state, message
        job.seconds = (job.task.end_time or type(job.started).now()).timestamp() - job.started.timestamp()
        job.task.end({"done": TaskState.FINISHED, "cancelled": TaskState.CANCELED}.get(state, TaskState.FAILED))
        self._runners.pop(job.number, None)
        if state != "done":
            self.shared.ended(job)
        # The grid that was replaced belongs to the maps and to undo from here on.
        job.base = None
        self.session.logger.status("", blank_after=0)
        self._tell()

    def _warn_of_lost(self) -> None:
        jobs, self._lost = self._lost, []
        which = ", ".join(f"{job.number} ({job.title})" for job in jobs)
        self.session.logger.warning(
            f"The LocScale daemon ended while job {which} was running; the maps are as they were. Give the command "
            "again: it starts a daemon, which goes on where the other one stopped."
        )

    # Previews

    def _end_preview(self, job: Job) -> None:
        """Puts back what the map held before the job, unless somebody else has changed it meanwhile."""
        grid = self._previews.pop(job.number, None)
        volume = job.target
        if grid is not None and volume is not None and volume.data is grid:
            in_place.preview(volume, job.base)

    def _drop_previews(self) -> None:
        """A session file must hold maps as they are, not half a result."""
        for job in self.jobs.values():
            if job.number in self._previews:
                self._end_preview(job)
                job.options["preview"] = False

    def _models_closed(self, models) -> None:
        closed = set(models)
        for job in self.jobs.values():
            if not job.ended and job.volume() in closed:
                self.cancel(job)
        self.shared.closed(closed)

    # The end

    def leave(self) -> None:
        """Cancels what runs and leaves; ends a daemon that was started here and that nobody else uses."""
        if self._left:
            return
        self._left = True
        for job in self.jobs.values():
            job.cancelled = True
        if self._daemon is not None and self._daemon.connected:
            future = self.worker.submit(self._say_goodbye())
            try:
                future.result(LEAVE_SECONDS)
            except Exception:
                pass  # on the way out: whatever it is, there is nobody left to tell
        self.worker.stop()

    async def _say_goodbye(self) -> None:
        mine = {job.daemon_id for job in self.jobs.values() if not job.ended and job.daemon_id is not None}
        for daemon_id in mine:
            await self._follower.cancel(daemon_id)
        try:
            await asyncio.wait_for(self.shared.leave(), LEAVE_SECONDS / 2)
        except asyncio.TimeoutError:
            pass  # maps that stay on the screen of others are no harm, a daemon that stays is
        await self._part(self._daemon, len(mine))

    @staticmethod
    async def _part(daemon: Daemon, mine: int) -> None:
        """Leaves a daemon; ends one that was started here and nobody else uses, with `mine` jobs being cancelled."""
        if daemon.connected and daemon.started_here and not daemon.is_remote:
            status = await daemon.call("daemon.status")
            others = status["jobs"]["queued"] + status["jobs"]["running"] - mine
            if status["sockets"] <= 1 and others <= 0:
                await daemon.call("daemon.shutdown", {"deadlineSeconds": 0})
        await daemon.leave()

    def _tell(self) -> None:
        for listener in list(self.changed):
            listener()


def hub_of(session) -> Hub:
    """The one of this session."""
    if not hasattr(session, "_locscale_hub"):
        session._locscale_hub = Hub(session)
    return session._locscale_hub


def _leave_if_alive(reference) -> None:
    hub = reference()
    if hub is not None:
        hub.leave()


def remote_endpoint(url: str, token: str | None, token_file: str | None, ca_file: str | None) -> Endpoint:
    """A daemon elsewhere; what is wrong with the address or the token is the user's to repair."""
    from pathlib import Path

    try:
        if token is None:
            if not token_file:
                raise DaemonError(
                    "access.denied",
                    f"A token is needed for {url}: copy the token file from the daemon's machine; add tokenFile FILE",
                )
            token = read_token(Path(token_file).expanduser())
        return endpoint_of(url, token, ca_file=ca_file or None)
    except DaemonError as error:
        raise user_error(error) from None
    except OSError as error:
        raise UserError(f"The certificate {ca_file} cannot be read ({error}).") from None


def user_error(error: DaemonError) -> Exception:
    """The daemon's sentence as an error of a command: the user's to repair, or nobody's in ChimeraX."""
    if error.kind.startswith(("input.", "output.", "access.", "limit.", "job.", "volume.", "model.", "network.")):
        return UserError(error.message)
    return NonChimeraError(error.message)
