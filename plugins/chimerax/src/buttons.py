"""Toolbar and presets: each runs a command, which the log shows."""

from __future__ import annotations

from chimerax.core.commands import run
from chimerax.core.errors import UserError
from chimerax.map import Volume

from .results import results_of

BUTTONS = {
    "LocScale panel": "ui tool show LocScale",
    "Sharpen": "locscale sharpen #{}",
    "Original": "locscale toggle #{} original",
    "Confidence": "locscale toggle #{} confidence",
    "Context": "locscale toggle #{} context",
}
PRESETS = {
    "result": "locscale toggle #{} original on false",
    "original map": "locscale toggle #{} original on true",
    "confidence colours": "locscale toggle #{} confidence on true",
    "context shown": "locscale toggle #{} context on true",
    "context hidden": "locscale toggle #{} context on false",
}


def run_button(session, name: str) -> None:
    run(session, BUTTONS[name].format(_current_map(session).id_string) if "{}" in BUTTONS[name] else BUTTONS[name])


def run_preset(session, name: str, manager) -> None:
    """For all maps that LocScale has made something of."""
    links = results_of(session).all()
    if not links:
        raise UserError("No map of LocScale is open; make one: locscale sharpen #1")
    manager.execute("\n".join(PRESETS[name].format(link.volume.id_string) for link in links))


def _current_map(session):
    """The map that a button means: the selected one, else the only one that is shown."""
    maps = session.models.list(type=Volume)
    for chosen in ([m for m in maps if m.selected], [m for m in maps if m.display and m.visible]):
        if len(chosen) == 1:
            return chosen[0]
    raise UserError(
        f"{len(maps)} maps are open and more or fewer than one of them is shown; select the one that is meant."
    )
