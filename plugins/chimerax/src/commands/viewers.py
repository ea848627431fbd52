"""`locscale join`: what other viewers of the daemon show is shown here, too."""

from __future__ import annotations

from chimerax.core.commands import BoolArg, CmdDesc

from ..hub import hub_of
from .answer import answer


def join(session, on=True, *, wait=False, return_json=False):
    """Opens the maps that other viewers of the daemon show, now and later."""
    hub = hub_of(session)
    if not on:
        hub.shared.join(False)
        session.logger.info("Maps of other viewers are no longer opened; those that are open stay")
        return answer({"joined": False}, return_json)

    async def scene() -> None:
        await hub.daemon.connect()
        await hub.screen.ready.wait()

    def joined(_) -> None:
        names = hub.shared.join(True)
        others = [viewer["name"] for viewer in hub.screen.viewers if viewer["id"] != hub.screen.viewer]
        looking = f"; {', '.join(others)} looking on" if others else ""
        session.logger.info(f"{len(names)} maps of other viewers are opened{looking}")

    hub.ask(scene(), joined, wait)
    return answer({"joined": True}, return_json)


def _join():
    return (
        CmdDesc(optional=[("on", BoolArg)], keyword=[("wait", BoolArg)], synopsis="Show what other viewers show"),
        join,
    )


COMMANDS = {"join": _join}
