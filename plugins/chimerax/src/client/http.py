"""Voxels and models over HTTP/1.1 on asyncio streams: one connection a request, bodies in pieces."""

from __future__ import annotations

import asyncio
import json
from typing import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Union
from urllib.parse import quote

from .endpoint import Endpoint
from .errors import ConnectionLost, DaemonError, NoDaemon

PIECE = 1024 * 1024
"""Bytes handed over at a time: small enough that other threads of the interpreter get their turn."""
HEAD_SECONDS = 60.0
STALL_SECONDS = 120.0
DOWNLOAD_TRIES = 3

STATUS_REASONS = {
    401: ("access.denied", "the token is missing or wrong"),
    413: ("limit.size", "the upload is larger than it takes"),
    503: ("limit.busy", "it is busy"),
    507: ("limit.memory", "there is no room for the upload"),
}
Progress = Callable[[int], None]
Bytes = Union[bytes, bytearray, memoryview]


async def upload(
    endpoint: Endpoint,
    path: str,
    query: Mapping[str, str],
    content_type: str,
    length: int,
    pieces: Iterable[Bytes],
) -> dict:
    """PUTs a body of `length` bytes that comes in `pieces`; returns the JSON answer."""
    target = f"{path}?{'&'.join(f'{name}={quote(value, safe=str())}' for name, value in query.items())}"
    try:
        return await _put(endpoint, target, content_type, length, pieces)
    except ConnectionLost:
        # A body that is refused (too large, wrong token) is not read to its end; the connection may break before the
        # reason is here. Without a body the daemon has the time to tell.
        try:
            await _put(endpoint, target, content_type, 0, ())
        except DaemonError as error:
            if error.kind in (kind for kind, _ in STATUS_REASONS.values()):
                raise
        raise


async def _put(endpoint: Endpoint, target: str, content_type: str, length: int, pieces: Iterable[Bytes]) -> dict:
    reader, writer = await _open(endpoint)
    try:
        writer.write(_head(endpoint, "PUT", target, {"Content-Type": content_type, "Content-Length": str(length)}))
        answer = asyncio.create_task(_answer_head(reader))
        try:
            sent = await _send(writer, pieces, answer)
            if sent is not None and sent != length:
                raise DaemonError("input.mismatch", f"{sent} bytes were there for {target}, expected {length}.")
            status, headers = await _in_time(answer)
        finally:
            answer.cancel()
        if status not in (200, 201):
            raise await refusal(status, headers, reader)
        return json.loads(await _whole_body(headers, reader))
    finally:
        writer.close()


async def download(
    endpoint: Endpoint, path: str, into: bytearray | memoryview, progress: Progress | None = None
) -> None:
    """GETs a body of exactly `len(into)` bytes; a broken connection is taken up again where it stopped."""
    view = memoryview(into).cast("B")
    done = 0
    for attempt in range(DOWNLOAD_TRIES):
        try:
            async for piece in _body(endpoint, path, done, len(view)):
                view[done : done + len(piece)] = piece
                done += len(piece)
                if progress is not None:
                    progress(done)
            if done == len(view):
                return
            reason = f"{done} of {len(view)} bytes came"
        except (OSError, asyncio.IncompleteReadError, asyncio.TimeoutError) as error:
            reason = str(error) or type(error).__name__
        await asyncio.sleep(0.2 * attempt)
    raise ConnectionLost(f"The download of {path} broke off {DOWNLOAD_TRIES} times ({reason}).")


async def _send(writer: asyncio.StreamWriter, pieces: Iterable[Bytes], answer: asyncio.Task) -> int | None:
    """Writes a body piece by piece; returns its length, or None when connection or answer ended it before."""
    sent = 0
    try:
        for piece in pieces:
            view = memoryview(piece).cast("B")
            for start in range(0, len(view), PIECE):
                writer.write(view[start : start + PIECE])
                await asyncio.wait_for(writer.drain(), STALL_SECONDS)
                if answer.done():
                    return None
            sent += len(view)
    except (ConnectionError, asyncio.TimeoutError):
        return None
    return sent


