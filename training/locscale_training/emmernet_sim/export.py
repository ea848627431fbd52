"""
Delivers a trained network: ONNX graph and manifest as the program keeps them, model card, and a cube for the tests.

    python3 -m locscale_training.emmernet_sim.export --work DIR --held DIR --models MODELS

The graph is written by the program's own importer (`locscale network import`), so there is one writer of graphs; the
program must be built. The cube is a part of a held-out reconstruction with PyTorch's result for it.
"""

import argparse
import base64
import json
import os
import pathlib
import subprocess
import tempfile

import numpy as np
import torch

from ..simulate.models import models_of
from .card import card
from .evaluate import load
from .generate import CUBE
from .map_share import DENSITY, MOST

ROOT = pathlib.Path(__file__).resolve().parents[3]
DELIVERED = ROOT / "daemon/data/networks/emmernet-sim"
FIXTURE = ROOT / "test/networks/fixtures/emmernet-sim-cube.json"
LICENCE = "GPL-3.0-or-later"
#: Every third voxel of PyTorch's result is enough to tell graphs apart.
EVERY = 3


def import_graph(network, evaluation, entries):
    """Has the importer write graph and manifest, and puts them where the program looks for its own networks."""
    training = f"Maps simulated from {len(entries)} deposited atomic models; nothing measured. "
    training += "See README.md beside the graph."
    with tempfile.TemporaryDirectory() as folder:
        home = pathlib.Path(folder)
        torch.save(network.state_dict(), home / "emmernet-sim.pt")
        (home / "calibrator.json").write_text(json.dumps(evaluation["calibrator"]))
        said = ["--name", "emmernet-sim", "--licence", LICENCE, "--training-data", training]
        said += ["--calibrator", str(home / "calibrator.json")]
        command = ["node", str(ROOT / "daemon/bin/locscale.js"), "network", "import", str(home / "emmernet-sim.pt")]
        subprocess.run([*command, *said], check=True, env={**os.environ, "LOCSCALE_HOME": str(home / "state")})
        kept = home / "state" / "networks"
        manifest = json.loads((kept / "emmernet-sim.json").read_text())
        DELIVERED.mkdir(parents=True, exist_ok=True)
        (DELIVERED / "network.onnx").write_bytes((kept / manifest["graph"]["file"]).read_bytes())
    manifest["graph"]["file"] = "network.onnx"
    manifest["source"]["from"] = "training/locscale_training/emmernet_sim"
    manifest |= {"turned": True, "mapShare": {"most": MOST, "density": DENSITY}}
    manifest["notes"].append("Trained on simulated maps alone; measured maps hold more than the simulation knows.")
    (DELIVERED / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")


def encoded(values, kind):
    return base64.b64encode(np.ascontiguousarray(values, dtype=kind).tobytes()).decode()


def typical(rows):
    """The case whose gain in correlation over the map as it came is the middle one."""
    gains = np.array([row["cc_fem"] - row["cc_input"] for row in rows])
    return rows[int(np.argsort(gains)[len(gains) // 2])]


def write_cube(network, held, rows):
    """A cube from the middle of a typical reconstruction, with the truth and with what PyTorch makes of it."""
    facts = typical(rows)
    with np.load(held / f"test-{facts['number']:04d}.npz") as file:
        middle = tuple(slice((n - CUBE) // 2, (n - CUBE) // 2 + CUBE) for n in file["truth"].shape)
        given, truth = (file[name][middle].astype("f2") for name in ("standardised", "truth"))
    with torch.no_grad():
        mean, spread = network(torch.from_numpy(given.astype("f4"))[None, None])
    cube = {
        "made by": "training/locscale_training/emmernet_sim/export.py",
        "model": facts["id"],
        "every": EVERY,
        "input": encoded(given, "<f2"),
        "truth": encoded(truth, "<f2"),
        "mean": encoded(mean.numpy().ravel()[::EVERY], "<f4"),
        "spread": encoded(spread.numpy().ravel()[::EVERY], "<f4"),
    }
    FIXTURE.write_text(json.dumps(cube, indent=1) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=pathlib.Path, required=True, help="folder with checkpoint and evaluation")
    parser.add_argument("--held", type=pathlib.Path, required=True, help="folder that `hold_out` wrote into")
    parser.add_argument("--models", type=pathlib.Path, required=True)
    parser.add_argument("--machine", default="", help="what the training ran on, for the card")
    parser.add_argument("--history", default="", help="what the card should say of how the training went")
    parser.add_argument("--remarks", default="", help="what the card should say of how the figures came about")
    given = parser.parse_args()
    network, _ = load(given.work / "checkpoint.pt")
    evaluation = json.loads((given.work / "evaluation.json").read_text())
    entries = models_of(given.models, "train")
    import_graph(network, evaluation, entries)
    write_cube(network, given.held, evaluation["cases"])
    parameters = sum(parameter.numel() for parameter in network.parameters())
    said = card(evaluation, entries, parameters, given.machine, given.history, given.remarks)
    (DELIVERED / "README.md").write_text(said)
    written = [str(DELIVERED / "manifest.json"), str(FIXTURE)]
    subprocess.run(["npx", "prettier", "--write", *written], check=True, cwd=ROOT)


if __name__ == "__main__":
    main()
