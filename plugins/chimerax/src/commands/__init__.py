"""The commands of the bundle; docs/user/commands/locscale.html says what they do."""

from __future__ import annotations

from importlib import import_module

MODULE_OF = {
    "sharpen": "sharpen",
    "fem": "sharpen",
    "surfer": "surfer",
    "threshold": "surfer",
    "confidence": "look",
    "toggle": "look",
    "compare": "look",
    "revert": "look",
    "jobs": "jobs",
    "cancel": "jobs",
    "show": "jobs",
    "apply": "apply",
    "save": "jobs",
    "start": "daemon",
    "stop": "daemon",
    "status": "daemon",
    "join": "viewers",
    "settings": "daemon",
    "network list": "network",
    "network import": "network",
}


def register(name: str, logger) -> None:
    """Registers one declared command, at its first use."""
    from chimerax.core.commands import register as register_command

    words = name.removeprefix("locscale ")
    module = import_module(f".{MODULE_OF[words]}", __name__)
    description, function = module.COMMANDS[words]()
    register_command(name, description, function, logger=logger)
