"""Runs in the real ChimeraX with windows: chimerax --script "in_gui.py FOLDER". Ends it in the middle of a job."""

import gzip
import json
import os
import sys
import time
import traceback
from pathlib import Path

import numpy
from chimerax.core.commands import run
from chimerax.core.logger import PlainTextLog
from chimerax.locscale import rest_server
from chimerax.locscale.buttons import run_button
from chimerax.locscale.hub import hub_of
from chimerax.locscale.results import results_of
from chimerax.map import volume_from_grid_data
from chimerax.map_data import ArrayGridData
from Qt.QtCore import QTimer
from Qt.QtWidgets import QPushButton

FOLDER = Path(sys.argv[1])
FIXTURES = Path(os.environ["LOCSCALE_PROGRAM"]).parents[2] / "test" / "surfer" / "fixtures"
TICK_MS = 5
session = session  # noqa: F821  given by ChimeraX
found = {}


def blob(n):
    z, y, x = numpy.mgrid[:n, :n, :n].astype(numpy.float32) - n / 2
    ripple = 1 + 0.3 * numpy.sin(1.1 * x) * numpy.sin(0.9 * y) * numpy.sin(1.3 * z)
    noise = 0.05 * numpy.random.default_rng(1).standard_normal((n, n, n))
    return (numpy.exp(-8 * (x * x + y * y + z * z) / n**2) * ripple + noise).astype(numpy.float32)


def open_map(array, name, step=1.5):
    return volume_from_grid_data(ArrayGridData(array, step=(step,) * 3, name=name), session, show_dialog=False)


class Heard(PlainTextLog):
    """What the log says."""

    def __init__(self):
        self.lines = []

    def log(self, level, message):
        self.lines.append(message)
        return True


def press(panel, text):
    """Presses a button of the panel, as a hand would."""
    next(b for b in panel.tool_window.ui_area.findChildren(QPushButton) if b.text() == text).click()


