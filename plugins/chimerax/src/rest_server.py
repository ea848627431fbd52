"""ChimeraX's own REST server, for the daemon's bridge: only on request, on a free port, logged, stopped again.

It has no password: while it runs, any program of this machine can have ChimeraX run any command.
"""

from __future__ import annotations

import asyncio

from chimerax.core.commands import run
from chimerax.core.errors import UserError

from .client.errors import DaemonError

PORT_SECONDS = 0.1
PORT_TRIES = 100


def start(session, hub) -> None:
    """Starts the server, unless one runs, and tells the daemon its address."""
    if hub.daemon.is_remote:
        raise UserError(
            "The REST server listens on this machine only; the daemon at the given address cannot reach it."
        )
    if "viewer" not in hub.daemon.hello.get("capabilities", ()):
        raise UserError(f"The daemon {hub.daemon.hello['version']} has no bridge to viewers; update LocScale.")
    if running_port(session) is None:
        run(session, "remotecontrol rest start json true log true")
        hub.rest_started = True

    def attached(port: int) -> None:
        session.logger.info(
            f"The LocScale daemon may now run commands here, through port {port}. So may any program of this machine, "
            "until: locscale start rest false"
        )

    # Never waited for: the daemon asks ChimeraX through that port before it answers.
    hub.ask(_attach(session, hub.daemon), attached, wait=False)


async def _attach(session, daemon) -> int:
    """Tells the daemon the port, as soon as the server has one: it starts in a thread of its own."""
    for _ in range(PORT_TRIES):
        port = running_port(session)
        if port is not None:
            await daemon.call("viewer.attach", {"kind": "chimerax-rest", "url": f"http://127.0.0.1:{port}"})
            return port
        await asyncio.sleep(PORT_SECONDS)
    raise DaemonError("viewer.unreachable", "The REST server of ChimeraX did not start; the log may say why.")


def stop(session, hub) -> None:
    """Stops the server, when this bundle has started it."""
    if hub.rest_started:
        hub.rest_started = False
        run(session, "remotecontrol rest stop quiet true")


def running_port(session) -> int | None:
    """The port of a REST server that runs in this ChimeraX, whoever started it."""
    try:
        from chimerax.rest_server import cmd
    except ImportError:
        return None
    address = getattr(getattr(cmd, "_server", None), "server_address", None)
    return None if address is None else address[1]
