"""While a job runs, and when something comes in between."""

import itertools
import json
import os
import signal
import time
from pathlib import Path

import numpy
from chimerax.map import Volume
from chimerax.map_data import ArrayGridData

from stage import (
    FOLDER,
    QUICK,
    Heard,
    array_of,
    blob,
    hub,
    open_array,
    open_pair,
    refused,
    run,
    session,
    wait_until,
)

seeds = itertools.count(100)


def start_slow():
    """A job of many seconds on #1, a window for each voxel; returns it once it runs, and the voxels of its map.

    Twice 96 sections, since the daemon hands over so many at a time. Each has other noise: the daemon would find the
    result of the same one again.
    """
    base = numpy.concatenate([blob(48, next(seeds)) for _ in range(4)])
    open_array(base.copy(), "large")
    open_array(numpy.ones_like(base), "everywhere")
    run("volume #1 level 0.45; hide #2 models")
    run("locscale sharpen #1 mask #2 mode none window 40")
    job = hub.jobs[max(hub.jobs)]
    wait_until(lambda: job.state == "running")
    return job, base


def test_sections_appear_while_the_job_runs():
    job, base = start_slow()
    volume = job.target
    wait_until(lambda: job.ended or not numpy.array_equal(array_of(volume), base))
    assert not job.ended, "no preview before the end"
    assert volume.surfaces[0].level == 0.45
    run(f"save {FOLDER / 'preview.cxs'}")
    assert numpy.array_equal(array_of(volume), base), "a session file must not hold half a result"
    wait_until(lambda: job.ended)
    assert job.state == "done" and not numpy.array_equal(array_of(volume), base)
    run("undo")
    assert numpy.array_equal(array_of(volume), base)


def test_a_map_that_changed_is_not_overwritten():
    job, _ = start_slow()
    volume = job.target
    changed = numpy.concatenate([blob(48, 9)] * 4)
    volume.replace_data(ArrayGridData(changed, step=(1.5, 1.5, 1.5), name="changed"))
    assert "is being worked on" in refused("locscale sharpen #1 mode none")
    wait_until(lambda: job.ended)
    assert job.state == "done", job.message
    assert numpy.array_equal(array_of(volume), changed)
    assert any(m.name == "large LocScale" for m in session.models.list(type=Volume))


def test_closing_the_map_cancels_its_job():
    job, _ = start_slow()
    run("close #1")
    wait_until(lambda: job.ended)
    assert job.state == "cancelled" and job.target is None


def test_the_task_list_knows_a_job_and_cancels_it():
    job, base = start_slow()
    volume = job.target
    assert job.task in session.tasks.list() and "sharpen large #1" in str(job.task)
    job.task.terminate()
    wait_until(lambda: job.ended)
    assert job.state == "cancelled" and job.task not in session.tasks.list()
    assert numpy.array_equal(array_of(volume), base)


def test_a_killed_daemon_gives_one_warning_and_leaves_the_map():
    job, base = start_slow()
    volume = job.target
    heard = Heard()
    session.logger.add_log(heard)
    connection = json.loads(Path(os.environ["LOCSCALE_HOME"], "daemon.json").read_text())
    os.kill(connection["pid"], signal.SIGKILL)
    wait_until(lambda: job.ended and heard.warnings())
    started = time.monotonic()
    hub.queue.wait(lambda: time.monotonic() - started > 2)
    session.logger.remove_log(heard)
    assert job.state == "lost" and len(heard.warnings()) == 1, heard.warnings()
    assert "maps are as they were" in heard.warnings()[0]
    assert numpy.array_equal(array_of(volume), base)
    run("close session")
    open_pair()
    run(f"locscale sharpen #1 mask #2 {QUICK} wait true")
