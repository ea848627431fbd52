"""Other viewers of the same daemon."""

import time

import numpy
from chimerax.locscale.results import results_of
from chimerax.map import Volume

from stage import QUICK, array_of, blob, hub, open_pair, run, session, wait_until


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
