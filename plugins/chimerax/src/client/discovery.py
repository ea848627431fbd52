"""Finds the daemon of this user on this machine: docs/protocol.md, "Connecting"."""

from __future__ import annotations

import json
import os
import socket
import stat
from pathlib import Path
from typing import Mapping

from .endpoint import Endpoint, endpoint_of
from .errors import DaemonError


def runtime_folder(env: Mapping[str, str] = os.environ) -> Path:
    """The folder in which `daemon.json` lies."""
    home = env.get("LOCSCALE_HOME")
    if home:
        return Path(home).resolve()
    runtime = env.get("XDG_RUNTIME_DIR")
    if runtime:
        return Path(runtime, "locscale")
    base = env.get("XDG_STATE_HOME")
    state = Path(base) if base else Path(env.get("HOME") or Path.home(), ".local", "state")
    return state / "locscale" / "hosts" / socket.gethostname()


def find_daemon(env: Mapping[str, str] = os.environ) -> Endpoint | None:
    """The running daemon as its connection file tells, or None; the file may outlive it, so only a hello is proof."""
    path = runtime_folder(env) / "daemon.json"
    try:
        connection = json.loads(path.read_text("utf-8"))
        url, host, pid, token_file = (connection[name] for name in ("url", "host", "pid", "tokenFile"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DaemonError(
            "input.format",
            f"The connection file {path} cannot be read ({error}); run `locscale daemon stop`, then start again.",
        ) from error
    if host != socket.gethostname():
        raise DaemonError(
            "connection.refused",
            f"The daemon in {path.parent} runs on {host}, this is {socket.gethostname()}; set LOCSCALE_HOME to a folder"
            " of this machine.",
        )
    if not process_runs(pid):
        return None
    return endpoint_of(url, read_token(Path(token_file)), shares_files=True)


def read_token(path: Path) -> str:
    """The token in a file that nobody else can read or have written."""
    try:
        facts = path.stat()
        token = path.read_text("ascii").strip()
    except (OSError, ValueError) as error:
        raise DaemonError("access.denied", f"The token file {path} cannot be read ({error}).") from error
    if os.name == "posix" and (facts.st_uid != os.getuid() or stat.S_IMODE(facts.st_mode) & 0o077):
        raise DaemonError(
            "access.denied",
            f"The token file {path} is open to others (mode {stat.S_IMODE(facts.st_mode):o}, owner {facts.st_uid};"
            " expected 600 and you); stop the daemon, remove the file, start again.",
        )
    if not token:
        raise DaemonError("access.denied", f"The token file {path} is empty.")
    return token


def process_runs(pid: int) -> bool:
    """Whether a process of this number exists and has not ended; unknown counts as yes."""
    if os.name != "posix":
        return True  # signal 0 ends the process on Windows; the connection attempt will tell
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        # A dead child whose parent has not asked for it yet still has a number.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (OSError, IndexError):
        return True
