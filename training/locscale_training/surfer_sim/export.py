"""Writes a checkpoint as the network that comes with the program (daemon/data/networks/surfer-sim): graph, manifest.

    PYTHONPATH=training python3 -m locscale_training.surfer_sim.export --checkpoint FILE --out DIR
"""

import argparse
import hashlib
import json
from datetime import datetime, timezone
from pathlib import Path

import torch

from .evaluate import STRIDE, load
from .network import CUBE, VOXEL


def main() -> None:
    words = argparse.ArgumentParser()
    words.add_argument("--checkpoint", type=Path, required=True)
    words.add_argument("--out", type=Path, required=True)
    given = words.parse_args()
    network = load(given.checkpoint)
    given.out.mkdir(parents=True, exist_ok=True)
    graph = given.out / "network.onnx"
    axes = {0: "N", 2: "D", 3: "H", 4: "W"}
    torch.onnx.export(
        network,
        torch.zeros(1, 1, CUBE, CUBE, CUBE),
        str(graph),
        opset_version=17,
        input_names=["map"],
        output_names=["logit"],
        dynamic_axes={"map": axes, "logit": axes},
    )
    content = graph.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    manifest = {
        "version": 1,
        "name": "surfer-sim",
        "graph": {"file": graph.name, "bytes": len(content), "sha256": digest},
        "source": {"format": "onnx", "from": "training/ of this repository", "bytes": len(content), "sha256": digest},
        "importedAt": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "program": "training/locscale_training/surfer_sim",
        "input": [1, CUBE, CUBE, CUBE],
        "output": [1, CUBE, CUBE, CUBE],
        "parameters": sum(parameter.numel() for parameter in network.parameters()),
        "dropouts": [],
        "licence": "GPL-3.0-or-later",
        "trainingData": "Simulated maps of deposited models with simulated belts of detergent, nanodiscs and membranes",
        "calibrator": None,
        "segmentation": {"voxelSize": VOXEL, "stride": STRIDE, "resampling": "fourier", "output": "logit"},
        "notes": ["Trained on simulated maps only; see its README for what it was measured on."],
    }
    (given.out / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")


if __name__ == "__main__":
    main()
