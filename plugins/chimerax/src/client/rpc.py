"""JSON-RPC 2.0 over one WebSocket: calls by name, notifications to a listener."""

from __future__ import annotations

import asyncio
import itertools
import json
from typing import Any, Callable

from .endpoint import Endpoint
from .errors import ConnectionLost, DaemonError
from .websocket import WebSocket

CALL_SECONDS = 120.0
Notified = Callable[[str, dict], None]


class RpcConnection:
    """Calls and their answers. `closed` is done as soon as the connection is gone, whoever ended it."""

    def __init__(self, socket: WebSocket, notified: Notified):
        self._socket = socket
        self._notified = notified
        self._ids = itertools.count(1)
        self._waiting: dict[int, asyncio.Future] = {}
        self.closed: asyncio.Future = asyncio.get_running_loop().create_future()
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def open(cls, endpoint: Endpoint, notified: Notified) -> RpcConnection:
        return cls(await WebSocket.connect(endpoint), notified)

    async def call(self, method: str, params: dict | None = None, seconds: float = CALL_SECONDS) -> Any:
        """The result of a call; raises the daemon's error, or ConnectionLost when no answer can come any more."""
        if self.closed.done():
            raise ConnectionLost(self.closed.result())
        number = next(self._ids)
        answer = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        try:
            await self._socket.send(
                json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params or {}}, allow_nan=False)
            )
            return await asyncio.wait_for(answer, seconds)
        except asyncio.TimeoutError:
            raise DaemonError(
                "connection.timeout", f"The daemon did not answer {method} within {seconds:.0f} s."
            ) from None
        finally:
            self._waiting.pop(number, None)

    async def close(self) -> None:
        await self._socket.close()
        self._reading.cancel()
        self._end("The connection was closed.")

    async def _read(self) -> None:
        reason = "The connection to the daemon ended."
        try:
            while True:
                message = json.loads(await self._socket.receive())
                self._take(message)
        except DaemonError as error:
            reason = error.message
        except ValueError as error:
            reason = f"The daemon sent a text that is not JSON ({error})."
        finally:
            self._end(reason)
            await self._socket.close()

    def _take(self, message: dict) -> None:
        if not isinstance(message, dict):
            return
        if "method" in message:
            self._notified(message["method"], message.get("params") or {})
            return
        answer = self._waiting.get(message.get("id"))
        if answer is None or answer.done():
            return
        if "error" in message:
            answer.set_exception(DaemonError.from_rpc(message["error"]))
        else:
            answer.set_result(message.get("result"))

    def _end(self, reason: str) -> None:
        if not self.closed.done():
            self.closed.set_result(reason)
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(ConnectionLost(reason))
