"""Runs in the real ChimeraX with the bundle installed: chimerax --nogui --offscreen --script "in_chimerax.py FOLDER".

Each function `test_…` begins with an empty session. What came of it goes into FOLDER/results.json, with pictures.
"""

import itertools
import json
import os
import signal
import sys
import time
import traceback
from pathlib import Path

import numpy
from chimerax.core.commands import run as run_command
from chimerax.core.errors import NonChimeraError, UserError
from chimerax.core.logger import PlainTextLog
from chimerax.locscale.hub import hub_of
from chimerax.locscale.results import results_of
from chimerax.map import Volume, volume_from_grid_data
from chimerax.map_data import ArrayGridData

FOLDER = Path(sys.argv[1])
QUICK = "mode none window 10"
session = session  # noqa: F821  given by ChimeraX
hub = hub_of(session)
seeds = itertools.count(100)


def run(text):
    return run_command(session, text)


def refused(text):
    """The sentence with which a command is refused."""
    try:
        run(text)
    except (UserError, NonChimeraError) as error:
        return str(error)
    raise AssertionError(f"not refused: {text}")


class Heard(PlainTextLog):
    """What the log says."""

    def __init__(self):
        self.lines = []

    def log(self, level, message):
        self.lines.append((level, message))
        return True

    def warnings(self):
        return [message for level, message in self.lines if level == self.LEVEL_WARNING]


def blob(n, seed=1):
    """A blob with structure in noise."""
    z, y, x = numpy.mgrid[:n, :n, :n].astype(numpy.float32) - n / 2
    density = numpy.exp(-8 * (x * x + y * y + z * z) / n**2)
    ripple = 1 + 0.3 * numpy.sin(1.1 * x) * numpy.sin(0.9 * y) * numpy.sin(1.3 * z)
    return (density * ripple + 0.05 * numpy.random.default_rng(seed).standard_normal((n, n, n))).astype(numpy.float32)


def ball(n, share=0.35):
    z, y, x = numpy.mgrid[:n, :n, :n] - n / 2
    return (x * x + y * y + z * z < (share * n) ** 2).astype(numpy.float32)


def open_array(array, name, step=(1.5, 1.5, 1.5), **geometry):
    volume = volume_from_grid_data(ArrayGridData(array, step=step, name=name, **geometry), session, show_dialog=False)
    return volume


def open_pair(n=40):
    """#1, a map at a level of its own, and #2, a mask; no files."""
    volume = open_array(blob(n), "map")
    run("volume #1 level 0.45 color #4080c0")
    open_array(ball(n), "mask")
    run("hide #2 models")
    return volume


def numbered(number):
    """The map of this number."""
    return next(m for m in session.models.list(type=Volume) if m.id == (number,))


def array_of(volume):
    return volume.full_matrix().copy()


def picture(name):
    # At the size of the window: at another one ChimeraX puts the colour key in the wrong place.
    run(f"windowsize 480 360; save {FOLDER / name}.png")
    from PIL import Image

    return numpy.asarray(Image.open(FOLDER / f"{name}.png").convert("RGB")).astype(int)


def wait_until(condition, seconds=90):
    deadline = time.monotonic() + seconds
    hub.queue.wait(lambda: condition() or time.monotonic() > deadline)
    assert condition(), "the condition did not come true in time"


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


def test_pictures_before_after_confidence_and_context():
    run("set bgColor white")
    volume = open_pair(48)
    run("view; lighting soft")
    before = picture("1-before")
    run(f"locscale sharpen #1 mask #2 {QUICK} wait true")
    after = picture("2-sharpened")
    run("locscale toggle #1 original")
    assert abs(picture("3-original") - before).max() <= 2
    run("locscale toggle #1 original")
    assert abs(picture("4-result") - after).max() <= 2
    assert abs(after - before).max() > 30

    # The display of confidence, by a map that runs from -100 to 100 along x; a job's own is shown the same way.
    ramp = numpy.broadcast_to(numpy.linspace(-100, 100, 48, dtype=numpy.float32), (48, 48, 48)).copy()
    confidence = open_array(ramp, "confidence")
    run(f"hide #{confidence.id_string} models; locscale confidence #1 map #{confidence.id_string}")
    coloured = picture("5-confidence")
    # Green in the middle, where plain is blue; the surface reaches from -67 to 72.
    green = (coloured[..., 1] > coloured[..., 2] + 80) & (coloured[..., 1] > coloured[..., 0] + 80)
    assert numpy.count_nonzero(green) > 3000
    run("volume #1 level 0.3")
    assert volume.surfaces[0].vertex_colors is not None
    run("volume #1 level 0.45; locscale toggle #1 confidence")
    assert numpy.count_nonzero(abs(picture("6-plain") - after).max(axis=2) > 40) < 200

    context = open_array(ball(48, 0.45) - ball(48, 0.3), "context")
    results_of(session).of(volume).context = context
    from chimerax.locscale.display import show_context

    show_context(session, results_of(session).of(volume), True, 0.5)
    shown = picture("7-context")
    run("locscale toggle #1 context")
    assert not context.display
    assert numpy.count_nonzero(abs(picture("8-no-context") - shown).max(axis=2) > 20) > 2000
    run("locscale compare #1")
    assert volume.display and results_of(session).of(volume).original.display
    picture("9-compare")
    run("locscale compare #1 off")
    assert not results_of(session).of(volume).original.display


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


