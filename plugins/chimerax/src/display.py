"""Which of the maps that belong together are shown."""

from __future__ import annotations

from chimerax.core.errors import UserError

from .results import Linked, results_of

CONTEXT_COLOUR = (0.88, 0.69, 0.25)
"""Red, green, blue: amber, as micelles are often drawn."""
CONTEXT_OPACITY = 0.5
CONTEXT_THRESHOLD = 0.5
"""What all viewers begin with."""


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


def show_context(
    session, link: Linked, shown: bool, threshold: float | None = None, opacity: float | None = None
) -> None:
    """Detergent, nanodisc or membrane as a see-through surface at a probability."""
    context = link.part("context")
    if context is None:
        raise UserError(
            f"No context of {link.volume.name_with_id()} is known; find it: locscale surfer #{link.volume.id_string}"
        )
    present = context.surfaces[0] if len(context.surfaces) == 1 else None
    see_through = CONTEXT_OPACITY if opacity is None else opacity
    if present is None or threshold is not None or (opacity is not None and abs(present.rgba[3] - opacity) > 0.003):
        level = threshold if threshold is not None else CONTEXT_THRESHOLD if present is None else present.level
        context.set_parameters(surface_levels=[level], surface_colors=[(*CONTEXT_COLOUR, see_through)])
        context.set_display_style("surface")
    context.position = link.volume.position
    context.display = shown
