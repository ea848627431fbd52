"""`locscale network list` and `import`: the program's own commands, with their words in the log."""

from __future__ import annotations

import json
import os

from chimerax.core.commands import CmdDesc, OpenFileNameArg, StringArg
from chimerax.core.errors import NonChimeraError, UserError

from ..client.errors import DaemonError
from ..client.launch import find_program, run_program
from ..hub import hub_of, user_error
from ..settings import settings
from .answer import answer

LIST_SECONDS = 60.0
IMPORT_SECONDS = 600.0


def network_list(session, *, return_json=False):
    """The networks that are there, with licence and training data."""
    found = json.loads(_program(session, LIST_SECONDS, "network", "list", "--json"))
    networks = found.get("networks", [])
    if not networks:
        session.logger.info("No networks yet; import one: locscale network import FILE")
    for network in networks:
        facts = ", ".join(str(network[key]) for key in ("licence", "trainingData") if network.get(key))
        session.logger.info(f"{network['name']}{': ' + facts if facts else ''}")
    return answer(networks, return_json, [network["name"] for network in networks])


def network_import(session, file_name, *, name=None, return_json=False):
    """Imports weights (Keras HDF5, PyTorch .pt, ONNX); returns at once, the log tells when it is done."""
    path = os.path.abspath(os.path.expanduser(file_name))
    words = ["network", "import", path, *(["--name", name] if name else [])]
    hub = hub_of(session)
    future = _start(session, IMPORT_SECONDS, *words)

    def imported(done) -> None:
        error = done.exception()
        if error is not None:
            hub.queue.post(session.logger.warning, f"{path} was not imported: {error}")
        else:
            code, out, complaint = done.result()
            text = out.strip() if code == 0 else complaint.strip()
            hub.queue.post(session.logger.info if code == 0 else session.logger.warning, text)

    future.add_done_callback(imported)
    return answer({"importing": path}, return_json)


def _program(session, seconds: float, *words: str) -> str:
    try:
        code, out, complaint = _start(session, seconds, *words).result(seconds + 5)
    except TimeoutError:
        raise NonChimeraError(f"`locscale {' '.join(words)}` did not end within {seconds:.0f} s.") from None
    if code != 0:
        raise UserError(complaint.strip() or f"locscale {' '.join(words)} ended with exit code {code}")
    return out


def _start(session, seconds: float, *words: str):
    hub = hub_of(session)
    if hub.daemon.is_remote:
        raise UserError("Networks of a daemon on another machine are managed there: locscale network")
    try:
        program = find_program(settings(session).program or None)
    except DaemonError as error:
        raise user_error(error) from None
    return hub.worker.submit(run_program(program, *words, seconds=seconds))


def _list():
    return CmdDesc(synopsis="List the networks that LocScale has"), network_list


def _import():
    description = CmdDesc(
        required=[("file_name", OpenFileNameArg)],
        keyword=[("name", StringArg)],
        synopsis="Import a network from a file",
    )
    return description, network_import


COMMANDS = {"network list": _list, "network import": _import}