def story():
    """What is done, step by step; each `yield` is a condition to wait for."""
    hub = hub_of(session)
    volume = open_map(blob(64), "map")
    mask = open_map((blob(64) > 0.2).astype(numpy.float32), "mask")
    run(session, "volume #1 level 0.45; hide #2 models; set bgColor white; view; ui tool show LocScale")
    from chimerax.locscale.panel import LocScalePanel

    panel = LocScalePanel.open(session)
    panel.inputs.map.value, panel.inputs.mask.value = volume, mask
    panel.inputs.mode.setCurrentIndex(panel.inputs.mode.findData("none"))
    heard = Heard()
    session.logger.add_log(heard)
    press(panel, "Sharpen")
    session.logger.remove_log(heard)
    found["logged"] = any("locscale sharpen #1 mask #2 mode none" in line for line in heard.lines)
    yield lambda: hub.jobs and hub.jobs[1].ended
    yield soon(lambda: panel.history.table.item(0, 2).text() == "done")
    found["panel"] = hub.jobs[1].state, panel.history.table.item(0, 2).text()

    original = results_of(session).of(volume).original
    run(session, "preset locscale 'original map'")
    shown = [original.display, volume.display]
    run(session, "preset locscale result")
    found["presets"] = [*shown, original.display, volume.display]
    mask.selected = False
    volume.selected = True
    run_button(session, "Original")
    found["toolbar button"] = [original.display, volume.display]
    run(session, f"save {FOLDER / 'gui.cxs'}; close session; open {FOLDER / 'gui.cxs'}")
    panel = LocScalePanel.open(session)
    found["panel after reopening"] = panel.inputs.mode.currentData(), panel.inputs.mask.value.name

    # The REST server: on request, attached to the daemon, stopped again.
    running = [rest_server.running_port(session)]
    run(session, "locscale start rest true")
    yield soon(lambda: any(viewer["kind"] == "chimerax-rest" for viewer in hub.screen.viewers))
    running.append(rest_server.running_port(session))
    found["bundle behind REST"] = [v["bundle"] for v in hub.screen.viewers if v["kind"] == "chimerax-rest"]
    run(session, "locscale start rest false")
    yield soon(lambda: rest_server.running_port(session) is None)
    running.append(rest_server.running_port(session))
    found["REST server"] = [port is not None for port in running]

    ramp = numpy.broadcast_to(numpy.linspace(-100, 100, 64, dtype=numpy.float32), (64, 64, 64)).copy()
    confidence = open_map(ramp, "confidence")
    run(session, f"hide #{confidence.id_string} models; locscale confidence #1 map #{confidence.id_string}")
    yield pause(1)
    run(session, f"save {FOLDER / 'gui-confidence.png'} width 640 height 480")
    session.ui.main_window.grab().save(str(FOLDER / "gui-window.png"))

    # The slider of the panel, held down: context and cleaned map follow.
    run(session, "close session")
    boxes = json.loads((FIXTURES / "boxes.json").read_text())["micelle"]
    voxels = numpy.frombuffer(gzip.decompress((FIXTURES / "micelle.map.gz").read_bytes()), numpy.int8)
    volume = open_map(voxels.reshape(boxes["shape"]).astype(numpy.float32), "micelle", boxes["voxelSize"])
    run(session, f"volume #1 level {2.5 * voxels.std():.4g}; view")
    panel = LocScalePanel.open(session)
    panel.inputs.map.value = volume
    press(panel, "Remove")
    yield lambda: hub.jobs[max(hub.jobs)].ended
    context, cleaned = results_of(session).of(volume).context, volume.full_matrix().copy()
    found["surfer"] = hub.jobs[max(hub.jobs)].state
    panel.looks.threshold.setSliderDown(True)
    hub.queue.longest = 0
    for value in (55, 65, 75, 85, 90):
        panel.looks.threshold.setValue(value)
        yield pause(0.1)
    yield lambda: not numpy.array_equal(volume.full_matrix(), cleaned)
    panel.looks.threshold.setSliderDown(False)
    yield pause(1)
    dense = voxels.reshape(boxes["shape"]) != 0
    kept = (volume.full_matrix() != 0) | ~dense
    found["slider"] = [round(context.surfaces[0].level, 3), bool((context.full_matrix()[~kept] >= 0.89).all())]
    found["cleaned less at a higher threshold"] = bool(
        (kept >= (cleaned != 0)).all() and (kept & dense & (cleaned == 0)).any()
    )
    found["ms of the longest call while the slider moved"] = round(1000 * hub.queue.longest, 1)
    run(session, f"save {FOLDER / 'gui-surfer.png'} width 640 height 480")

    # How long the interface is held up: the longest time between two ticks while it draws nothing of ours.
    run(session, "close session")
    large = open_map(blob(256), "large")
    open_map((blob(256) > 0.2).astype(numpy.float32), "mask")
    run(session, "volume #1,2 step 1; volume #1 level 0.45; hide #1,2 models")
    yield pause(1)
    session.update_loop.block_redraw()
    ticks.clear()
    yield pause(2)
    found["ms between ticks at rest"] = longest_gap()
    ticks.clear()
    calls, run_call = [], hub.queue._run

    def measured(function, *values):
        started, wall = time.thread_time(), time.perf_counter()
        function(*values)
        took = round(1000 * (time.thread_time() - started), 1), round(1000 * (time.perf_counter() - wall), 1)
        calls.append((*took, values[1] if function is run else values[0].__qualname__))

    hub.queue._run = lambda *call: measured(run_call, *call)
    measured(run, session, "locscale sharpen #1 mask #2 mode none window 10")
    job = hub.jobs[max(hub.jobs)]
    yield lambda: job.ended
    yield pause(1)
    found["ms between ticks during a job"] = longest_gap()
    for what in ("toggle #1 original", "toggle #1 original", "revert #1"):
        measured(run, session, f"locscale {what}")
        yield pause(0.3)
    del hub.queue._run
    found["ms of our longest call"], found["by the clock"], found["which is"] = max(calls)
    found["previews and calls"] = sum("preview" in name.lower() for _, _, name in calls), len(calls)
    found["job"] = job.state
    session.update_loop.unblock_redraw()
    assert large.surfaces

    run(session, "locscale sharpen #1 mask #2 mode none window 60 bfactor 33")
    job = hub.jobs[max(hub.jobs)]
    yield lambda: job.state == "running"
    found["left in mid-job"] = not job.ended
    yield pause(0.3)


def pause(seconds):
    end = time.monotonic() + seconds
    return lambda: time.monotonic() > end


def soon(condition):
    """True when the condition is, and after a while in any case."""
    late = pause(10)
    return lambda: condition() or late()


def longest_gap():
    return round(1000 * max(b - a for a, b in zip(ticks, ticks[1:])), 1)


def tick():
    ticks.append(time.perf_counter())
    if not state["waiting_for"]():
        return
    try:
        state["waiting_for"] = next(steps)
        return
    except StopIteration:
        pass
    except BaseException:
        found["why"] = traceback.format_exc()
    timer.stop()
    (FOLDER / "gui.json").write_text(json.dumps(found, indent=1))
    run(session, "exit")


ticks = []
steps = story()
state = {"waiting_for": lambda: True}
timer = session._locscale_test_timer = QTimer()
timer.timeout.connect(tick)
timer.start(TICK_MS)
