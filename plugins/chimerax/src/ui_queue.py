"""Brings results of the worker thread to the thread of the user interface, where alone models may be touched."""

import asyncio
import queue
import threading
import time
from typing import Callable

from chimerax.core.errors import CancelOperation


class UiQueue:
    """Calls go through a queue of our own, so that a command that waits can run them, too, without an event loop.

    `longest` is the longest time in seconds that one call took: what the interface did not answer because of us.
    """

    def __init__(self, session):
        self._session = session
        self._calls: queue.SimpleQueue = queue.SimpleQueue()
        self.longest = 0.0
        session.triggers.add_handler("command finished", lambda *_: self.drain())

    def post(self, function: Callable, *values) -> None:
        """From any thread: runs the function soon."""
        self._calls.put((function, values))
        self._session.ui.thread_safe(self.drain)

    async def ask(self, function: Callable, *values):
        """From the worker: runs the function soon, and gives what it returns or raises."""
        loop = asyncio.get_running_loop()
        answer = loop.create_future()

        def settle(settled: Callable, value) -> None:
            if not answer.done():  # whoever asked may have been cancelled
                settled(value)

        def call() -> None:
            try:
                value = function(*values)
            except Exception as error:
                loop.call_soon_threadsafe(settle, answer.set_exception, error)
            else:
                loop.call_soon_threadsafe(settle, answer.set_result, value)

        self.post(call)
        return await answer

    def drain(self) -> None:
        """Runs what has been posted. Never raises: an exception here would end a ChimeraX without windows.

        A ChimeraX without windows whose event loop has not begun yet calls this in the thread that posts; there it must
        do nothing. What stays in the queue then is run after the command, or with the next call.
        """
        if threading.current_thread() is not threading.main_thread():
            return
        while True:
            try:
                function, values = self._calls.get_nowait()
            except queue.Empty:
                return
            self._run(function, values)

    def wait(self, ended: Callable[[], bool]) -> None:
        """Blocks a command until the condition holds, while calls go on being run. Interrupting it cancels the wait."""
        try:
            while not ended():
                try:
                    function, values = self._calls.get(timeout=0.1)
                except queue.Empty:
                    continue
                self._run(function, values)
        except KeyboardInterrupt:
            raise CancelOperation("No longer waiting for LocScale; the job goes on.") from None

    def _run(self, function: Callable, values: tuple) -> None:
        started = time.perf_counter()
        try:
            function(*values)
        except Exception:
            self._session.logger.report_exception("LocScale: ")
        finally:
            self.longest = max(self.longest, time.perf_counter() - started)
