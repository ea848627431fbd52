"""A result in the place of its map: what stays, what comes back, what is computed."""

import numpy
from chimerax.locscale.results import results_of
from chimerax.map import Volume

from stage import (
    FOLDER,
    QUICK,
    array_of,
    ball,
    blob,
    hub,
    numbered,
    open_array,
    open_pair,
    refused,
    run,
    session,
    wait_until,
)


def test_in_place_keeps_id_level_colour_and_the_original():
    volume = open_pair()
    before, surface = array_of(volume), volume.surfaces[0]
    looks = surface.rgba, volume.region, volume.name
    run(f"locscale sharpen #1 mask #2 {QUICK} level keep wait true")
    link = results_of(session).of(volume)
    assert volume.id == (1,) and session.models.list(type=Volume)[0] is volume
    assert surface.level == 0.45 and (surface.rgba, volume.region, volume.name) == looks
    after = array_of(volume)
    assert not numpy.array_equal(before, after)
    assert numpy.array_equal(after != 0, ball(40) > 0) or (after[ball(40) == 0] == 0).all()
    assert numpy.array_equal(array_of(link.original), before) and not link.original.display
    run("undo")
    assert numpy.array_equal(array_of(volume), before) and len(session.models.list(type=Volume)) == 2
    run("redo")
    assert numpy.array_equal(array_of(volume), after) and len(session.models.list(type=Volume)) == 3
    run("locscale revert #1")
    assert numpy.array_equal(array_of(volume), before)
    run("undo")
    assert numpy.array_equal(array_of(volume), after)


def test_a_second_run_begins_with_the_original():
    volume = open_pair()
    run(f"locscale sharpen #1 mask #2 {QUICK} wait true")
    once = array_of(volume)
    run(f"locscale sharpen #1 mask #2 {QUICK} bfactor 60 wait true")
    other = array_of(volume)
    run(f"locscale sharpen #1 mask #2 {QUICK} wait true")
    assert numpy.array_equal(array_of(volume), once) and not numpy.array_equal(other, once)
    assert len(session.models.list(type=Volume)) == 3


def test_a_file_gives_what_its_voxels_give():
    volume = open_pair()
    run(f"save {FOLDER / 'file.mrc'} models #1")
    run(f"locscale sharpen #1 mask #2 {QUICK} wait true")
    pushed = array_of(volume)
    run(f"close #1; open {FOLDER / 'file.mrc'} id #1")
    named = session.models.list(type=Volume, model_id=(1,)) or [
        m for m in session.models.list(type=Volume) if m.id == (1,)
    ]
    run(f"locscale sharpen #1 mask #2 {QUICK} wait true")
    assert numpy.array_equal(array_of(named[0]), pushed)


def test_the_level_follows_amplitudes_of_another_scale():
    volume = open_pair()
    open_array(1000 * blob(40, 3), "reference")
    count = numpy.count_nonzero(array_of(volume) >= 0.45)
    run("locscale sharpen #1 mask #2 reference #3 window 10 wait true")
    level = volume.surfaces[0].level
    assert level > 10, level
    assert 0.5 < numpy.count_nonzero(array_of(volume) >= level) / count < 2
    run("undo")
    assert volume.surfaces[0].level == 0.45


def test_a_new_map_leaves_the_old_one():
    volume = open_pair()
    before = array_of(volume)
    run(f"locscale sharpen #1 mask #2 {QUICK} modelId #7 wait true")
    made = numbered(7)
    assert numpy.array_equal(array_of(volume), before) and not volume.display and made.display
    assert not numpy.array_equal(array_of(made), before)
    assert made.surfaces[0].level == 0.45 or made.surfaces[0].level > 0
    assert "already" in refused(f"locscale sharpen #1 mask #2 {QUICK} modelId #2")


def test_a_session_file_opens_as_it_was():
    volume = open_pair()
    before = array_of(volume)
    run(f"locscale sharpen #1 mask #2 {QUICK} wait true")
    after, level = array_of(volume), volume.surfaces[0].level
    run(f"save {FOLDER / 'saved.cxs'}; close session; open {FOLDER / 'saved.cxs'}")
    volume = numbered(1)
    link = results_of(session).of(volume)
    assert numpy.array_equal(array_of(volume), after) and volume.surfaces[0].level == level
    assert link.about["recipe"] == "no-reference" and not link.original.display
    run("locscale toggle #1 original")
    assert link.original.display and not volume.display
    run("locscale revert #1")
    assert numpy.array_equal(array_of(volume), before)


def test_a_job_of_another_program_is_applied():
    volume = open_pair()
    run(f"locscale sharpen #1 mask #2 {QUICK} wait true")
    after, job = array_of(volume), hub.jobs[max(hub.jobs)].daemon_id
    run("undo")
    run(f"locscale apply {job} map #1")
    wait_until(lambda: numpy.array_equal(array_of(volume), after))
    assert not results_of(session).of(volume).original.display
