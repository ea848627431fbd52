"""A daemon elsewhere, and networks."""

import json
import os

import numpy

from stage import FOLDER, MICELLE, QUICK, Heard, array_of, hub, numbered, open_pair, refused, run, session, wait_until


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