def test_the_interface_is_not_held_up():
    """Time of the processor that our code takes in the thread of the interface; it never waits there."""
    open_array(blob(160), "large")
    open_array(ball(160), "mask")
    run("volume #1 level 0.45; hide #2 models")
    calls, run_call = [], hub.queue._run

    def measured(function, values):
        started = time.thread_time()
        run_call(function, values)
        calls.append(1000 * (time.thread_time() - started))

    hub.queue._run = measured
    try:
        started = time.thread_time()
        run("locscale sharpen #1 mask #2 mode none window 10 bfactor 30")
        command = 1000 * (time.thread_time() - started)
        job = hub.jobs[max(hub.jobs)]
        wait_until(lambda: job.ended)
    finally:
        del hub.queue._run
    assert job.state == "done", job.message
    numbers["ms of the command (160³)"] = round(command, 1)
    numbers["ms of the longest call (160³)"] = round(max(calls), 1)
    numbers["calls"] = len(calls)
    assert command < 50 and max(calls) < 50, numbers


MICELLE = Path(os.environ.get("LOCSCALE_PROGRAM", "")).parents[2] / "test" / "surfer" / "fixtures" / "micelle.map.gz"


def open_micelle():
    """A simulated membrane protein in a belt of detergent, half a second for the network; with its mask of the belt."""
    import gzip

    boxes = json.loads((MICELLE.parent / "boxes.json").read_text())
    shape, size = boxes["micelle"]["shape"], boxes["micelle"]["voxelSize"]
    voxels = numpy.frombuffer(gzip.decompress(MICELLE.read_bytes()), numpy.int8).reshape(shape).astype(numpy.float32)
    volume = open_array(voxels, "micelle", (size,) * 3)
    run(f"volume #1 level {voxels.std() * 2.5:.4g} color gray")
    return volume


def settled(seconds=1.0):
    """Runs what is posted for a while."""
    end = time.monotonic() + seconds
    hub.queue.wait(lambda: time.monotonic() > end)


class OtherViewer:
    """Another viewer of the same daemon, as a browser is one."""

    def __init__(self):
        from chimerax.locscale.client.daemon import Daemon
        from chimerax.locscale.client.screen import Screen

        self.heard = []
        self.daemon = Daemon("other", listen=lambda *what: self.screen.notified(*what))
        self.screen = Screen(self.daemon, self.heard.append, lambda gone: None)
        self.ask(self.daemon.connect())
        self.ask(self.screen.attach("tab"))

    def ask(self, task):
        future = hub.worker.submit(task)
        hub.queue.wait(future.done)
        return future.result()

    def change(self, method, **params):
        return self.ask(self.screen.change(method, params))

    def layer(self, name):
        (entry,) = self.screen.maps.values()
        return next((layer for layer in entry["layers"] if layer["name"] == name), None)

    def leave(self):
        self.ask(self.daemon.leave())


def test_surfer_takes_the_belt_out_and_the_threshold_is_live():
    volume = open_micelle()
    before = array_of(volume)
    picture("surfer-before")
    run("locscale surfer #1 threshold 0.5 smooth 1 wait true")
    link = results_of(session).of(volume)
    probability, cleaned = array_of(link.context), array_of(volume)
    assert link.context.display and numpy.array_equal(array_of(link.original), before)
    found = cleaned != before
    assert found.any() and (probability[found] >= 0.5).all() and (cleaned[found] == 0).all()
    shown = picture("surfer-context")
    run("locscale toggle #1 context on false")
    assert (numpy.abs(picture("surfer-without") - shown).sum(axis=2) > 30).sum() > 300
    run("locscale threshold #1 0.9")
    wait_until(lambda: not numpy.array_equal(array_of(volume), cleaned), 20)
    moved = array_of(volume) != before
    assert (probability[moved] >= numpy.float32(0.9)).all() and moved.sum() < found.sum()
    assert abs(link.context.surfaces[0].level - 0.9) < 1e-6 and not link.context.display
    run("undo")
    assert numpy.array_equal(array_of(volume), before)


