"""Which of the maps that belong together are shown."""

from __future__ import annotations

from chimerax.core.errors import UserError

from .results import Linked, results_of

CONTEXT_COLOUR = (224, 176, 64, 110)
"""Red, green, blue, opacity, 0 to 255: a see-through amber, as micelles are often drawn."""


def link_of(session, volume, what: str) -> Linked:
    """The link of a map; refuses when LocScale has made nothing of it."""
    link = results_of(session).of(volume)
    if link is None:
        raise UserError(f"{volume.name_with_id()} has no {what} yet; make it: locscale sharpen #{volume.id_string}")
    return link


def hide_all_but(link: Linked, shown) -> None:
    """Shows one of map and original."""
    for volume in (link.volume, link.part("original")):
        if volume is not None:
            volume.display = volume is shown


def toggle_original(session, link: Linked, on: bool | None = None) -> str:
    """Original or result; returns which of them is shown now."""
    original = link.part("original")
    if original is None:
        raise UserError(f"The original of {link.volume.name_with_id()} has been closed.")
    to_original = link.volume.display if on is None else on
    if to_original:
        original.position = link.volume.position
    hide_all_but(link, original if to_original else link.volume)
    return "original" if to_original else "result"


def show_context(session, link: Linked, shown: bool, threshold: float | None = None) -> None:
    """Detergent, nanodisc or membrane as a see-through surface at a probability."""
    context = link.part("context")
    if context is None:
        raise UserError(
            f"No context of {link.volume.name_with_id()} is known; find it: locscale surfer #{link.volume.id_string}"
        )
    if threshold is not None:
        rgba = tuple(c / 255 for c in CONTEXT_COLOUR)
        context.set_parameters(surface_levels=[threshold], surface_colors=[rgba])
        context.set_display_style("surface")
    context.position = link.volume.position
    context.display = shown
