"""WebSocket (RFC 6455), client side, on asyncio streams: text messages, no extensions."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import os
import struct

from .endpoint import Endpoint
from .errors import ConnectionLost, DaemonError, NoDaemon
from .http import read_head, refusal

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
MAX_MESSAGE = 64 * 1024 * 1024
"""Bytes of one incoming message; the daemon's are far smaller, a list of a thousand jobs included."""
HANDSHAKE_SECONDS = 15.0
CLOSE_SECONDS = 2.0


class WebSocket:
    """An open connection. `receive` is for one reader, `send` for any number of tasks of the same loop."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter):
        self._reader = reader
        self._writer = writer
        self._closing = False

    @classmethod
    async def connect(cls, endpoint: Endpoint, path: str = "/rpc") -> WebSocket:
        """Opens a connection with the token in the header; a refusal is raised as the daemon's own error."""
        try:
            return await asyncio.wait_for(cls._connect(endpoint, path), HANDSHAKE_SECONDS)
        except asyncio.TimeoutError:
            raise NoDaemon(f"No answer from {endpoint.name} within {HANDSHAKE_SECONDS:.0f} s.") from None
        except (OSError, asyncio.IncompleteReadError) as error:
            raise NoDaemon(f"No daemon answers at {endpoint.name} ({_cause(error)}).") from error

    @classmethod
    async def _connect(cls, endpoint: Endpoint, path: str) -> WebSocket:
        reader, writer = await asyncio.open_connection(endpoint.host, endpoint.port, ssl=endpoint.tls)
        try:
            key = base64.b64encode(os.urandom(16))
            lines = (
                f"GET {path} HTTP/1.1",
                f"Host: {endpoint.host_header}",
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Version: 13",
                f"Sec-WebSocket-Key: {key.decode()}",
                f"Authorization: Bearer {endpoint.token}",
            )
            writer.write("\r\n".join((*lines, "", "")).encode("ascii"))
            await writer.drain()
            status, headers = await read_head(reader)
            if status != 101:
                raise await refusal(status, headers, reader)
            expected = base64.b64encode(hashlib.sha1(key + GUID).digest()).decode()
            if headers.get("sec-websocket-accept") != expected:
                raise DaemonError("rpc.invalid-request", f"What answers at {endpoint.name} is not a LocScale daemon.")
            return cls(reader, writer)
        except BaseException:
            writer.close()
            raise

    async def send(self, text: str) -> None:
        """Sends one text message."""
        if self._closing:
            raise ConnectionLost("The connection to the daemon is closed.")
        await self._write(TEXT, text.encode("utf-8"))

    async def receive(self) -> str:
        """The next text message; answers pings on the way. Raises ConnectionLost when there is none any more."""
        parts: list[bytes] = []
        size = 0
        try:
            while True:
                final, opcode, payload = await self._frame(MAX_MESSAGE - size)
                if opcode == PING:
                    await self._write(PONG, payload)
                elif opcode == CLOSE:
                    raise ConnectionLost(await self._closed_by_peer(payload))
                elif opcode in (TEXT, CONTINUATION):
                    if (opcode == CONTINUATION) != bool(parts):
                        raise ConnectionLost("The daemon sent a message in frames that do not fit together.")
                    parts.append(payload)
                    size += len(payload)
                    if final:
                        return b"".join(parts).decode("utf-8")
                elif opcode != PONG:
                    raise ConnectionLost(f"The daemon sent a frame of kind {opcode}, expected text.")
        except (OSError, asyncio.IncompleteReadError, UnicodeDecodeError) as error:
            raise ConnectionLost(f"The connection to the daemon ended ({_cause(error)}).") from error

    async def close(self) -> None:
        """Says goodbye and closes; never raises for a connection that is already gone."""
        if not self._closing:
            self._closing = True
            try:
                await asyncio.wait_for(self._write(CLOSE, struct.pack("!H", 1000)), CLOSE_SECONDS)
            except (OSError, asyncio.TimeoutError, ConnectionLost):
                pass
        self._writer.close()
        try:
            await asyncio.wait_for(self._writer.wait_closed(), CLOSE_SECONDS)
        except (OSError, asyncio.TimeoutError):
            pass

    async def _frame(self, room: int) -> tuple[bool, int, bytes]:
        first, second = await self._reader.readexactly(2)
        if first & 0x70 or second & 0x80:
            raise ConnectionLost("The daemon sent a frame with reserved bits or a mask, which no server may.")
        length = second & 0x7F
        if length == 126:
            (length,) = struct.unpack("!H", await self._reader.readexactly(2))
        elif length == 127:
            (length,) = struct.unpack("!Q", await self._reader.readexactly(8))
        if length > room:
            raise ConnectionLost(f"The daemon sent a message of more than {MAX_MESSAGE} bytes.")
        return bool(first & 0x80), first & 0x0F, await self._reader.readexactly(length)

    async def _write(self, opcode: int, payload: bytes) -> None:
        length = len(payload)
        head = struct.pack("!B", 0x80 | opcode)
        if length < 126:
            head += struct.pack("!B", 0x80 | length)
        elif length < 65536:
            head += struct.pack("!BH", 0x80 | 126, length)
        else:
            head += struct.pack("!BQ", 0x80 | 127, length)
        key = os.urandom(4)
        # One write per frame, so that frames of several tasks do not mix.
        self._writer.write(head + key + _masked(payload, key))
        try:
            await self._writer.drain()
        except OSError as error:
            raise ConnectionLost(f"The connection to the daemon ended ({_cause(error)}).") from error

    async def _closed_by_peer(self, payload: bytes) -> str:
        code = struct.unpack("!H", payload[:2])[0] if len(payload) >= 2 else 1005
        reason = payload[2:].decode("utf-8", "replace")
        if not self._closing:
            self._closing = True
            try:
                await self._write(CLOSE, payload[:2])
            except ConnectionLost:
                pass
        return f"The daemon closed the connection (code {code}{', ' + reason if reason else ''})."


def _masked(payload: bytes, key: bytes) -> bytes:
    """Exclusive or with the repeated key, as one long integer: no loop over bytes, no numpy."""
    length = len(payload)
    repeated = (key * (length // 4 + 1))[:length]
    return (int.from_bytes(payload, "little") ^ int.from_bytes(repeated, "little")).to_bytes(length, "little")


def _cause(error: BaseException) -> str:
    if isinstance(error, asyncio.IncompleteReadError):
        return "closed by the other side"
    return str(error) or type(error).__name__