def test_viewers_of_the_daemon_show_the_same():
    volume = open_pair()
    run(f"locscale sharpen #1 mask #2 {QUICK} wait true")
    result, link = array_of(volume), results_of(session).of(volume)
    other = OtherViewer()
    try:
        settled()
        assert len(other.screen.maps) == 1 and other.layer("sharpened")["visible"], other.screen.maps
        identifier = next(iter(other.screen.maps))
        # From here to there.
        run("locscale toggle #1 original")
        wait_until(lambda: other.layer("original")["visible"] and not other.layer("sharpened")["visible"], 10)
        run("volume #1 level 0.31; locscale toggle #1 original")
        wait_until(lambda: (other.layer("sharpened")["level"] or {}).get("value") == 0.31, 10)
        # From there to here.
        other.change("viewer.toggle", volume=identifier, what="original", on=True)
        wait_until(lambda: link.original.display and not volume.display, 10)
        other.change("viewer.toggle", volume=identifier, what="original", on=False)
        sharpened = other.layer("sharpened")["volume"]
        other.change("viewer.level", volume=sharpened, level={"kind": "absolute", "value": 0.4})
        other.change("viewer.show", volume=sharpened, opacity=0.5)
        wait_until(lambda: volume.display and abs(volume.surfaces[0].level - 0.4) < 1e-6, 10)
        wait_until(lambda: abs(volume.surfaces[0].rgba[3] - 0.5) < 0.01, 10)
        other.change("viewer.level", volume=sharpened, level={"kind": "sigma", "value": 3})
        sigma = result.mean() + 3 * result.std()
        wait_until(lambda: abs(volume.surfaces[0].level / sigma - 1) < 1e-3, 10)
        heard = len(other.heard)
        settled(0.5)
        assert len(other.heard) == heard, "an echo"
        # A job of the other one: its result comes in place here, too.
        job = other.ask(
            other.daemon.call(
                "job.submit",
                {"recipe": "no-reference", "inputs": {"map": identifier}, "parameters": {"windowSize": 10}},
            )
        )
        wait_until(lambda: other.layer("sharpened")["job"] == job["id"], 60)
        (known,) = hub.jobs_of_others()
        assert (known["id"], known["state"], known["recipe"]) == (job["id"], "done", "no-reference"), known
        wait_until(lambda: not numpy.array_equal(array_of(volume), result), 20)
        # A map of the other one, opened when that is wanted.
        run("locscale join wait true")
        from chimerax.locscale.client.volumes import MapSource, open_map

        voxels = blob(12, 9)
        source = MapSource("theirs", (12, 12, 12), (1.5,) * 3, (3.0, 0.0, 0.0), lambda: [memoryview(voxels).cast("B")])
        theirs = other.ask(open_map(other.daemon, source))
        other.ask(other.screen.change("viewer.add", {"volume": theirs, "name": "theirs"}))
        wait_until(lambda: any(m.name == "theirs" for m in session.models.list(type=Volume)), 20)
        opened = next(m for m in session.models.list(type=Volume) if m.name == "theirs")
        assert numpy.array_equal(array_of(opened), voxels) and tuple(opened.data.origin) == (3, 0, 0)
        for gone in (theirs, identifier):
            other.ask(other.daemon.call("viewer.remove", {"volume": gone}))
        settled(0.3)
        assert volume.id == (1,) and not other.screen.maps
    finally:
        run("locscale join false")
        other.leave()


def test_a_closed_map_leaves_the_screen():
    open_pair()
    run(f"locscale sharpen #1 mask #2 {QUICK} wait true")
    settled(0.3)
    assert len(hub.screen.maps) == 1
    run("close #1")
    wait_until(lambda: not hub.screen.maps, 10)
    run("locscale settings share false")
    try:
        open_pair()
        run(f"locscale sharpen #1 mask #2 {QUICK} wait true")
        assert not hub.screen.maps
    finally:
        run("locscale settings share true")


