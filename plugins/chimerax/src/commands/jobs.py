"""`locscale jobs`, `cancel`, `show` and `save`."""

from __future__ import annotations

import os

from chimerax.core.commands import CmdDesc, EnumOf, Or, PositiveIntArg, SaveFileNameArg, run
from chimerax.core.errors import UserError
from chimerax.map import MapArg

from ..hub import hub_of
from ..log import duration, report
from .answer import answer


def jobs(session, *, return_json=False):
    """All jobs of this session, newest first."""
    found = sorted(hub_of(session).jobs.values(), key=lambda job: -job.number)
    others = hub_of(session).jobs_of_others()
    if not found and not others:
        session.logger.info("No jobs of LocScale in this session yet")
    for job in found:
        links = (
            [(f"locscale show {job.number}", "show")] if job.ended else [(f"locscale cancel {job.number}", "cancel")]
        )
        percent = "" if job.ended else f" {100 * job.fraction:.0f} %"
        message = f": {job.message}" if job.message else ""
        report(session, f"{job.number}  {job.state}{percent}  {job.title}{message}", *links)
    for job in others:
        links = [(f"locscale apply {job['id']}", "apply")] if job["state"] == "done" else []
        report(session, f"–  {other_state(job)}  {job['recipe']}, of another viewer: {job['id']}", *links)
    return answer([job.summary() for job in found], return_json, [job.number for job in found])


def other_state(job: dict) -> str:
    """State of a job that another viewer started, as the daemon tells it."""
    running = job["state"] == "running" and job["progress"] is not None
    return f"running {100 * job['progress']['fraction']:.0f} %" if running else job["state"]


def job_of(session, number: int):
    job = hub_of(session).jobs.get(number)
    if job is None:
        known = ", ".join(map(str, hub_of(session).jobs)) or "none yet"
        raise UserError(f"There is no job {number} of LocScale in this session; there are: {known}")
    return job


def cancel(session, which, *, return_json=False):
    """Cancels one job, or all."""
    hub = hub_of(session)
    if which == "all":
        found = [job for job in hub.jobs.values() if not job.ended]
    else:
        job = job_of(session, which)
        if job.ended:
            raise UserError(f"Job {which} of LocScale has ended already: {job.state}")
        found = [job]
    for job in found:
        hub.cancel(job)
    return answer([job.number for job in found], return_json, len(found))


def show(session, number, *, return_json=False):
    """What a job was, how it ended, and its maps on the screen."""
    job = job_of(session, number)
    lines = [f"LocScale job {number}: {job.title}", f"recipe {job.request.recipe}, {job.state}"]
    lines += [f"{name}: {value}" for name, value in job.request.parameters.items()]
    if job.ended:
        lines.append(f"took {duration(job.seconds)}")
    if job.message:
        lines.append(job.message)
    session.logger.info("\n".join(lines))
    models = [ref() for ref in job.models]
    models = [model for model in models if model is not None and not model.deleted]
    for model in models[:1]:
        run(session, f"show #{model.id_string} models", log=False)
    return answer(job.summary(), return_json)


def save(session, volume, file_name, *, return_json=False):
    """Saves a map as it is now, in the format that the name's ending tells."""
    path = os.path.abspath(os.path.expanduser(file_name))
    from chimerax.core.commands import quote_path_if_necessary

    run(session, f"save {quote_path_if_necessary(path)} models #{volume.id_string}")
    return answer({"path": path}, return_json)


def _jobs():
    return CmdDesc(synopsis="List jobs of LocScale"), jobs


def _cancel():
    description = CmdDesc(
        required=[("which", Or(EnumOf(("all",)), PositiveIntArg))], synopsis="Cancel jobs of LocScale"
    )
    return description, cancel


def _show():
    return CmdDesc(required=[("number", PositiveIntArg)], synopsis="Show one job of LocScale"), show


def _save():
    description = CmdDesc(
        required=[("volume", MapArg), ("file_name", SaveFileNameArg)], synopsis="Save a result as a map file"
    )
    return description, save


COMMANDS = {"jobs": _jobs, "cancel": _cancel, "show": _show, "save": _save}
