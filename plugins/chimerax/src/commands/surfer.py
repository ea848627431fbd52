"""`locscale surfer`: finds what surrounds a membrane protein, and takes it out of a map."""

from __future__ import annotations

from chimerax.core.commands import BoolArg, Bounded, CmdDesc, FloatArg, IntArg, ModelIdArg, StringArg
from chimerax.map import MapArg, MapsArg

from ..display import link_of, show_context
from ..finish import finish
from ..hub import hub_of
from ..maps import source_of
from ..recipes import CONTEXT_OUTPUTS, Request
from ..results import results_of
from .answer import answer, job_answer
from .sharpen import check_second, map_inputs, options


def surfer(
    session,
    volume,
    *,
    target=None,
    half_maps=None,
    mask=None,
    threshold=None,
    smooth=None,
    largest=True,
    network=None,
    replace=True,
    model_id=None,
    wait=False,
    return_json=False,
):
    """The network looks at the unsharpened map; what it finds is taken out of the target: the map as it is shown."""
    inputs, _, box, about = map_inputs(session, volume, half_maps, mask, None)
    link = results_of(session).of(volume)
    shown = target or (link.volume if link is not None else volume)
    if shown is not volume:
        check_second(volume, shown, "target")
    inputs["target"] = source_of(shown)
    parameters = {"threshold": threshold, "smoothing": smooth, "network": network}
    if not largest:
        parameters["largestSegment"] = False
    job = hub_of(session).start(
        shown,
        shown.data,
        box,
        Request("surfer", inputs, {name: value for name, value in parameters.items() if value is not None}),
        f"take the context out of {shown.name_with_id()}{about}",
        ("cleaned", *CONTEXT_OUTPUTS),
        finish,
        # Same density less its surroundings: the level means what it meant.
        options(session, shown, replace, model_id, "keep", False),
        wait,
    )
    return job_answer(job, return_json)


def threshold(session, volume, value, *, return_json=False):
    """Moves the probability from which on density counts as context; the cleaned map follows, in all viewers."""
    link = link_of(session, volume, "context")
    context = link.part("context")
    show_context(session, link, context is None or context.display, value)
    shared = hub_of(session).shared.shows(link.volume)
    if not shared:
        session.logger.info(
            f"Only the surface of the context has moved: {link.volume.name_with_id()} is not shared with the daemon. "
            f"To clean it again: locscale surfer #{link.volume.id_string} threshold {value:g}"
        )
    return answer({"threshold": value, "live": shared}, return_json)


def _threshold():
    description = CmdDesc(
        required=[("volume", MapArg), ("value", Bounded(FloatArg, min=0, max=1))],
        synopsis="Move the threshold of context, live",
    )
    return description, threshold


def _surfer():
    description = CmdDesc(
        required=[("volume", MapArg)],
        keyword=[
            ("target", MapArg),
            ("threshold", Bounded(FloatArg, min=0, max=1)),
            ("half_maps", MapsArg),
            ("mask", MapArg),
            ("smooth", Bounded(IntArg, min=1, max=20)),
            ("largest", BoolArg),
            ("network", StringArg),
            ("replace", BoolArg),
            ("model_id", ModelIdArg),
            ("wait", BoolArg),
        ],
        synopsis="Find detergent, nanodisc or membrane density and take it out of a map",
    )
    return description, surfer


COMMANDS = {"surfer": _surfer, "threshold": _threshold}
