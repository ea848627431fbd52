"""Makes the small held-out boxes of 03-embedded.test.ts.

    PYTHONPATH=training python3 test/surfer/make_fixture.py MODELS

Two simulated boxes of proteins that the training has not seen, as 8-bit maps (a membrane protein with a micelle, and a
soluble protein); beside them the belts, one bit a voxel, z slowest.
"""

import gzip
import json
import sys
from pathlib import Path

import numpy as np

from locscale_training.surfer_sim.models import read_atoms
from locscale_training.surfer_sim.simulate import VOXEL, simulate

FIXTURES = Path(__file__).parent / "fixtures"
LARGEST = 76
BOXES = (("micelle", "1U19.cif.gz", True, "micelle", 11), ("soluble", "2SRC.pdb.gz", False, "none", 3))


def main() -> None:
    models = Path(sys.argv[1])
    FIXTURES.mkdir(exist_ok=True)
    facts = {}
    for name, file, membrane, kind, seed in BOXES:
        box = simulate(read_atoms(models / file), membrane, kind, np.random.default_rng(seed))
        # The middle of the box, so that the fixture is small.
        cut = tuple(slice(max(0, (n - LARGEST) // 2), max(0, (n - LARGEST) // 2) + LARGEST) for n in box["map"].shape)
        density, belt, protein = box["map"].astype(np.float32)[cut], box["belt"][cut], box["protein"][cut]
        scale = 127 / max(float(np.abs(density).max()), 1e-6)
        quantised = np.round(density * scale).astype(np.int8)
        (FIXTURES / f"{name}.map.gz").write_bytes(gzip.compress(quantised.tobytes(), 9, mtime=0))
        (FIXTURES / f"{name}.belt.gz").write_bytes(gzip.compress(np.packbits(belt).tobytes(), 9, mtime=0))
        facts[name] = {
            "model": file.split(".")[0],
            "shape": list(density.shape),
            "voxelSize": VOXEL,
            "proteinVoxels": int(protein.sum()),
            "resolution": round(box["resolution"], 2),
            "smeared": box["smeared"],
            "solventSigma": round(float(box["sigma"]), 3),
        }
    (FIXTURES / "boxes.json").write_text(json.dumps(facts, indent=2) + "\n")


if __name__ == "__main__":
    main()
