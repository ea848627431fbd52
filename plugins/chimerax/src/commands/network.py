"""`locscale network list` and `import`: the program's own commands, with their words in the log."""

from __future__ import annotations

import json
import os

from chimerax.core.commands import BoolArg, CmdDesc, OpenFileNameArg, StringArg
from chimerax.core.errors import UserError

from ..client.errors import DaemonError
from ..client.launch import find_program, run_program
from ..hub import hub_of, user_error
from ..settings import settings
from .answer import answer

LIST_SECONDS = 60.0
IMPORT_SECONDS = 600.0


def network_list(session, *, wait=False, return_json=False):
    """The networks that are there, with licence and training data."""
    found = []

    def tell(output: str) -> None:
        found.extend(json.loads(output).get("networks", []))
        if not found:
            session.logger.info("No networks yet; import one: locscale network import FILE")
        for network in found:
            facts = ", ".join(str(network[key]) for key in ("licence", "trainingData") if network.get(key))
            session.logger.info(f"{network['name']}{': ' + facts if facts else ''}")

    hub_of(session).ask(_program(session, LIST_SECONDS, "list", "--json"), tell, wait or return_json)
    return answer(found, return_json, [network["name"] for network in found])


def network_import(session, file_name, *, name=None, wait=False, return_json=False):
    """Imports weights (Keras HDF5, PyTorch .pt, ONNX)."""
    path = os.path.abspath(os.path.expanduser(file_name))
    words = ["import", path, *(["--name", name] if name else [])]
    imported = _program(session, IMPORT_SECONDS, *words)
    hub_of(session).ask(imported, lambda output: session.logger.info(output.strip()), wait)
    return answer({"importing": path}, return_json)


async def _output_of(program: str, seconds: float, words: tuple[str, ...]) -> str:
    """What `locscale network …` prints; what it complains of is the error."""
    code, output, complaint = await run_program(program, "network", *words, seconds=seconds)
    if code != 0:
        raise DaemonError("network.refused", complaint.strip() or f"locscale network ended with exit code {code}")
    return output


def _program(session, seconds: float, *words: str):
    if hub_of(session).daemon.is_remote:
        raise UserError("Networks of a daemon on another machine are managed there: locscale network")
    try:
        program = find_program(settings(session).program or None)
    except DaemonError as error:
        raise user_error(error) from None
    return _output_of(program, seconds, words)


def _list():
    return CmdDesc(keyword=[("wait", BoolArg)], synopsis="List the networks that LocScale has"), network_list


def _import():
    description = CmdDesc(
        required=[("file_name", OpenFileNameArg)],
        keyword=[("name", StringArg), ("wait", BoolArg)],
        synopsis="Import a network from a file",
    )
    return description, network_import


COMMANDS = {"network list": _list, "network import": _import}
