"""`locscale network list` and `import`: the networks of the daemon."""

from __future__ import annotations

import os

from chimerax.core.commands import BoolArg, CmdDesc, OpenFileNameArg, StringArg

from ..hub import hub_of
from .answer import answer

PURPOSES = {"maps": "predicts maps", "context": "finds detergent, nanodiscs and membranes"}


def network_list(session, *, wait=False, return_json=False):
    """The networks that are there, with licence and training data."""
    found = []

    def tell(networks: list) -> None:
        found.extend(networks)
        session.logger.info("\n".join(map(_line, networks)) or "No networks yet: locscale network import FILE")

    hub = hub_of(session)
    hub.ask(hub.daemon.call("network.list"), tell, wait or return_json)
    return answer(found, return_json, [network["name"] for network in found])


def network_import(session, file_name, *, name=None, replace=False, wait=False, return_json=False):
    """Imports weights (Keras HDF5, PyTorch .pt, ONNX)."""
    path = os.path.abspath(os.path.expanduser(file_name))
    request = {"path": path, "replace": replace, **({} if name is None else {"name": name})}
    hub = hub_of(session)
    hub.ask(hub.daemon.call("network.import", request), lambda network: session.logger.info(_line(network)), wait)
    return answer({"importing": path}, return_json)


def _line(network: dict) -> str:
    facts = [
        "comes with the program" if network["embedded"] else f"imported {network['importedAt'][:10]}",
        PURPOSES[network["purpose"]],
        f"{network['parameters']:,} weights",
        *(network[key] for key in ("licence", "trainingData") if network[key] is not None),
    ]
    return f"{network['name']}: {'; '.join(facts)}"


def _list():
    return CmdDesc(keyword=[("wait", BoolArg)], synopsis="List the networks that LocScale has"), network_list


def _import():
    description = CmdDesc(
        required=[("file_name", OpenFileNameArg)],
        keyword=[("name", StringArg), ("replace", BoolArg), ("wait", BoolArg)],
        synopsis="Import a network from a file",
    )
    return description, network_import


COMMANDS = {"network list": _list, "network import": _import}
