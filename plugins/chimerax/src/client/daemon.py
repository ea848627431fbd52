"""A daemon as the plugin uses it: found or started, greeted, connected to again when the connection broke."""

from __future__ import annotations

import asyncio
from typing import Any, Callable

from .discovery import find_daemon
from .endpoint import Endpoint
from .errors import ConnectionLost, DaemonError, NoDaemon
from .launch import start_daemon
from .rpc import RpcConnection

API_MAJOR = "1"
RECONNECT_PAUSES = (0.1, 0.3, 1.0, 2.0, 4.0)
"""Seconds between tries after a connection broke; a daemon that has ended answers none of them."""
IDEMPOTENT = (
    "session.hello",
    "daemon.status",
    "job.get",
    "job.list",
    "job.events",
    "volume.describe",
    "volume.list",
    "viewer.get",
    "viewer.list",
)


class Daemon:
    """All calls run in the worker's loop. `listen` gets every notification, `opened` is called with each new
    connection, `lost` with the reason when nobody answers.
    """

    def __init__(
        self,
        client_name: str,
        *,
        endpoint: Endpoint | None = None,
        program: str | None = None,
        autostart: bool = True,
        listen: Callable[[str, dict], None] = lambda method, params: None,
        opened: Callable[[], None] = lambda: None,
        reconnected: Callable[[], None] = lambda: None,
        lost: Callable[[str], None] = lambda reason: None,
    ):
        self._client_name = client_name
        self._given = endpoint
        self._program = program
        self._autostart = autostart
        self._listen = listen
        self._opened = opened
        self._reconnected = reconnected
        self._lost = lost
        self._connection: RpcConnection | None = None
        self._connecting = asyncio.Lock()
        self._watching: asyncio.Task | None = None
        self._leaving = False
        self.endpoint: Endpoint | None = None
        self.hello: dict = {}
        self.started_here = False

    @property
    def connected(self) -> bool:
        return self._connection is not None and not self._connection.closed.done()

    @property
    def is_remote(self) -> bool:
        return self._given is not None

    async def connect(self, autostart: bool | None = None) -> dict:
        """Makes sure that a daemon answers; returns its hello. Finds it, or starts one when that is wanted."""
        async with self._connecting:
            if self.connected:
                return self.hello
            endpoint = self._given or find_daemon()
            if endpoint is not None:
                try:
                    return await self._open(endpoint)
                except NoDaemon:
                    if self._given is not None:
                        raise
            if not (self._autostart if autostart is None else autostart):
                raise NoDaemon('No LocScale daemon runs; run "locscale start".')
            endpoint = await start_daemon(self._program)
            self.started_here = True
            return await self._open(endpoint)

    async def call(self, method: str, params: dict | None = None) -> Any:
        """One call; what only asks is asked again when the connection broke under it."""
        await self.connect()
        try:
            return await self._now().call(method, params)
        except ConnectionLost:
            if method not in IDEMPOTENT:
                raise
            await self.connect(autostart=False)
            return await self._now().call(method, params)

    async def leave(self) -> None:
        """Closes the connection; the daemon goes on."""
        self._leaving = True
        if self._watching is not None:
            self._watching.cancel()
        if self._connection is not None:
            await self._connection.close()

    def _now(self) -> RpcConnection:
        if self._connection is None:
            raise ConnectionLost("There is no connection to a daemon.")
        return self._connection

    async def _open(self, endpoint: Endpoint) -> dict:
        connection = await RpcConnection.open(endpoint, self._listen)
        try:
            hello = await connection.call("session.hello", {"client": self._client_name, "api": f"{API_MAJOR}.0"})
            if str(hello.get("api", "")).split(".")[0] != API_MAJOR:
                raise DaemonError(
                    "daemon.stopping",
                    f"The daemon at {endpoint.name} speaks protocol {hello.get('api')}, this plugin {API_MAJOR}.x;"
                    " update the older one.",
                )
        except BaseException:
            await connection.close()
            raise
        self._connection, self.endpoint, self.hello = connection, endpoint, hello
        self._watching = asyncio.create_task(self._watch(connection))
        self._opened()
        return hello

    async def _watch(self, connection: RpcConnection) -> None:
        """After a break: tries to connect again, to the daemon that runs then, and tells once how it went."""
        reason = await connection.closed
        for pause in RECONNECT_PAUSES:
            if self._leaving:
                return
            await asyncio.sleep(pause)
            if self._given is None and find_daemon_quietly() is None:
                break
            try:
                await self.connect(autostart=False)
            except DaemonError:
                continue
            self._reconnected()
            return
        if not self._leaving:
            self._lost(reason)


def find_daemon_quietly() -> Endpoint | None:
    """As find_daemon; a connection file that cannot be read counts as none."""
    try:
        return find_daemon()
    except DaemonError:
        return None
