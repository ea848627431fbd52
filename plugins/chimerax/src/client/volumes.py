"""Maps and models to the daemon and back. Grids: `shape` is (z, y, x), `voxel_size` and `origin` are (x, y, z) in Å."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Awaitable, Callable, Iterable

from .daemon import Daemon
from .errors import DaemonError
from .http import Progress, download, upload

Shape = tuple[int, int, int]
Vector = tuple[float, float, float]
Ranges = tuple[tuple[int, int], tuple[int, int], tuple[int, int]]
BYTES_PER_VOXEL = 4
FILE_TOLERANCE = 1e-4
"""Relative: voxel sizes in headers are float32, so 1.2 reads as 1.2000000477."""


@dataclass(frozen=True)
class MapSource:
    """A map that a job reads. `pieces`: its voxels, float32, C order (z, y, x).

    `path`: a file believed to hold it; `volume`: its id, when it came from the daemon, or was sent there before;
    `opened`: called with the id that it gets.
    """

    name: str
    shape: Shape
    voxel_size: Vector
    origin: Vector
    pieces: Callable[[], Iterable[memoryview | bytes]]
    path: str | None = None
    volume: Callable[[], str | None] = lambda: None
    opened: Callable[[str], None] = lambda volume: None

    @property
    def length(self) -> int:
        return BYTES_PER_VOXEL * math.prod(self.shape)


@dataclass(frozen=True)
class ModelSource:
    """An atomic model that a job reads. `text`: the mmCIF file of it."""

    name: str
    text: Callable[[], Awaitable[str]]


async def open_map(daemon: Daemon, source: MapSource) -> str:
    """The id of the map as the daemon holds it: by path where both sides see the same file, by its voxels otherwise."""
    known = source.volume()
    if known is not None and await is_open(daemon, known):
        return known
    volume = await _send_map(daemon, source)
    source.opened(volume)
    return volume


async def _send_map(daemon: Daemon, source: MapSource) -> str:
    if source.path is not None and daemon.endpoint is not None and daemon.endpoint.shares_files:
        found = await _open_file(daemon, source)
        if found is not None:
            return found
    query = {
        "name": plain_name(source.name),
        "shape": ",".join(map(str, source.shape)),
        "voxelSize": ",".join(map(repr, source.voxel_size)),
        "origin": ",".join(map(repr, source.origin)),
    }
    await daemon.connect()
    volume = await upload(
        daemon.endpoint, "/volumes", query, "application/octet-stream", source.length, source.pieces()
    )
    return volume["id"]


async def is_open(daemon: Daemon, volume: str) -> bool:
    """Whether the daemon still has a volume."""
    try:
        await daemon.call("volume.describe", {"volume": volume})
    except DaemonError as error:
        if error.kind != "volume.unknown":
            raise
        return False
    return True


async def _open_file(daemon: Daemon, source: MapSource) -> str | None:
    """The file as the daemon reads it, or None when it cannot, or when its grid is not the one on the screen."""
    try:
        volume = await daemon.call("volume.open", {"path": source.path})
    except DaemonError as error:
        if error.kind.startswith(("input.", "access.")):
            return None
        raise
    grid = volume["grid"]
    if tuple(grid["shape"]) == source.shape and _near(grid["voxelSize"], source.voxel_size):
        # The origin is compared in voxels: the user may have moved the map since it was read.
        shift = [(a - b) / size for a, b, size in zip(grid["origin"], source.origin, source.voxel_size)]
        if all(abs(voxels) < 0.01 for voxels in shift):
            return volume["id"]
    await forget(daemon, volume["id"])
    return None


async def open_model(daemon: Daemon, source: ModelSource) -> str:
    """The id of the model as the daemon holds it."""
    body = (await source.text()).encode("utf-8")
    await daemon.connect()
    query = {"name": plain_name(source.name)}
    model = await upload(daemon.endpoint, "/models", query, "chemical/x-mmcif", len(body), (body,))
    return model["id"]


async def fetch_voxels(
    daemon: Daemon,
    volume: str,
    shape: Shape,
    into: bytearray | memoryview,
    sections: tuple[int, int] | None = None,
    progress: Progress | None = None,
) -> None:
    """Writes the voxels of a volume, or those of its sections [first, last), as little-endian float32.

    The caller brings the memory: `bytearray(n)` fills it with zeros without letting other threads run, which for a map
    of 256³ voxels takes 40 ms.
    """
    region = "" if sections is None else f"&region={sections[0]}:{sections[1]},0:{shape[1]},0:{shape[2]}"
    await daemon.connect(autostart=False)
    await download(daemon.endpoint, f"/volumes/{volume}?format=raw{region}", into, progress)


async def forget(daemon: Daemon, volume: str) -> None:
    """Tells the daemon that a volume is no longer needed; one that is gone or still in use is no fault."""
    try:
        await daemon.call("volume.close", {"volume": volume})
    except DaemonError as error:
        if error.kind not in ("volume.unknown", "volume.busy", "connection.closed", "connection.refused"):
            raise


def plain_name(name: str) -> str:
    """A name as uploads take it: no slashes, no control characters, at most 255."""
    cleaned = "".join("_" if c in "/\\" or ord(c) < 32 or 127 <= ord(c) < 160 else c for c in name).strip()
    return cleaned[:255] or "upload"


def _near(found: Iterable[float], expected: Iterable[float]) -> bool:
    return all(abs(a - b) <= FILE_TOLERANCE * abs(b) for a, b in zip(found, expected))
