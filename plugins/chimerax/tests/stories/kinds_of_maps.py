"""Maps that are cropped, moved, of whole numbers, or on a grid that does not fit."""

import numpy
from chimerax.locscale.results import results_of
from chimerax.map import Volume

from stage import QUICK, Heard, array_of, ball, blob, open_array, open_pair, refused, run, session


def test_step_and_crop_of_the_display_do_not_matter():
    volume = open_pair()
    run(f"locscale sharpen #1 mask #2 {QUICK} wait true")
    whole = array_of(volume)
    run("undo; volume #1 step 2 region 5,6,7,30,31,32")
    region = volume.region
    run(f"locscale sharpen #1 mask #2 {QUICK} wait true")
    assert volume.region == region and numpy.array_equal(array_of(volume), whole)


def test_a_region_is_computed_alone_and_the_rest_is_0():
    volume = open_pair()
    run("volume #1 region 8,9,10,31,32,33")
    run(f"locscale sharpen #1 mask #2 {QUICK} region shown wait true")
    after = array_of(volume)
    assert after.shape == (40, 40, 40)
    inside = numpy.zeros((40, 40, 40), bool)
    inside[10:34, 9:33, 8:32] = True
    assert (after[~inside] == 0).all() and after[inside].any()
    assert "leaves" in refused(f"locscale sharpen #1 mask #2 {QUICK} region 0,0,0,40,10,10")


def test_whole_numbers_and_two_half_maps():
    halves = [(1000 * blob(40, seed)).astype(numpy.int16) for seed in (1, 2)]
    for array in halves:
        open_array(array, "half")
    open_array(ball(40), "mask")
    volume = session.models.list(type=Volume)[0]
    run(f"locscale sharpen #1 halfMaps #1,2 mask #3 {QUICK} resolution 4 wait true")
    after = array_of(volume)
    assert after.dtype == numpy.float32 and after.any()
    run("undo")
    assert array_of(volume).dtype == numpy.int16
    assert "Two half maps" in refused("locscale sharpen #1 halfMaps #1")


def test_a_moved_map_stays_where_it_is():
    volume = open_pair()
    run("view matrix models #1,1,0,0,10,0,0,-1,20,0,1,0,30,#2,1,0,0,10,0,0,-1,20,0,1,0,30")
    place = volume.position.matrix.copy()
    run(f"locscale sharpen #1 mask #2 {QUICK} wait true")
    link = results_of(session).of(volume)
    assert numpy.array_equal(volume.position.matrix, place)
    assert numpy.array_equal(link.original.position.matrix, place)
    moved = array_of(volume)
    run("undo; view matrix models #1,1,0,0,0,0,1,0,0,0,0,1,0")
    heard = Heard()
    session.logger.add_log(heard)
    run(f"locscale sharpen #1 mask #2 {QUICK} wait true")
    session.logger.remove_log(heard)
    assert any("has been moved against" in warning for warning in heard.warnings())
    assert numpy.array_equal(array_of(volume), moved)


def test_grids_that_do_not_fit_are_refused_with_what_helps():
    open_array(blob(24), "hexagonal", cell_angles=(90, 90, 120))
    open_array(blob(24), "turned", rotation=((0, -1, 0), (1, 0, 0), (0, 0, 1)))
    open_array(blob(24), "plain")
    open_array(blob(20), "small")
    assert "90, 90, 120" in refused("locscale sharpen #1 mode none") and "volume resample #1" in refused(
        "locscale sharpen #1"
    )
    assert "volume resample #2" in refused("locscale sharpen #2 mode none")
    assert "volume resample #4 onGrid #3" in refused("locscale sharpen #3 mask #4 mode none")
    assert "needs an atomic model" in refused("locscale sharpen #3 mode model")
    assert "reference map" in refused("locscale sharpen #3 reference #3 mode none")
    assert len(session.models.list(type=Volume)) == 4
