"""The one thread in which everything that waits for the daemon happens."""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
from typing import Any, Coroutine, TypeVar

T = TypeVar("T")


class Worker:
    """A thread with an event loop of its own, started with the first task and ended by `stop`."""

    def __init__(self, name: str = "LocScale"):
        self._name = name
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    def submit(self, task: Coroutine[Any, Any, T]) -> concurrent.futures.Future[T]:
        """Runs a coroutine in the thread; the future tells its result, or passes on a cancel."""
        return asyncio.run_coroutine_threadsafe(task, self._running_loop())

    def call_soon(self, function, *values) -> None:
        """Runs a plain function in the thread."""
        self._running_loop().call_soon_threadsafe(function, *values)

    def stop(self, seconds: float = 3.0) -> None:
        """Cancels what runs and ends the thread."""
        with self._lock:
            loop, thread = self._loop, self._thread
            self._loop = self._thread = None
        if loop is None or thread is None:
            return
        loop.call_soon_threadsafe(loop.stop)
        thread.join(seconds)

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                ready = threading.Event()
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=_run, args=(self._loop, ready), name=self._name, daemon=True)
                self._thread.start()
                ready.wait()
            return self._loop


def _run(loop: asyncio.AbstractEventLoop, ready: threading.Event) -> None:
    asyncio.set_event_loop(loop)
    loop.call_soon(ready.set)
    try:
        loop.run_forever()
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
    finally:
        loop.close()