def open_helices():
    """#1, a bundle of helices of alanine; #2, its map in noise; #3, a mask; #4, three of the helices."""
    # Cylindrical coordinates of an alpha helix: radius (Å), angle (degrees), height (Å).
    atoms = {
        "N": (1.55, -28, -0.9),
        "CA": (2.29, 0, 0),
        "C": (1.66, 27, 1.1),
        "O": (2.02, 21, 2.3),
        "CB": (3.3, -20, -0.6),
    }
    lines, serial = [], 0
    for helix in range(7):
        around = helix * numpy.pi / 3
        x0, y0 = (0, 0) if helix == 6 else (10 * numpy.cos(around), 10 * numpy.sin(around))
        for residue in range(22):
            for name, (radius, angle, height) in atoms.items():
                serial += 1
                turn = numpy.radians(100 * residue + angle)
                x, y, z = x0 + radius * numpy.cos(turn), y0 + radius * numpy.sin(turn), 1.5 * residue + height
                lines.append(
                    f"ATOM  {serial:5d}  {name:<3} ALA {'ABCDEFG'[helix]}{residue + 1:4d}    "
                    f"{x:8.3f}{y:8.3f}{z:8.3f}  1.00 40.00           {name[0]}"
                )
    path = FOLDER / "helices.pdb"
    path.write_text("\n".join([*lines, "END", ""]))
    run(f"open {path}; molmap #1 4 gridSpacing 1.5 edgePadding 12")
    made = numbered(2).data
    clean = array_of(numbered(2))
    noise = numpy.random.default_rng(4).standard_normal(clean.shape).astype(numpy.float32)
    run("close #2")
    volume = open_array(clean + 0.02 * clean.max() * noise, "helices", tuple(made.step), origin=made.origin)
    open_array((clean > 0.02 * clean.max()).astype(numpy.float32), "mask", tuple(made.step), origin=made.origin)
    half = [line for line in lines if line[21] in "ABC"]
    (FOLDER / "half.pdb").write_text("\n".join([*half, "END", ""]))
    run(f"open {FOLDER / 'half.pdb'} id 4")
    run(f"volume #2 level {0.3 * clean.max():.4g}; hide #1,3,4 models")
    return volume


def modes(*chosen):
    volume = open_helices()
    before, results_so_far = array_of(volume), []
    for words in chosen:
        started = time.monotonic()
        run(f"locscale sharpen #2 mask #3 {words} wait true")
        job = hub.jobs[max(hub.jobs)]
        after = array_of(volume)
        assert job.state == "done" and numpy.isfinite(after).all() and not numpy.array_equal(after, before), words
        for other in results_so_far:
            assert not numpy.array_equal(after, other), words
        # Density stays where it was: what is sharpened looks like the map.
        inside = array_of(numbered(3)) > 0.5
        likeness = numpy.corrcoef(after[inside], before[inside])[0, 1]
        assert likeness > 0.5, (words, likeness)
        numbers[f"s, {words.split('wait')[0].strip()}"] = round(time.monotonic() - started, 1)
        results_so_far.append(after)
        run("undo")
        assert numpy.array_equal(array_of(volume), before)


def test_modes_with_a_model():
    modes("resolution 4 model #1", "mode model resolution 4 model #1 window 16", "mode hybrid resolution 4 model #4")


def test_modes_without_a_model():
    modes("mode none resolution 4", "mode pseudo resolution 4")
    assert "does not use" in refused("locscale sharpen #2 mask #3 mode none symmetry C2")


def test_modes_by_a_network():
    modes("mode free")
    run("close session")
    volume = open_helices()
    assert "needs an atomic model" in refused("locscale sharpen #2 mode hybrid")
    assert "does not use" in refused("locscale sharpen #2 mask #3 resolution 4")
    run("locscale sharpen #2 mask #3 wait true")
    assert hub.jobs[max(hub.jobs)].request.recipe == "model-free" and results_of(session).of(volume)


def test_a_feature_enhanced_map_comes_with_its_confidence():
    volume = open_helices()
    before = array_of(volume)
    run("locscale fem #2 mask #3 samples 3 seed 1 wait true")
    link = results_of(session).of(volume)
    confidence = array_of(link.confidence)
    assert not numpy.array_equal(array_of(volume), before) and link.coloured
    assert -100 <= confidence.min() < confidence.max() <= 100
    assert volume.surfaces[0].vertex_colors is not None
    run("set bgColor white; view")
    picture("fem-confidence")
    once = array_of(volume)
    run("locscale fem #2 mask #3 samples 3 seed 1 colour false wait true")
    assert numpy.array_equal(array_of(volume), once)


def test_networks_are_listed_and_imported():
    names = run("locscale network list wait true")
    assert {"emmernet-sim", "surfer-sim"} <= set(names), names
    heard = Heard()
    session.logger.add_log(heard)
    file = MICELLE.parents[2] / "networks" / "fixtures" / "emmernet-sim-small.pt"
    run(f"locscale network import {file} name small wait true")
    session.logger.remove_log(heard)
    assert any(message.startswith("small: imported") for _, message in heard.lines), heard.lines
    assert "small" in run("locscale network list wait true")
    assert "small" in refused(f"locscale network import {file} name small wait true")
    hostile = FOLDER / "hostile.pt"
    hostile.write_bytes(b"not a checkpoint")
    assert "hostile.pt" in refused(f"locscale network import {hostile} wait true")


