"""A real daemon with a state folder of its own, and maps to give to it; no numpy, so that any Python 3.9 can run it."""

from __future__ import annotations

import array
import asyncio
import json
import math
import os
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from client.daemon import Daemon  # noqa: E402
from client.discovery import find_daemon, process_runs  # noqa: E402
from client.jobs import JobFollower  # noqa: E402
from client.volumes import MapSource  # noqa: E402

PROGRAM = Path(__file__).resolve().parents[3] / "daemon" / "bin" / "locscale.js"
MAIN = PROGRAM.parents[1] / "dist" / "server" / "main.js"
VOXEL_SIZE = 1.5


def blob(n: int, seed: int) -> array.array:
    """A blob in noise, n³ voxels; another seed gives other noise."""
    voxels = array.array("f", bytes(4 * n**3))
    state = seed * 2654435761 % 2**32
    index = 0
    for z in range(n):
        for y in range(n):
            for x in range(n):
                state = (state * 1664525 + 1013904223) % 2**32
                r2 = (z - n / 2) ** 2 + (y - n / 2) ** 2 + (x - n / 2) ** 2
                voxels[index] = math.exp(-8 * r2 / (n * n)) + 0.2 * (state / 2**32 - 0.5)
                index += 1
    return voxels


def ball(n: int, share: float) -> array.array:
    """1 in a ball of this share of the box (2: everywhere)."""
    inside = (share * n / 2) ** 2
    return array.array(
        "f",
        (
            float((z - n / 2) ** 2 + (y - n / 2) ** 2 + (x - n / 2) ** 2 <= inside)
            for z in range(n)
            for y in range(n)
            for x in range(n)
        ),
    )


def source(name: str, voxels: array.array, path: str | None = None) -> MapSource:
    n = round(len(voxels) ** (1 / 3))
    return MapSource(name, (n, n, n), (VOXEL_SIZE,) * 3, (0.0, 0.0, 0.0), lambda: [memoryview(voxels)], path)


def write_mrc(path: Path, voxels: array.array) -> None:
    """A map file, mode 2, as small as the format allows."""
    n = round(len(voxels) ** (1 / 3))
    head = bytearray(1024)
    struct.pack_into("<10i", head, 0, n, n, n, 2, 0, 0, 0, n, n, n)
    struct.pack_into("<6f", head, 40, *(n * VOXEL_SIZE,) * 3, 90, 90, 90)
    struct.pack_into("<3i", head, 64, 1, 2, 3)
    struct.pack_into("<3f", head, 76, min(voxels), max(voxels), sum(voxels) / len(voxels))
    head[208:212] = b"MAP "
    head[212:216] = bytes((0x44, 0x44, 0, 0))
    path.write_bytes(bytes(head) + voxels.tobytes())


class DaemonCase(unittest.IsolatedAsyncioTestCase):
    """Each test has a state folder of its own; `start` starts the real daemon in it."""

    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="locscale-plugin-"))
        self.home = self.folder / "home"
        self.process: subprocess.Popen | None = None
        self._environment = dict(os.environ)
        os.environ.pop("XDG_RUNTIME_DIR", None)
        os.environ.update(LOCSCALE_HOME=str(self.home), LOCSCALE_PROGRAM=str(PROGRAM))
        self.addCleanup(self._tidy)

    def _tidy(self) -> None:
        if (self.home / "daemon.json").exists():
            pid = self.connection()["pid"]
            try:
                os.kill(pid, signal.SIGTERM)
            except ProcessLookupError:
                pass
            while process_runs(pid):
                time.sleep(0.02)
        if self.process is not None:
            self.process.wait(60)
        os.environ.clear()
        os.environ.update(self._environment)
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, *command: str) -> None:
        """Starts a daemon; without the program in between, which takes half the time."""
        words = command or ("node", str(MAIN))
        self.process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while find_daemon() is None:
            if self.process.poll() is not None:
                raise AssertionError(f"the daemon ended with {self.process.returncode}")
            time.sleep(0.02)

    def start_for_other_machines(self) -> tuple[str, str]:
        """The same with a listener over TLS; returns its address and the file of its certificate."""
        fixtures = PROGRAM.parents[2] / "test" / "daemon" / "fixtures"
        key = self.folder / "key.pem"
        key.touch(0o600)
        key.write_bytes((fixtures / "tls-key.pem").read_bytes())
        certificate = str(fixtures / "tls-cert.pem")
        options = ["--remote", "127.0.0.1:0", "--tls-cert", certificate, "--tls-key", str(key)]
        self.start(str(PROGRAM), "daemon", "run", *options)
        port = self.connection()["remoteUrl"].rpartition(":")[2]
        return f"wss://localhost:{port}", certificate

    def connection(self) -> dict:
        return json.loads((self.home / "daemon.json").read_text())

    def kill_daemon(self) -> None:
        os.kill(self.connection()["pid"], signal.SIGKILL)

    async def client(self, listen_too=lambda method, params: None, **options) -> tuple[Daemon, JobFollower, list[str]]:
        """A connected client, what follows its jobs, and what it said when it lost the daemon."""
        lost: list[str] = []
        holder: list[JobFollower] = []

        def heard(method: str, params: dict) -> None:
            holder[0].notified(method, params)
            listen_too(method, params)

        def reconnected() -> None:
            self.catching_up = asyncio.ensure_future(holder[0].catch_up())

        def gone(reason: str) -> None:
            lost.append(reason)
            holder[0].lose(reason)

        daemon = Daemon("test", listen=heard, reconnected=reconnected, lost=gone, **options)
        holder.append(JobFollower(daemon))
        self.addAsyncCleanup(daemon.leave)
        await daemon.connect()
        return daemon, holder[0], lost


async def within(seconds: float, condition, what: str) -> None:
    """Waits until the condition holds."""
    for _ in range(int(seconds / 0.02)):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"not within {seconds} s: {what}")
