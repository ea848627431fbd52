"""How long the thread of the interface is busy with us."""

import time
from contextlib import contextmanager

from chimerax.atomic import AtomicStructure
from chimerax.locscale.commands.sharpen import sharpen

from stage import FOLDER, ball, blob, hub, numbered, numbers, open_array, open_helices, run, session, wait_until


@contextmanager
def measured():
    """Milliseconds of the processor for each call that the worker has made in the thread of the interface."""
    calls, run_call = [], hub.queue._run

    def timed(function, values):
        started = time.thread_time()
        run_call(function, values)
        calls.append(1000 * (time.thread_time() - started))

    hub.queue._run = timed
    try:
        yield calls
    finally:
        del hub.queue._run


def test_the_interface_is_not_held_up():
    """Time of the processor that our code takes in the thread of the interface; it never waits there."""
    open_array(blob(160), "large")
    open_array(ball(160), "mask")
    run("volume #1 level 0.45; hide #2 models")
    with measured() as calls:
        started = time.thread_time()
        run("locscale sharpen #1 mask #2 mode none window 10 bfactor 30")
        command = 1000 * (time.thread_time() - started)
        job = hub.jobs[max(hub.jobs)]
        wait_until(lambda: job.ended)
    assert job.state == "done", job.message
    numbers["ms of the command (160³)"] = round(command, 1)
    numbers["ms of the longest call (160³)"] = round(max(calls), 1)
    numbers["calls"] = len(calls)
    assert command < 50 and max(calls) < 50, numbers


def test_a_large_model_does_not_hold_up_the_interface():
    n, path = 99_990, FOLDER / "large.pdb"
    line = "ATOM  {:5d}  CA  ALA {}{:4d}    {:8.3f}{:8.3f}{:8.3f}  1.00 40.00           C"
    atoms = (line.format(i, "ABCDEFGHIJ"[i // 9999], i % 9999 + 1, i % 50, i // 50 % 50, i // 2500) for i in range(n))
    path.write_text("\n".join([*atoms, "END", ""]))
    run(f"open {path}")
    open_array(blob(40), "map")
    model, volume = session.models.list(type=AtomicStructure)[0], numbered(2)
    with measured() as calls:
        # Without the command line: ChimeraX alone takes 150 ms to find out what #1 means.
        started = time.thread_time()
        sharpen(session, volume, model=model, resolution=4)
        command = 1000 * (time.thread_time() - started)
        job = hub.jobs[max(hub.jobs)]
        wait_until(lambda: job.ended or job.daemon_id is not None)
    numbers["ms of the command (99,990 atoms)"] = round(command, 1)
    numbers["ms of the longest call (99,990 atoms)"] = round(max(calls), 1)
    assert job.daemon_id is not None, job.message
    assert len(calls) >= 10 and command < 50 and max(calls) < 50, numbers
    hub.cancel(job)
    wait_until(lambda: job.ended)
    assert job.state == "cancelled", job.message


def test_a_model_that_is_closed_while_it_is_read_fails_its_job_alone():
    open_helices()
    run("locscale sharpen #2 model #1 resolution 4; close #1")
    job = hub.jobs[max(hub.jobs)]
    wait_until(lambda: job.ended)
    assert job.state == "failed" and "was closed or changed" in job.message, (job.state, job.message)