def test_a_daemon_over_tls_gets_voxels_and_no_paths():
    import subprocess

    home, fixtures = FOLDER / "remote", MICELLE.parents[2] / "daemon" / "fixtures"
    home.mkdir()
    key = FOLDER / "key.pem"
    key.touch(0o600)
    key.write_bytes((fixtures / "tls-key.pem").read_bytes())
    words = ["--remote", "127.0.0.1:0", "--tls-cert", str(fixtures / "tls-cert.pem"), "--tls-key", str(key)]
    environment = {**os.environ, "LOCSCALE_HOME": str(home)}
    server = subprocess.Popen(
        [os.environ["LOCSCALE_PROGRAM"], "daemon", "run", *words], env=environment, stdin=subprocess.DEVNULL
    )
    try:
        wait_until(lambda: (home / "daemon.json").exists(), 60)
        connection = json.loads((home / "daemon.json").read_text())
        port = connection["remoteUrl"].rpartition(":")[2]
        where = f"wss://localhost:{port} tokenFile {connection['tokenFile']}"
        assert "certificate" in refused(f"locscale start url {where} wait true")
        run(f"locscale start url {where} caFile {fixtures / 'tls-cert.pem'} wait true")
        volume = open_pair()
        run(f"save {FOLDER / 'tls.mrc'} models #1; close #1; open {FOLDER / 'tls.mrc'} id 1; volume #1 level 0.45")
        volume = numbered(1)
        before = array_of(volume)
        run(f"locscale sharpen #1 mask #2 {QUICK} wait true")
        assert not numpy.array_equal(array_of(volume), before)
        held = hub.worker.submit(hub.daemon.call("volume.list"))
        hub.queue.wait(held.done)
        assert {each["source"] for each in held.result()} == {"upload", "job"}
        assert "From another machine" in refused(f"locscale network import {FOLDER / 'tls.mrc'} wait true")
        assert "there" in refused("locscale stop daemon true wait true")
        assert "REST" in refused("locscale start rest true wait true")
    finally:
        run("close session; locscale start url local wait true")
        server.terminate()
        server.wait(20)


def test_answers_for_programs_are_json():
    open_pair()
    value = run_command(session, f"locscale sharpen #1 mask #2 {QUICK} wait true", return_json=True)
    said = json.loads(value.json_value if hasattr(value, "json_value") else value[0].json_value)
    assert said["state"] == "done" and said["models"] == ["#1"], said
    for text in (
        "locscale jobs",
        "locscale status",
        "locscale settings",
        "locscale toggle #1",
        "locscale network list",
    ):
        answer = run_command(session, text, return_json=True)
        json.loads(answer.json_value if hasattr(answer, "json_value") else answer[0].json_value)


def test_usage_help_and_abbreviations():
    for name in ("sharpen", "fem", "surfer", "confidence", "toggle", "compare", "jobs", "start", "network list"):
        run(f"usage locscale {name}")
    open_pair()
    run("locs sh #1 mas #2 mode none win 10 wa t")
    assert results_of(session).all()
    assert "no job 999" in refused("locscale show 999").replace("There is ", "")


def test_a_job_of_another_program_is_applied():
    volume = open_pair()
    run(f"locscale sharpen #1 mask #2 {QUICK} wait true")
    after, job = array_of(volume), hub.jobs[max(hub.jobs)].daemon_id
    run("undo")
    run(f"locscale apply {job} map #1")
    wait_until(lambda: numpy.array_equal(array_of(volume), after))
    assert not results_of(session).of(volume).original.display


results, numbers = {}, {}
chosen = sys.argv[2:]
for name, function in list(globals().items()):
    if not name.startswith("test_") or (chosen and name not in chosen):
        continue
    run_command(session, "close session", log=False)
    started = time.monotonic()
    try:
        function()
        results[name] = {"ok": True}
    except BaseException:
        results[name] = {"ok": False, "why": traceback.format_exc()}
        for job in hub.jobs.values():
            hub.cancel(job)
        hub.queue.wait(lambda: all(job.ended for job in hub.jobs.values()))
    results[name]["seconds"] = round(time.monotonic() - started, 2)
(FOLDER / "results.json").write_text(json.dumps({"results": results, "numbers": numbers}, indent=1))
