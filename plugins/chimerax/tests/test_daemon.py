"""The client against the real daemon: from upload to result, and everything that can break on the way."""

from __future__ import annotations

import array
import asyncio
import os
import subprocess
import unittest

from support import PROGRAM, DaemonCase, ball, blob, source, within, write_mrc

from client.discovery import find_daemon, process_runs
from client.endpoint import endpoint_of
from client.errors import ConnectionLost, DaemonError, NoDaemon
from client.jobs import Listener
from client.screen import Screen, density_of, result_of, role_of
from client.volumes import fetch_voxels, open_map


async def voxels_of(daemon, volume, n):
    """The n³ voxels of a volume."""
    voxels = bytearray(4 * n**3)
    await fetch_voxels(daemon, volume, (n, n, n), voxels)
    return array.array("f", bytes(voxels))


class Sharpening(DaemonCase):
    async def test_sharpens_and_brings_the_voxels_back(self):
        n = 40
        daemon, jobs, _ = await self.client()
        self.assertTrue(daemon.started_here)
        progress, slabs, states = [], [], []
        listener = Listener(lambda job: states.append(job["state"]), progress.append, slabs.append)
        inputs = {
            "map": await open_map(daemon, source("a map", blob(n, 1))),
            "mask": await open_map(daemon, source("mask", ball(n, 0.6))),
        }
        job = await jobs.submit("no-reference", inputs, {"windowSize": 10}, listener)
        ended = await jobs.end(job["id"])
        self.assertEqual(ended["state"], "done", ended["error"])
        self.assertEqual(states, ["queued", "running", "done"])
        self.assertEqual(slabs[-1].sections[1], n)
        self.assertEqual({slab.output for slab in slabs}, {"sharpened"})

        voxels = await voxels_of(daemon, ended["outputs"]["sharpened"], n)
        self.assertEqual(len(voxels), n**3)
        mask = ball(n, 0.6)
        self.assertTrue(all(value == 0 for value, inside in zip(voxels, mask) if inside == 0))
        self.assertGreater(max(voxels), 0)
        part = bytearray(4 * 4 * n * n)
        await fetch_voxels(daemon, ended["outputs"]["sharpened"], (n, n, n), part, (18, 22))
        self.assertEqual(bytes(part), voxels[18 * n * n : 22 * n * n].tobytes())

        # The same as the program writes from files.
        write_mrc(self.folder / "map.mrc", blob(n, 1))
        write_mrc(self.folder / "mask.mrc", mask)
        words = "-em map.mrc -ma mask.mrc -wn 10 -o out.mrc --no_reference".split()
        subprocess.run([str(PROGRAM), *words], cwd=self.folder, check=True, capture_output=True, timeout=100)
        written = (self.folder / "out.mrc").read_bytes()
        self.assertEqual(written[-4 * n**3 :], voxels.tobytes())

    async def test_a_file_that_holds_the_same_is_named_and_another_is_pushed(self):
        self.start()
        voxels = blob(16, 3)
        path = self.folder / "small.mrc"
        write_mrc(path, voxels)
        daemon, _, _ = await self.client()
        by_path = await open_map(daemon, source("small", voxels, str(path)))
        self.assertEqual((await daemon.call("volume.describe", {"volume": by_path}))["source"], "file")
        # The user has changed the voxel size on the screen: the file no longer says the same.
        changed = source("small", voxels, str(path))
        changed = type(changed)(changed.name, changed.shape, (1.4,) * 3, changed.origin, changed.pieces, changed.path)
        pushed = await open_map(daemon, changed)
        described = await daemon.call("volume.describe", {"volume": pushed})
        self.assertEqual((described["source"], described["grid"]["voxelSize"]), ("upload", [1.4] * 3))
        gone = await open_map(daemon, source("gone", voxels, str(self.folder / "not-there.mrc")))
        self.assertEqual((await daemon.call("volume.describe", {"volume": gone}))["source"], "upload")

    async def test_cancel_ends_a_running_job_within_two_seconds(self):
        self.start()
        daemon, jobs, _ = await self.client()
        job, running = await self.slow_job(daemon, jobs)
        await within(60, running.is_set, "job runs")
        before = asyncio.get_running_loop().time()
        await jobs.cancel(job)
        ended = await jobs.end(job)
        self.assertEqual((ended["state"], ended["error"]["kind"]), ("cancelled", "job.cancelled"))
        self.assertLess(asyncio.get_running_loop().time() - before, 2)
        await jobs.cancel(job)  # once more is no fault

    async def slow_job(self, daemon, jobs):
        """A job of many seconds, and an event that is set when it runs."""
        running = asyncio.Event()
        n = 64
        inputs = {
            "map": await open_map(daemon, source("map", blob(n, 1))),
            "mask": await open_map(daemon, source("mask", ball(n, 2))),
        }
        listener = Listener(progress=lambda progress: running.set())
        job = await jobs.submit("no-reference", inputs, {"windowSize": 60, "threads": 1}, listener)
        return job["id"], running

    async def test_a_killed_daemon_loses_the_job_with_one_word_and_the_next_call_starts_another(self):
        self.start()
        daemon, jobs, lost = await self.client()
        job, running = await self.slow_job(daemon, jobs)
        await within(60, running.is_set, "job runs")
        self.kill_daemon()
        with self.assertRaises(ConnectionLost):
            await asyncio.wait_for(jobs.end(job), 20)
        self.assertEqual(len(lost), 1)
        await daemon.connect()
        self.assertEqual((await daemon.call("job.get", {"job": job}))["state"], "interrupted")

    async def test_a_broken_connection_is_made_again_and_the_job_goes_on(self):
        self.start()
        daemon, jobs, lost = await self.client()
        inputs = {
            "map": await open_map(daemon, source("map", blob(48, 1))),
            "mask": await open_map(daemon, source("mask", ball(48, 2))),
        }
        job = await jobs.submit("no-reference", inputs, {"windowSize": 40, "threads": 1}, Listener())
        daemon._connection._socket._writer.transport.abort()
        ended = await asyncio.wait_for(jobs.end(job["id"]), 60)
        self.assertEqual((ended["state"], lost), ("done", []))

    async def test_errors_of_the_daemon_come_with_their_kind(self):
        self.start()
        daemon, jobs, _ = await self.client()
        with self.assertRaises(DaemonError) as wrong_recipe:
            await jobs.submit("no-such-recipe", {}, {}, Listener())
        self.assertEqual(wrong_recipe.exception.kind, "input.parameter")
        self.assertIn("no-such-recipe", wrong_recipe.exception.message)
        small = source("map", blob(8, 1))
        short = type(small)(small.name, (9, 9, 9), small.voxel_size, small.origin, small.pieces)
        with self.assertRaises(DaemonError):
            await open_map(daemon, short)
        nan = array.array("f", [float("nan")]) * 16**3
        with self.assertRaises(DaemonError) as not_finite:
            inputs = {name: await open_map(daemon, source(name, nan)) for name in ("map", "mask")}
            job = await jobs.submit("no-reference", inputs, {"windowSize": 4}, Listener())
            ended = await jobs.end(job["id"])
            raise DaemonError.from_body(ended["error"])
        self.assertEqual(not_finite.exception.kind, "input.voxels")


