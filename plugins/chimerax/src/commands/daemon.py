"""`locscale start`, `stop`, `status` and `settings`."""

from __future__ import annotations

from chimerax.core.commands import BoolArg, CmdDesc, OpenFileNameArg, PasswordArg, StringArg
from chimerax.core.errors import UserError

from .. import rest_server
from ..hub import hub_of, remote_endpoint
from ..settings import settings
from .answer import answer


def start(
    session,
    *,
    url=None,
    token=None,
    token_file=None,
    ca_file=None,
    program=None,
    rest=None,
    save=False,
    wait=False,
    return_json=False,
):
    """Finds or starts the daemon of this machine, or connects to one elsewhere."""
    hub = hub_of(session)
    chosen = settings(session)
    if program is not None:
        chosen.program = program
    if url is not None and url != "local":
        hub.use(remote_endpoint(url, token, token_file, ca_file))
        chosen.url, chosen.token_file, chosen.ca_file = (url, token_file or "", ca_file or "")
    elif token is not None or token_file is not None or ca_file is not None:
        raise UserError(
            "The options token, tokenFile and caFile go with the address of a daemon elsewhere: url wss://…"
        )
    elif url == "local" or (program is not None and not chosen.url):
        chosen.url = chosen.token_file = chosen.ca_file = ""
        hub.use(None)

    def connected(hello: dict) -> None:
        session.logger.info(f"LocScale daemon {hello['version']} at {hub.daemon.endpoint.name}{_engine_text(hello)}")
        if save:
            chosen.save()
        if rest:
            rest_server.start(session, hub)

    if rest is False:
        rest_server.stop(session, hub)
    hub.ask(hub.daemon.connect(autostart=True), connected, wait)
    endpoint = hub.daemon.endpoint
    return answer({"address": None if endpoint is None else endpoint.name}, return_json)


def stop(session, *, daemon=None, wait=False, return_json=False):
    """Leaves the daemon; ends it, too, when this session has started it or `daemon true` says so."""
    hub = hub_of(session)
    rest_server.stop(session, hub)
    hub.refuse_while_working()
    connected = hub.connected
    if connected and (hub.daemon.started_here if daemon is None else daemon):
        if hub.daemon.is_remote:
            raise UserError("A daemon on another machine is stopped there: locscale daemon stop")
        stopping = hub.daemon.call("daemon.shutdown", {"deadlineSeconds": 0})
        hub.ask(stopping, lambda _: (hub.disconnect(), session.logger.info("LocScale daemon stopped")), wait)
    else:
        hub.disconnect()
    return answer({"stopped": connected}, return_json)


def status(session, *, wait=False, return_json=False):
    """Daemon, its jobs and its memory; nothing is started by asking."""
    hub = hub_of(session)
    daemon = hub.daemon
    told = {}

    async def asked() -> tuple[dict, dict]:
        hello = await daemon.connect(autostart=False)
        return hello, await daemon.call("daemon.status")

    def tell(both: tuple[dict, dict]) -> None:
        hello, found = both
        told.update({"hello": hello, "status": found})
        counts = found["jobs"]
        lines = [
            f"LocScale daemon {hello['version']} at {daemon.endpoint.name}{_engine_text(hello)}",
            f"jobs: {counts['running']} running, {counts['queued']} queued, {counts['ended']} ended",
            f"memory: {_mib(found['memoryReservedBytes'])} of {_mib(found['memoryBudgetBytes'])} reserved by jobs",
            f"recipes: {', '.join(hello['recipes'])}",
        ]
        session.logger.info("\n".join(lines))

    hub.ask(asked(), tell, wait or return_json)
    return answer(told, return_json)


def change_settings(
    session, *, program=None, autostart=None, preview=None, share=None, palette=None, save=False, return_json=False
):
    """Changes defaults, or reports them."""
    chosen = settings(session)
    given = {"program": program, "autostart": autostart, "preview": preview, "share": share, "palette": palette}
    for name, value in given.items():
        if value is not None:
            setattr(chosen, name, value)
    if save:
        chosen.save()
    names = ("program", "url", "token_file", "ca_file", "autostart", "preview", "share", "palette")
    values = {name: getattr(chosen, name) for name in names}
    session.logger.info("\n".join(f"{name}: {value!r}" for name, value in values.items()))
    return answer(values, return_json)


def _engine_text(hello: dict) -> str:
    engine = hello["engine"]
    if engine["available"]:
        return f", {engine['threads']} processors"
    return f", which cannot run jobs: {engine['reason']}"


def _mib(size: float) -> str:
    return f"{size / 2**20:.0f} MiB"


def _start():
    description = CmdDesc(
        keyword=[
            ("url", StringArg),
            ("token", PasswordArg),
            ("token_file", OpenFileNameArg),
            ("ca_file", OpenFileNameArg),
            ("program", StringArg),
            ("rest", BoolArg),
            ("save", BoolArg),
            ("wait", BoolArg),
        ],
        synopsis="Find or start the LocScale daemon",
    )
    return description, start


def _stop():
    return (
        CmdDesc(keyword=[("daemon", BoolArg), ("wait", BoolArg)], synopsis="Leave the LocScale daemon, or stop it"),
        stop,
    )


def _status():
    return (CmdDesc(keyword=[("wait", BoolArg)], synopsis="Report daemon and jobs of LocScale"), status)


def _settings():
    description = CmdDesc(
        keyword=[
            ("program", StringArg),
            ("autostart", BoolArg),
            ("preview", BoolArg),
            ("share", BoolArg),
            ("palette", StringArg),
            ("save", BoolArg),
        ],
        synopsis="Report or change defaults of LocScale",
    )
    return description, change_settings


COMMANDS = {"start": _start, "stop": _stop, "status": _status, "settings": _settings}
