"""`locscale sharpen` and `locscale fem`."""

from __future__ import annotations

from chimerax.atomic import AtomicStructureArg
from chimerax.core.commands import BoolArg, Bounded, CmdDesc, EnumOf, FloatArg, IntArg, ModelIdArg, Or
from chimerax.core.commands import PositiveFloatArg, StringArg
from chimerax.core.errors import UserError
from chimerax.map import MapArg, MapRegionArg, MapsArg

from ..finish import finish
from ..hub import hub_of
from ..maps import box_of, check_map, check_same_grid, source_of, whole
from ..recipes import CONFIDENCE_OUTPUTS, MODES, RECIPE_OF_MODE, RESULT_ORDER, UNUSED, Request, mode_of
from ..results import results_of
from ..settings import settings
from ..structures import model_source
from .answer import job_answer


def sharpen(
    session,
    volume,
    *,
    half_maps=None,
    model=None,
    reference=None,
    mode="auto",
    mask=None,
    symmetry=None,
    region=None,
    resolution=None,
    window=None,
    bfactor=None,
    replace=True,
    model_id=None,
    level="auto",
    preview=None,
    wait=False,
    return_json=False,
):
    """Sharpens a map locally: its amplitudes in a window around each voxel become those of a reference."""
    try:
        chosen = mode_of(mode, model is not None, reference is not None)
    except ValueError as error:
        raise UserError(str(error)) from None
    if bfactor is not None and chosen != "none":
        raise UserError("The option bfactor is for mode none, which brings all windows to one B-factor.")
    for name, value in (("resolution", resolution), ("symmetry", symmetry)):
        if value is not None and name in UNUSED.get(RECIPE_OF_MODE[chosen], ()):
            raise UserError(f"Mode {chosen} does not use the option {name}; leave it out, or choose another mode.")
    inputs, base, box, about = map_inputs(session, volume, half_maps, mask, region)
    if reference is not None:
        check_second(volume, reference, "reference map")
        inputs["reference"] = source_of(reference, box=box)
    if model is not None:
        inputs["model"] = model_source(model, volume)
    parameters = {
        "symmetry": _group(symmetry),
        "resolution": resolution,
        "windowSize": window,
        "targetBfactor": bfactor,
    }
    job = hub_of(session).start(
        volume,
        base,
        box,
        Request(
            RECIPE_OF_MODE[chosen], inputs, {name: value for name, value in parameters.items() if value is not None}
        ),
        f"sharpen {volume.name_with_id()}{about}",
        (*RESULT_ORDER, *CONFIDENCE_OUTPUTS),
        finish,
        options(session, volume, replace, model_id, level, preview),
        wait,
    )
    return job_answer(job, return_json)


def fem(
    session,
    volume,
    *,
    half_maps=None,
    mask=None,
    symmetry=None,
    region=None,
    network=None,
    samples=None,
    seed=None,
    colour=True,
    replace=True,
    model_id=None,
    level="auto",
    wait=False,
    return_json=False,
):
    """Makes a feature-enhanced map by a network, and says how sure the network is of it."""
    inputs, base, box, about = map_inputs(session, volume, half_maps, mask, region)
    parameters = {"symmetry": _group(symmetry), "network": network, "passes": samples, "seed": seed}
    chosen = options(session, volume, replace, model_id, level, None)
    chosen["colour"] = colour
    job = hub_of(session).start(
        volume,
        base,
        box,
        Request("feature-enhance", inputs, {name: value for name, value in parameters.items() if value is not None}),
        f"enhance {volume.name_with_id()}{about}",
        ("enhanced", "fem", *CONFIDENCE_OUTPUTS),
        finish,
        chosen,
        wait,
    )
    return job_answer(job, return_json)


def map_inputs(session, volume, half_maps, mask, region):
    """Inputs that all recipes share; also what is replaced, the part to compute, and words for the title."""
    check_map(volume)
    base, about = volume.data, ""
    grid = base
    link = results_of(session).of(volume)
    if link is not None and link.volume is volume and link.part("original") is not None:
        # Once more: from the original again, not from what an earlier run made of it.
        grid = link.part("original").data
        about = f" from its original #{link.part('original').id_string}"
    box = box_of(volume, region)
    if region is None and tuple(volume.region[0] + volume.region[1]) != box.first + box.last:
        about += ", the whole map although a part is shown (region shown: that part alone)"
    if half_maps is not None:
        if len(half_maps) != 2:
            raise UserError(f"Two half maps are needed, got {len(half_maps)}; for instance: halfMaps #1,2")
        for half in half_maps:
            check_second(volume, half, "half map")
        sources = [source_of(half, grid if half is volume else None, box) for half in half_maps]
        inputs = {"halfMaps": sources}
    else:
        inputs = {"map": source_of(volume, grid, box)}
    if mask is not None:
        check_second(volume, mask, "mask")
        inputs["mask"] = source_of(mask, box=box)
    if box != whole(grid):
        about += f", voxels {','.join(map(str, box.first + box.last))}"
    return inputs, base, box, about


def check_second(volume, other, what: str) -> None:
    check_map(other)
    check_same_grid(volume, other, what)
    if not volume.scene_position.same(other.scene_position):
        volume.session.logger.warning(
            f"{other.name_with_id()} has been moved against {volume.name_with_id()} on the screen; LocScale takes both "
            "where their files put them. To use the place on the screen: volume resample "
            f"#{other.id_string} onGrid #{volume.id_string}"
        )


def options(session, volume, replace, model_id, level, preview) -> dict:
    """Options of a job. `level`: the present one when the result's is to fit it; `fixedLevel`: the one asked for."""
    if model_id is not None:
        replace = False
        if session.models.have_id(model_id):
            raise UserError(f"There is a model #{'.'.join(map(str, model_id))} already; choose another modelId.")
    only = volume.surfaces[0].level if len(volume.surfaces) == 1 else None
    return {
        "replace": replace,
        "modelId": model_id,
        "level": only if level == "auto" else None,
        "fixedLevel": None if level in ("auto", "keep") else level,
        "preview": replace and (settings(session).preview if preview is None else preview),
    }


def _group(symmetry) -> str | None:
    """The name of a point group as the daemon writes it; whether there is one of that name, it knows best."""
    return None if symmetry is None else symmetry.upper()


SHARED = [
    ("half_maps", MapsArg),
    ("mask", MapArg),
    ("symmetry", StringArg),
    ("region", MapRegionArg),
    ("replace", BoolArg),
    ("model_id", ModelIdArg),
    ("level", Or(EnumOf(("auto", "keep")), FloatArg)),
    ("wait", BoolArg),
]


def _sharpen():
    description = CmdDesc(
        required=[("volume", MapArg)],
        keyword=[
            *SHARED[:1],
            ("model", AtomicStructureArg),
            ("reference", MapArg),
            ("mode", EnumOf(MODES)),
            *SHARED[1:],
            ("resolution", PositiveFloatArg),
            ("window", Bounded(IntArg, min=4, max=128)),
            ("bfactor", Bounded(FloatArg, min=0)),
            ("preview", BoolArg),
        ],
        synopsis="Sharpen a map locally, in place",
    )
    return description, sharpen


def _fem():
    description = CmdDesc(
        required=[("volume", MapArg)],
        keyword=[
            *SHARED,
            ("network", StringArg),
            ("samples", Bounded(IntArg, min=2, max=1000)),
            ("seed", IntArg),
            ("colour", BoolArg),
        ],
        synopsis="Make a feature-enhanced map with confidence",
    )
    return description, fem


COMMANDS = {"sharpen": _sharpen, "fem": _fem}