class SharedScreen(DaemonCase):
    async def test_two_viewers_keep_up_with_each_other_and_not_with_themselves(self):
        self.start()
        screens, heard, gone = [], ([], []), ([], [])
        for number in range(2):
            daemon, _, _ = await self.client(listen_too=lambda *what, number=number: screens[number].notified(*what))
            screens.append(Screen(daemon, heard[number].append, gone[number].append))
            await screens[number].attach(f"viewer {number}")
        one, other = screens
        self.assertTrue(one.offered)
        voxels = blob(8, 1)
        volume, result = [await open_map(one._daemon, source(name, voxels)) for name in ("map", "result")]
        await one.change("viewer.add", {"volume": volume, "name": "my map"})
        await one.change("viewer.add", {"volume": result, "of": volume, "role": "result"})
        await one.change("viewer.show", {"volume": result, "visible": False})
        level = {"kind": "absolute", "value": 0.25}
        entry = await other.change("viewer.level", {"volume": volume, "level": level})
        await within(5, lambda: one.maps[volume]["revision"] == entry["revision"], "the other's level arrives")
        self.assertEqual([found["layers"][0]["level"] for found in heard[0]], [level])
        self.assertEqual({found["id"] for found in heard[1]}, {volume})
        self.assertEqual((density_of(entry)["name"], role_of(entry, "context")), ("original", None))
        self.assertIsNone(result_of(entry))
        self.assertTrue(one.others())
        self.assertIsNone(await one.change("viewer.show", {"volume": "vol-0123456789abcdef", "visible": False}))
        await other._daemon.call("viewer.remove", {"volume": volume})
        await within(5, lambda: gone[0] == [volume], "the end of the map arrives")
        await other._daemon.leave()
        await within(5, lambda: not one.others(), "the end of the other viewer arrives")