async def _body(endpoint: Endpoint, path: str, start: int, total: int) -> AsyncIterator[bytes]:
    reader, writer = await _open(endpoint)
    try:
        extra = {"Range": f"bytes={start}-"} if start > 0 else {}
        writer.write(_head(endpoint, "GET", path, extra))
        await writer.drain()
        status, headers = await _in_time(_answer_head(reader))
        if status != (206 if start > 0 else 200):
            raise await refusal(status, headers, reader)
        length = headers.get("content-length")
        if length is None or int(length) != total - start:
            raise DaemonError(
                "input.mismatch",
                f"The daemon offers {length} bytes for {path}, expected {total - start}; is the volume another one?",
            )
        left = total - start
        while left > 0:
            piece = await asyncio.wait_for(reader.read(min(PIECE, left)), STALL_SECONDS)
            if not piece:
                return
            left -= len(piece)
            yield piece
    finally:
        writer.close()


async def read_head(reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
    """Status and headers (names in lower case) of an answer."""
    words = (await reader.readuntil(b"\r\n")).split()
    if len(words) < 2 or not words[0].startswith(b"HTTP/") or not words[1].isdigit():
        raise DaemonError("rpc.invalid-request", "What answers is not a LocScale daemon: no HTTP status came.")
    headers: dict[str, str] = {}
    while True:
        line = (await reader.readuntil(b"\r\n")).decode("latin-1").strip()
        if not line:
            return int(words[1]), headers
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()


async def refusal(status: int, headers: Mapping[str, str], reader: asyncio.StreamReader) -> DaemonError:
    """The daemon's error in the body of an answer; made up from the status when the body holds none."""
    try:
        body = json.loads(await _whole_body(headers, reader))
        return DaemonError.from_body(body["error"])
    except (ValueError, KeyError, TypeError, OSError, asyncio.IncompleteReadError, asyncio.TimeoutError):
        # A daemon that refuses a body closes the connection, which may swallow the rest of what it said.
        kind, reason = STATUS_REASONS.get(status, ("rpc.invalid-request", "it gave no reason"))
        return DaemonError(kind, f"The daemon refused with HTTP status {status}: {reason}.")


async def _open(endpoint: Endpoint) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    try:
        connecting = asyncio.open_connection(endpoint.host, endpoint.port, ssl=endpoint.tls, limit=2 * PIECE)
        return await asyncio.wait_for(connecting, HEAD_SECONDS)
    except (OSError, asyncio.TimeoutError) as error:
        raise NoDaemon(f"No daemon answers at {endpoint.name} ({error or 'no answer'}).") from error


def _head(endpoint: Endpoint, method: str, target: str, extra: Mapping[str, str]) -> bytes:
    lines = [f"{method} {target} HTTP/1.1", f"Host: {endpoint.host_header}", f"Authorization: Bearer {endpoint.token}"]
    lines += [f"{name}: {value}" for name, value in extra.items()]
    return "\r\n".join((*lines, "Connection: close", "", "")).encode("ascii")


async def _answer_head(reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
    try:
        return await read_head(reader)
    except (OSError, asyncio.IncompleteReadError) as error:
        raise ConnectionLost("The daemon ended the connection without an answer.") from error


async def _in_time(answer: Awaitable[tuple[int, dict[str, str]]]) -> tuple[int, dict[str, str]]:
    try:
        return await asyncio.wait_for(answer, HEAD_SECONDS)
    except asyncio.TimeoutError:
        raise ConnectionLost(f"The daemon gave no answer within {HEAD_SECONDS:.0f} s.") from None


async def _whole_body(headers: Mapping[str, str], reader: asyncio.StreamReader) -> bytes:
    """The body of a short answer: by its length, in chunks, or up to the end of the connection."""
    if "chunked" in headers.get("transfer-encoding", ""):
        parts = []
        while True:
            size = int((await reader.readuntil(b"\r\n")).split(b";")[0], 16)
            parts.append(await reader.readexactly(size))
            await reader.readexactly(2)
            if size == 0:
                return b"".join(parts)
    length = headers.get("content-length")
    if length is not None:
        return await asyncio.wait_for(reader.readexactly(int(length)), HEAD_SECONDS)
    return await asyncio.wait_for(reader.read(), HEAD_SECONDS)
