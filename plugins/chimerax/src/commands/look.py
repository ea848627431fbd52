"""`locscale confidence`, `toggle`, `compare` and `revert`: ways to look at results that are there."""

from __future__ import annotations

from chimerax.core.commands import Annotation, BoolArg, CmdDesc, EnumOf, NoArg, next_token, run
from chimerax.core.errors import UserError
from chimerax.map import MapArg

from .. import confidence as colours
from .. import in_place
from ..display import link_of, show_context, toggle_original
from ..hub import hub_of
from ..results import results_of
from .answer import answer


class PaletteTextArg(Annotation):
    """A palette as `color sample` takes it, kept as text: it goes into a command that is logged."""

    name = "a palette, such as rainbow or 0,red:50,white:100,blue"

    @staticmethod
    def parse(text, session):
        from chimerax.core.commands import ColormapArg

        token, _, _ = next_token(text)
        _, used, rest = ColormapArg.parse(text, session)
        return token, used, rest


def confidence(session, volume, palette=None, *, map=None, key=True, off=False, return_json=False):
    """Colours a map by confidence."""
    link = results_of(session).of(volume)
    if link is None:
        if map is None:
            raise UserError(
                f"No confidence of {volume.name_with_id()} is known; make it (locscale fem #{volume.id_string}), or "
                f"name a map of it: locscale confidence #{volume.id_string} map #2"
            )
        link = results_of(session).target(volume)
    if off:
        colours.plain(session, link)
    else:
        colours.colour(session, link, palette, key, map)
    return answer({"models": [f"#{link.volume.id_string}"], "coloured": link.coloured}, return_json)


def toggle(session, volume, what="original", *, on=None, return_json=False):
    """Original or result, context or none, confidence colours or plain."""
    if what == "original":
        state = toggle_original(session, link_of(session, volume, "original"), on)
    elif what == "context":
        link = link_of(session, volume, "context")
        context = link.part("context")
        shown = (not context.display) if on is None and context is not None else on is not False
        show_context(session, link, shown)
        state = "shown" if shown else "hidden"
    else:
        link = link_of(session, volume, "confidence")
        if (not link.coloured) if on is None else on:
            colours.colour(session, link)
        else:
            colours.plain(session, link)
        state = "coloured" if link.coloured else "plain"
    session.logger.status(f"{volume.name_with_id()}: {what} {state}" if state != what else f"{state} shown")
    return answer({"what": what, "state": state}, return_json)


def compare(session, volume, off=False, *, return_json=False):
    """Original and result side by side, or one over the other again."""
    link = link_of(session, volume, "original")
    original = link.part("original")
    if original is None:
        raise UserError(f"The original of {link.volume.name_with_id()} has been closed.")
    pair = f"#{link.volume.id_string},{original.id_string}"
    if off:
        original.position = link.volume.position
        original.display, link.volume.display = False, True
    else:
        original.display = link.volume.display = True
        run(session, f"tile {pair} columns 2 independentRotation false")
    return answer({"models": pair.split(",")}, return_json)


def revert(session, volume, *, return_json=False):
    """The original in place again; `undo` takes that back, too."""
    link = link_of(session, volume, "original")
    original = link.part("original")
    if original is None:
        raise UserError(f"The original of {link.volume.name_with_id()} has been closed.")
    running = [job for job in hub_of(session).jobs.values() if not job.ended and job.volume() is link.volume]
    if running:
        raise UserError(f"Job {running[0].number} works on {link.volume.name_with_id()}; cancel it first.")
    level = original.surfaces[0].level if len(original.surfaces) == 1 else None
    in_place.replace(session, link.volume, original.data, level, {}, "locscale revert")
    link.volume.display = True
    session.logger.info(f"{link.volume.name_with_id()} shows its original again")
    return answer({"models": [f"#{link.volume.id_string}"]}, return_json)


def _confidence():
    description = CmdDesc(
        required=[("volume", MapArg)],
        optional=[("palette", PaletteTextArg)],
        keyword=[("map", MapArg), ("key", BoolArg), ("off", NoArg)],
        synopsis="Colour a map by its confidence",
    )
    return description, confidence


def _toggle():
    description = CmdDesc(
        required=[("volume", MapArg)],
        optional=[("what", EnumOf(("original", "context", "confidence")))],
        keyword=[("on", BoolArg)],
        synopsis="Switch between original and result, context, or confidence colours",
    )
    return description, toggle


def _compare():
    description = CmdDesc(
        required=[("volume", MapArg)], keyword=[("off", NoArg)], synopsis="Show original and result side by side"
    )
    return description, compare


def _revert():
    return CmdDesc(required=[("volume", MapArg)], synopsis="Put the original back in place"), revert


COMMANDS = {"confidence": _confidence, "toggle": _toggle, "compare": _compare, "revert": _revert}