class Access(DaemonCase):
    async def test_a_wrong_token_is_refused_on_both_ways(self):
        self.start()
        url = self.connection()["url"]
        with self.assertRaises(DaemonError) as refused:
            await self.client(endpoint=endpoint_of(url, "0" * 64))
        self.assertEqual(refused.exception.kind, "access.denied")
        daemon, _, _ = await self.client()
        daemon.endpoint = endpoint_of(url, "0" * 64)
        with self.assertRaises(DaemonError) as refused:
            await open_map(daemon, source("big", array.array("f", bytes(4 * 128**3))))
        self.assertEqual(refused.exception.kind, "access.denied")

    async def test_a_given_address_never_gets_paths(self):
        self.start()
        path = self.folder / "small.mrc"
        write_mrc(path, blob(16, 3))
        daemon, _, _ = await self.client(endpoint=endpoint_of(self.connection()["url"], find_daemon().token))
        volume = await open_map(daemon, source("small", blob(16, 3), str(path)))
        self.assertEqual((await daemon.call("volume.describe", {"volume": volume}))["source"], "upload")

    async def test_over_tls_voxels_travel_and_paths_are_refused(self):
        url, certificate = self.start_for_other_machines()
        token = find_daemon().token
        with self.assertRaises(NoDaemon) as untrusted:
            await self.client(endpoint=endpoint_of(url, token))
        self.assertIn("certificate", untrusted.exception.message)
        daemon, jobs, _ = await self.client(endpoint=endpoint_of(url, token, ca_file=certificate))
        self.assertNotIn("paths", daemon.hello["capabilities"])
        n = 24
        path = self.folder / "map.mrc"
        write_mrc(path, blob(n, 1))
        inputs = {
            "map": await open_map(daemon, source("map", blob(n, 1), str(path))),
            "mask": await open_map(daemon, source("mask", ball(n, 0.6))),
        }
        self.assertEqual((await daemon.call("volume.describe", {"volume": inputs["map"]}))["source"], "upload")
        job = await jobs.submit("no-reference", inputs, {"windowSize": 10}, Listener())
        ended = await jobs.end(job["id"])
        voxels = await voxels_of(daemon, ended["outputs"]["sharpened"], n)
        self.assertGreater(max(voxels), 0)
        for method, params in (
            ("volume.open", {"path": str(path)}),
            ("volume.save", {"volume": inputs["map"], "path": str(self.folder / "out.mrc")}),
            ("network.import", {"path": str(path)}),
        ):
            with self.assertRaises(DaemonError) as refused:
                await daemon.call(method, params)
            self.assertEqual(refused.exception.kind, "access.path")

    async def test_no_daemon_is_started_when_that_is_not_wanted(self):
        with self.assertRaises(NoDaemon) as none:
            await self.client(autostart=False)
        self.assertIn("locscale start", none.exception.message)
        self.assertIsNone(find_daemon())

    async def test_a_program_that_is_not_there_and_one_that_fails_are_named(self):
        os.environ["LOCSCALE_PROGRAM"] = str(self.folder / "nothing")
        with self.assertRaises(NoDaemon) as missing:
            await self.client()
        self.assertIn("nothing", missing.exception.message)
        failing = self.folder / "failing"
        failing.write_text("#!/bin/sh\necho 'no such luck' >&2\nexit 3\n")
        failing.chmod(0o755)
        with self.assertRaises(NoDaemon) as failed:
            await self.client(program=str(failing))
        self.assertIn("no such luck", failed.exception.message)

    async def test_the_file_of_a_killed_daemon_is_not_a_daemon(self):
        self.start()
        pid = self.connection()["pid"]
        self.kill_daemon()
        await within(10, lambda: not process_runs(pid), "daemon ended")
        self.assertIsNone(find_daemon())
        daemon, _, _ = await self.client()
        self.assertNotEqual(self.connection()["pid"], pid)
        self.assertEqual(daemon.hello["name"], "locscale")


if __name__ == "__main__":
    unittest.main()
