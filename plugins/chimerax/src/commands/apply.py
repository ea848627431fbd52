"""`locscale apply`: puts the result of a job of somebody else in place. It is what the daemon's REST bridge calls."""

from __future__ import annotations

import os

from chimerax.core.commands import CmdDesc, StringArg
from chimerax.core.errors import UserError
from chimerax.map import MapArg, Volume, volume_from_grid_data
from chimerax.map_data import ArrayGridData

import numpy

from .. import in_place
from ..arrays import fetch_array
from ..client.errors import DaemonError
from ..hub import hub_of, user_error
from ..maps import like
from ..recipes import RESULT_ORDER, first_of
from .answer import answer


def apply(session, job, *, map=None, return_json=False):
    """Returns at once; the map changes when its voxels are here."""
    hub = hub_of(session)
    identifier = job
    if job.isdigit():
        own = hub.jobs.get(int(job))
        if own is None or own.daemon_id is None:
            raise UserError(f"There is no job {job} of LocScale in this session.")
        identifier = own.daemon_id
    future = hub.worker.submit(_fetch(hub.daemon, identifier))

    def fetched(done) -> None:
        error = done.exception()
        if error is not None:
            hub.queue.post(_failed, session, identifier, error)
        else:
            hub.queue.post(_put, session, map, *done.result())

    future.add_done_callback(fetched)
    return answer({"job": identifier}, return_json)


async def _fetch(daemon, identifier: str):
    """The job, the description of its main output, its voxels, and the path of the file it was made from, if known."""
    job = await daemon.call("job.get", {"job": identifier})
    if job["state"] != "done":
        raise DaemonError(
            "job.finished", f"The job {identifier} is {job['state']}; only the result of a done one can be shown."
        )
    name = first_of(job["outputs"], RESULT_ORDER)
    if name is None:
        raise DaemonError("input.missing", f"The job {identifier} has no map that can be shown.")
    volume = await daemon.call("volume.describe", {"volume": job["outputs"][name]})
    voxels = await fetch_array(daemon, volume["id"], tuple(volume["grid"]["shape"]))
    return job, volume, voxels, await _source_path(daemon, identifier)


async def _source_path(daemon, identifier: str) -> str | None:
    """The scene of the daemon tells which map the job's result belongs to."""
    if "viewer" not in daemon.hello.get("capabilities", ()):
        return None
    try:
        scene = await daemon.call("viewer.get")
        for entry in scene["maps"]:
            if any(layer["job"] == identifier for layer in entry["layers"]):
                return (await daemon.call("volume.describe", {"volume": entry["id"]}))["path"]
    except DaemonError:
        return None
    return None


def _put(session, target, job: dict, described: dict, voxels: numpy.ndarray, path: str | None) -> None:
    grid = described["grid"]
    volume = target or _matching(session, grid, path)
    name = f"{job['recipe']} of {job['id']}"
    if volume is None:
        made = ArrayGridData(voxels, grid["origin"], grid["voxelSize"], name=described["name"])
        volume = volume_from_grid_data(made, session, show_dialog=False)
        session.logger.info(f"Opened the result of {job['id']} as {volume.name_with_id()}")
        return
    if tuple(reversed(volume.data.size)) != voxels.shape:
        session.logger.warning(
            f"{volume.name_with_id()} is on another grid than the result of {job['id']}; nothing was changed."
        )
        return
    about = {"recipe": job["recipe"], "job": job["id"], "title": name}
    link = in_place.replace(session, volume, like(volume.data, voxels), None, about, f"locscale apply {job['id']}")
    session.logger.info(
        f"{volume.name_with_id()} shows the result of {job['id']}, original kept as #{link.original.id_string}"
    )


def _matching(session, grid: dict, path: str | None):
    """The open map that was read from this path; without a path the only one on this grid."""
    maps = [m for m in session.models.list(type=Volume) if tuple(reversed(m.data.size)) == tuple(grid["shape"])]
    maps = [m for m in maps if numpy.allclose(m.data.step, grid["voxelSize"], rtol=1e-3)]
    if path is not None:
        same = [
            m for m in maps if isinstance(m.path, str) and m.path and os.path.realpath(m.path) == os.path.realpath(path)
        ]
        return same[0] if same else None
    shown = [m for m in maps if m.display]
    return shown[0] if len(shown) == 1 else None


def _failed(session, identifier: str, error: BaseException) -> None:
    sentence = str(user_error(error)) if isinstance(error, DaemonError) else f"{type(error).__name__}: {error}"
    session.logger.warning(f"The result of {identifier} cannot be shown: {sentence}")


def _apply():
    description = CmdDesc(
        required=[("job", StringArg)], keyword=[("map", MapArg)], synopsis="Put the result of a job in place"
    )
    return description, apply


COMMANDS = {"apply": _apply}
