"""Colours by confidence, with a key."""

from __future__ import annotations

from chimerax.core.commands import run
from chimerax.core.errors import UserError

from .results import Linked
from .settings import settings

PALETTE = "-95,#0033ff:-80,#00ffff:0,#00c000:80,#ffff00:95,#ff0000"
"""pVDDT from -100 to 100: blue where the enhancement holds density back, green where it agrees, red where it adds."""
KEY_LOOK = " pos 0.56,0.1 size 0.4,0.03 fontSize 16 numericLabelSpacing equal"
"""Low on the right; stops at equal distances, since their numbers would run into each other."""


def colour(session, link: Linked, palette: str | None = None, key: bool = True, by=None) -> None:
    """Colours the surfaces of a map by its confidence map; new contour levels are coloured, too."""
    confidence = by or link.part("confidence")
    if confidence is None:
        raise UserError(
            f"No confidence of {link.volume.name_with_id()} is known; make it: locscale fem #{link.volume.id_string}"
        )
    if not link.volume.surfaces:
        raise UserError(f"{link.volume.name_with_id()} shows no surface that could be coloured.")
    # Colours need triangles, which a map that was never drawn does not have.
    link.volume.update_drawings()
    chosen = palette or settings(session).palette or PALETTE
    stops = stops_of(chosen)
    # A named palette has no values of its own; its colours go over the whole range, and only ChimeraX knows its key.
    words = "" if stops is not None else f" range full key {str(key).lower()}"
    run(session, f"color sample #{link.volume.id_string} map #{confidence.id_string} palette {chosen}{words}")
    if key and stops is not None:
        run(session, "key " + " ".join(f"{colour}:{value:g}" for value, colour in stops) + KEY_LOOK)
    link.confidence, link.coloured = confidence, True


def plain(session, link: Linked) -> None:
    """One colour again, the one that the map had."""
    for surface in link.volume.surfaces:
        r, g, b, a = (round(255 * c) for c in surface.rgba)
        run(session, f"color #{surface.id_string} #{r:02x}{g:02x}{b:02x}{a:02x}")
    run(session, "key delete")
    link.coloured = False


def stops_of(palette: str) -> list[tuple[float, str]] | None:
    """Values and colours of a palette given as `value,colour:value,colour…`; None of a named one."""
    stops = [stop.split(",") for stop in palette.split(":")]
    try:
        return [(float(value), colour) for value, colour in stops]
    except ValueError:
        return None
