"""Starts a daemon when none runs."""

from __future__ import annotations

import asyncio
import os
import shutil

from .discovery import find_daemon
from .endpoint import Endpoint
from .errors import NoDaemon

START_SECONDS = 60.0
"""The program itself gives up after 30 s."""


def find_program(configured: str | None = None) -> str:
    """The `locscale` program: the one configured, else $LOCSCALE_PROGRAM, else the one on PATH."""
    for candidate in (configured, os.environ.get("LOCSCALE_PROGRAM")):
        if candidate:
            found = shutil.which(os.path.expanduser(candidate))
            if found is None:
                raise NoDaemon(
                    f"The program {candidate} is not there or cannot be run; expected the path of `locscale`."
                )
            return found
    found = shutil.which("locscale")
    if found is None:
        raise NoDaemon(
            "No LocScale daemon runs and the program locscale is not on PATH; install LocScale, or name the program: "
            "locscale start program /path/to/locscale"
        )
    return found


async def run_program(program: str, *words: str, seconds: float = START_SECONDS) -> tuple[int, str, str]:
    """Runs `locscale` with these words; returns its exit code, output and error output."""
    process = await asyncio.create_subprocess_exec(
        program,
        *words,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        out, error = await asyncio.wait_for(process.communicate(), seconds)
    except (asyncio.TimeoutError, asyncio.CancelledError) as error:
        process.kill()
        await process.wait()
        if isinstance(error, asyncio.CancelledError):
            raise
        said = f"`{program} {' '.join(words)}` did not end within {seconds:.0f} s; try it in a terminal."
        raise NoDaemon(said) from None
    return process.returncode or 0, out.decode("utf-8", "replace"), error.decode("utf-8", "replace")


async def start_daemon(configured: str | None = None) -> Endpoint:
    """Has `locscale daemon start` start one, which returns as soon as the daemon answers."""
    program = find_program(configured)
    try:
        code, _, error = await run_program(program, "daemon", "start")
    except OSError as failure:
        raise NoDaemon(f"`{program} daemon start` cannot be run ({failure}); try it in a terminal.") from failure
    endpoint = find_daemon()
    if code != 0 or endpoint is None:
        reason = error.strip() or f"exit code {code}"
        raise NoDaemon(f"The LocScale daemon did not start: {reason}")
    return endpoint
