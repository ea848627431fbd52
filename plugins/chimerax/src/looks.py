"""How a map looks here, in the words that viewers share; and making it look as another viewer says."""

from __future__ import annotations

from dataclasses import dataclass

from . import confidence, in_place
from .client.screen import density_of, layer_of, result_of, role_of
from .display import hide_all_but, show_context
from .results import Linked, results_of

LEVEL_TOLERANCE = 1e-5
"""Relative: levels travel as decimal numbers."""
OPACITY_TOLERANCE = 0.003
"""Colours have 256 steps here."""


@dataclass(frozen=True)
class Looks:
    """What is shown of a map: None for what it does not have, or what is at each viewer's choice."""

    density: str | None
    """`original`, `result`, or nothing."""
    level: float | None
    opacity: float | None
    context: bool | None
    threshold: float | None
    coloured: bool | None


def looks_of(session, volume) -> Looks:
    """A map as it is shown in this ChimeraX."""
    link = results_of(session).of(volume)
    original = None if link is None else link.part("original")
    if link is None or original is None:
        density, shown = ("original" if volume.display else None), volume
    elif link.volume.display:
        density, shown = "result", link.volume
    else:
        density, shown = ("original" if original.display else None), original
    only = shown.surfaces[0] if len(shown.surfaces) == 1 else None
    context = None if link is None else link.part("context")
    return Looks(
        density,
        None if only is None else only.level,
        None if only is None else only.rgba[3],
        None if context is None else context.display,
        context.surfaces[0].level if context is not None and len(context.surfaces) == 1 else None,
        None if link is None or link.part("confidence") is None else link.coloured,
    )


def looks_in(entry: dict) -> Looks:
    """A map as the daemon's scene has it."""
    shown, context, result = (density_of(entry), role_of(entry, "context"), result_of(entry))
    level = None if shown is None else shown["level"]
    return Looks(
        None if shown is None else shown["role"],
        level["value"] if level is not None and level["kind"] == "absolute" else None,
        None if shown is None else shown["opacity"],
        None if context is None else context["visible"],
        None if context is None else context["threshold"],
        None if role_of(entry, "confidence") is None else _coloured_by(result) is not None,
    )


def calls_for(now: Looks, before: Looks, entry: dict) -> list[tuple[str, dict]]:
    """What to tell the daemon of what has changed here."""
    volume, calls = entry["id"], []

    def switch(what: str, on: bool) -> None:
        calls.append(("viewer.toggle", {"volume": volume, "what": what, "on": on}))

    if now.density != before.density:
        shown = density_of(entry)
        if now.density is None:
            calls += [] if shown is None else [("viewer.show", {"volume": shown["volume"], "visible": False})]
        elif result_of(entry) is not None:
            switch("original", now.density == "original")
        else:
            calls.append(("viewer.show", {"volume": volume, "visible": True}))
    layer = result_of(entry) if now.density == "result" else layer_of(entry, "original")
    if layer is not None and now.density is not None:
        if _differ(now.level, before.level, LEVEL_TOLERANCE):
            level = {"kind": "absolute", "value": now.level}
            calls.append(("viewer.level", {"volume": layer["volume"], "level": level}))
        if (
            now.opacity is not None
            and before.opacity is not None
            and abs(now.opacity - before.opacity) > OPACITY_TOLERANCE
        ):
            calls.append(("viewer.show", {"volume": layer["volume"], "opacity": round(now.opacity, 3)}))
    context = role_of(entry, "context")
    if context is not None:
        if now.context is not None and now.context != before.context:
            switch("context", now.context)
        if _differ(now.threshold, before.threshold, LEVEL_TOLERANCE):
            calls.append(("viewer.level", {"volume": context["volume"], "threshold": now.threshold}))
    if role_of(entry, "confidence") is not None and now.coloured is not None and now.coloured != before.coloured:
        switch("confidence", now.coloured)
    return calls


def with_own(entry: dict, now: Looks, before: Looks) -> dict:
    """The scene's map with what was changed here since all showed the same, and is only now being told."""
    entry = {**entry, "layers": [dict(layer) for layer in entry["layers"]]}
    context, result, original = role_of(entry, "context"), result_of(entry), layer_of(entry, "original")
    if context is not None and now.threshold is not None and now.threshold != before.threshold:
        context["threshold"] = now.threshold
    if context is not None and now.context is not None and now.context != before.context:
        context["visible"] = now.context
    if now.density != before.density:
        for name, layer in (("result", result), ("original", original)):
            if layer is not None:
                layer["visible"] = now.density == name
    return entry


