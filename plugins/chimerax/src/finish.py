"""What becomes of the maps that a job brought."""

from __future__ import annotations

import weakref

from chimerax.core.errors import UserError

from . import in_place
from .display import hide_all_but, show_context
from .job import Job, Result
from .log import duration, report
from .recipes import CONFIDENCE_OUTPUTS, CONTEXT_OUTPUTS, first_of
from .results import Linked, results_of

VERBS = {"no-reference": "Sharpened", "feature-enhance": "Enhanced", "surfer": "Cleaned"}


def finish(session, job: Job, result: Result) -> None:
    """Puts the result in place or beside, its confidence and context with it, and says so in one line."""
    if result.main is None:
        raise UserError(
            f"the daemon gave no map that can be shown, only {', '.join(result.job['outputs']) or 'nothing'}"
        )
    volume = job.target
    about = {
        "recipe": job.request.recipe,
        "parameters": dict(job.request.parameters),
        "job": job.daemon_id,
        "output": result.main,
        "title": job.title,
    }
    grid = result.voxels[result.main]
    kept_level = None if volume is None else _only_level(volume)
    changes_level = result.level is not None and result.level != kept_level
    verb = VERBS.get(job.request.recipe, "Sharpened")
    if volume is None:
        raise UserError("the map has been closed; the result is kept by the daemon: locscale save, or locscale apply")
    if job.options["replace"] and volume.data is job.base:
        link = in_place.replace(session, volume, grid, result.level, about, f"locscale {job.request.recipe}")
        original = link.part("original")
        line = f"{verb} {volume.name_with_id()} ({_facts(job, result)}), original kept as #{original.id_string}"
    else:
        if job.options["replace"]:
            session.logger.warning(
                f"{volume.name_with_id()} has changed while job {job.number} ran; it stays, the result is a new map."
            )
        shown = in_place.add_beside(session, volume, grid, f"{volume.name} LocScale", shown=True)
        if job.options.get("modelId") is not None:
            session.models.assign_id(shown, job.options["modelId"])
        if result.level is not None and len(shown.surfaces) == 1:
            shown.set_parameters(surface_levels=[result.level])
        link = results_of(session).target(shown)
        link.original, link.about = volume, about
        hide_all_but(link, shown)
        line = f"{verb} {volume.name_with_id()} as #{shown.id_string} ({_facts(job, result)})"
    job.models = [weakref.ref(link.volume)]
    if changes_level and len(link.volume.surfaces) == 1:
        line += f"; contour level {kept_level:.3g} would show another volume, now {result.level:.3g}"
    _add_parts(session, job, result, link)
    report(session, line, (f"locscale toggle #{link.volume.id_string} original", "original"))


def _add_parts(session, job: Job, result: Result, link: Linked) -> None:
    """Confidence and context come as hidden maps, or replace the ones from a run before."""
    confidence = first_of(result.voxels, CONFIDENCE_OUTPUTS)
    if confidence is not None:
        link.confidence = in_place.part(session, link, "confidence", result.voxels[confidence])
        job.models.append(weakref.ref(link.confidence))
        if link.coloured or job.options.get("colour"):
            from .confidence import colour

            colour(session, link)
    context = first_of(result.voxels, CONTEXT_OUTPUTS)
    if context is not None:
        link.context = in_place.part(session, link, "context", result.voxels[context])
        job.models.append(weakref.ref(link.context))
        show_context(session, link, True, job.request.parameters.get("threshold", 0.5))


def _only_level(volume) -> float | None:
    return volume.surfaces[0].level if len(volume.surfaces) == 1 else None


def _facts(job: Job, result: Result) -> str:
    seconds = sum(result.job["timings"].values())
    named = job.request.parameters.get("network")
    network = "" if named is None else f", network {named}"
    return f"{job.request.recipe}{network}, {duration(seconds)}, job {job.number}"
