"""What all viewers of the daemon show, as this one knows it: docs/viewers.md."""

from __future__ import annotations

import asyncio
from typing import Callable

from .daemon import Daemon
from .errors import DaemonError

SHOWN_ROLES = ("original", "result")


class Screen:
    """Keeps up with the scene of a daemon. All calls run in the worker's loop.

    `changed(map)` hears of maps that another viewer, or the daemon, has changed; `removed(id)` of those that are gone.
    """

    def __init__(self, daemon: Daemon, changed: Callable[[dict], None], removed: Callable[[str], None]):
        self._daemon = daemon
        self._changed = changed
        self._removed = removed
        self.viewer: str | None = None
        self.viewers: list[dict] = []
        self.maps: dict[str, dict] = {}
        self.ready = asyncio.Event()
        """Set once the scene is known."""

    @property
    def offered(self) -> bool:
        """Whether the daemon has a scene at all."""
        return "viewer" in self._daemon.hello.get("capabilities", ())

    async def attach(self, name: str) -> None:
        """Makes this viewer known on a new connection and takes the scene as it is then."""
        if not self.offered:
            return
        answer = await self._daemon.call("viewer.attach", {"kind": "chimerax", "name": name})
        self.viewer = answer["viewer"]["id"]
        self.viewers = await self._daemon.call("viewer.list")
        before, self.maps = self.maps, {entry["id"]: entry for entry in answer["scene"]["maps"]}
        for gone in before.keys() - self.maps.keys():
            self._removed(gone)
        self.ready.set()
        for entry in self.maps.values():
            self._changed(entry)

    def notified(self, method: str, params: dict) -> None:
        """Takes any notification of the daemon."""
        if method != "viewer.changed":
            return
        if params["viewers"] is not None:
            self.viewers = params["viewers"]
        for entry in params["maps"]:
            if self._take(entry) and params["viewer"] != self.viewer:
                self._changed(entry)
        for gone in params["removed"]:
            if self.maps.pop(gone, None) is not None:
                self._removed(gone)

    async def change(self, method: str, params: dict) -> dict | None:
        """One of the calls that answer with the map as it is then; None when the map is no longer on the screen."""
        try:
            entry = await self._daemon.call(method, params)
        except DaemonError as error:
            if error.kind in ("viewer.not-shown", "volume.unknown"):
                return None
            raise
        self._take(entry)
        return entry

    def others(self) -> bool:
        """Whether somebody else looks at the scene."""
        return any(viewer["id"] != self.viewer for viewer in self.viewers)

    def _take(self, entry: dict) -> bool:
        """Keeps the newer state of a map; answers and notifications may cross."""
        known = self.maps.get(entry["id"])
        if known is not None and known["revision"] > entry["revision"]:
            return False
        self.maps[entry["id"]] = entry
        return True


def layer_of(entry: dict, name: str) -> dict | None:
    return next((layer for layer in entry["layers"] if layer["name"] == name), None)


def role_of(entry: dict, role: str) -> dict | None:
    """The newest layer of a role."""
    return next((layer for layer in reversed(entry["layers"]) if layer["role"] == role), None)


def density_of(entry: dict) -> dict | None:
    """The density that is looked at; None when all are hidden."""
    return next((layer for layer in entry["layers"] if layer["role"] in SHOWN_ROLES and layer["visible"]), None)


def result_of(entry: dict) -> dict | None:
    """The result that is worked with."""
    shown = density_of(entry)
    chosen = shown if shown is not None and shown["role"] == "result" else layer_of(entry, entry["active"])
    return chosen if chosen is not None and chosen["role"] == "result" else None


def volumes_of(entry: dict) -> set[str]:
    return {layer["volume"] for layer in entry["layers"]}