def needed(entry: dict) -> list[dict]:
    """The layers whose voxels are needed to show a map here, besides the original."""
    result, context = result_of(entry), role_of(entry, "context")
    coloured = _coloured_by(result)
    colour = next((layer for layer in entry["layers"] if layer["volume"] == coloured), None)
    return [
        layer for layer in (result, context if context and context["visible"] else None, colour) if layer is not None
    ]


def apply(session, volume, entry: dict, grids: dict, levels: dict) -> None:
    """Makes a map look as the scene says.

    `grids`: voxels by volume, of those that this map does not show yet; `levels`: levels by volume.
    """
    link = _with_result(session, volume, entry, grids, levels)
    shown = density_of(entry)
    if link is None:
        volume.display = shown is not None
        _draw(volume, shown, levels)
        return
    original = link.part("original")
    if original is not None:
        original.position = link.volume.position
        hide_all_but(link, original if shown is not None and shown["role"] == "original" else link.volume)
    if shown is None:
        hide_all_but(link, None)
    _draw(original if shown is not None and shown["role"] == "original" else link.volume, shown, levels)
    _apply_context(session, link, role_of(entry, "context"), grids)
    _apply_colour(session, link, result_of(entry), grids)


def _with_result(session, volume, entry: dict, grids: dict, levels: dict) -> Linked | None:
    """The link of the map, with the voxels of the scene's result in it."""
    link = results_of(session).of(volume)
    result = result_of(entry)
    grid = None if result is None else grids.get(result["volume"])
    if grid is None:
        return link if link is not None and link.part("original") is not None else None
    level = levels.get(result["volume"])
    if link is None or link.part("original") is None:
        about = {"job": result["job"], "output": result["name"], "title": f"{result['name']} of another viewer"}
        return in_place.replace(session, volume, grid, level, about, "locscale result")
    in_place.preview(link.volume, grid)
    if level is not None and len(link.volume.surfaces) == 1:
        link.volume.set_parameters(surface_levels=[level])
    return link


def _draw(volume, layer: dict | None, levels: dict) -> None:
    """Level and opacity of a density."""
    if layer is None or len(volume.surfaces) != 1:
        return
    surface = volume.surfaces[0]
    level = levels.get(layer["volume"])
    if level is not None and _differ(level, surface.level, LEVEL_TOLERANCE):
        volume.set_parameters(surface_levels=[level])
    if abs(surface.rgba[3] - layer["opacity"]) > OPACITY_TOLERANCE:
        volume.set_parameters(surface_colors=[(*surface.rgba[:3], layer["opacity"])])
    plain = (layer["colour"] or {}).get("plain")
    if plain is not None:
        red, green, blue = (int(plain[at : at + 2], 16) / 255 for at in (1, 3, 5))
        volume.set_parameters(surface_colors=[(red, green, blue, layer["opacity"])])


def _apply_context(session, link: Linked, layer: dict | None, grids: dict) -> None:
    if layer is None:
        return
    grid = grids.get(layer["volume"])
    if grid is not None:
        link.context = in_place.part(session, link, "context", grid)
    context = link.part("context")
    if context is None:
        return
    present = context.surfaces[0].level if len(context.surfaces) == 1 else None
    changed = _differ(layer["threshold"], present, LEVEL_TOLERANCE)
    show_context(session, link, layer["visible"], layer["threshold"] if changed else None, layer["opacity"])


def _apply_colour(session, link: Linked, result: dict | None, grids: dict) -> None:
    by = _coloured_by(result)
    if by is None:
        if link.coloured:
            confidence.plain(session, link)
        return
    grid = grids.get(by)
    if grid is not None:
        link.confidence = in_place.part(session, link, "confidence", grid)
    if link.part("confidence") is not None and (grid is not None or not link.coloured) and link.volume.surfaces:
        confidence.colour(session, link)


def _coloured_by(layer: dict | None) -> str | None:
    return None if layer is None or layer["colour"] is None else layer["colour"]["by"]


def _differ(now: float | None, before: float | None, tolerance: float) -> bool:
    if now is None:
        return False
    return before is None or abs(now - before) > tolerance * max(abs(now), abs(before))
