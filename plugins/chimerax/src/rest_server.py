"""ChimeraX's own REST server, for the daemon's bridge: only on request, on a free port, logged, stopped again.

It has no password: while it runs, any program of this machine can have ChimeraX run any command.
"""

from __future__ import annotations

from chimerax.core.commands import run
from chimerax.core.errors import UserError


def start(session, hub) -> None:
    """Starts the server, unless one runs, and tells the daemon its address."""
    if hub.daemon.is_remote:
        raise UserError(
            "The REST server listens on this machine only; the daemon at the given address cannot reach it."
        )
    if "viewer" not in hub.daemon.hello.get("capabilities", ()):
        raise UserError(f"The daemon {hub.daemon.hello['version']} has no bridge to viewers; update LocScale.")
    port = running_port(session)
    if port is None:
        run(session, "remotecontrol rest start json true log true")
        port = hub.rest_port = running_port(session)
        if port is None:
            raise UserError("The REST server of ChimeraX did not start; see the log.")
    attached = hub.daemon.call("viewer.attach", {"kind": "chimerax-rest", "url": f"http://127.0.0.1:{port}"})
    text = (
        f"The LocScale daemon may now run commands here, through port {port}. So may any program of this machine, "
        "until: locscale start rest false"
    )
    # Never waited for: the daemon asks ChimeraX through that port before it answers.
    hub.ask(attached, lambda viewer: session.logger.info(text), wait=False)


def stop(session, hub) -> None:
    """Stops the server, when this bundle has started it."""
    if hub.rest_port is not None:
        hub.rest_port = None
        run(session, "remotecontrol rest stop quiet true")


def running_port(session) -> int | None:
    """The port of a REST server that runs in this ChimeraX, whoever started it."""
    try:
        from chimerax.rest_server import cmd
    except ImportError:
        return None
    address = getattr(getattr(cmd, "_server", None), "server_address", None)
    return None if address is None else address[1]
