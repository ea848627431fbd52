"""
Simulates reconstructions of the models that are not trained on, once, with what does not depend on the network: the
figures of the map as it came and of global sharpening. Files that exist are kept.

    python3 -m locscale_training.emmernet_sim.hold_out --models MODELS --out DIR --split test --cases 60
"""

import argparse
import json
import os
import pathlib

import numpy as np
from scipy import ndimage

from ..simulate.models import models_of
from ..simulate.structure import read_structure
from .cases import make_case
from .generate import case_seed, pick
from .measure import baselines

#: Other simulations than those of the training, whatever its seed.
SEED = 20261126


def soft_mask(inside):
    """What a user's mask would be: the molecule and a few angstrom around it, with a soft edge."""
    grown = ndimage.gaussian_filter((inside > 0.15).astype("f4"), 1.5)
    return np.clip(2 * grown, 0, 1)


def hold_out(models, out, split, numbers):
    out.mkdir(parents=True, exist_ok=True)
    entries = models_of(models, split)
    for number in numbers:
        path = out / f"{split}-{number:04d}.npz"
        if path.exists():
            continue
        entry = pick(entries, SEED, split, number)
        case = make_case(
            np.random.default_rng(case_seed(SEED, split, number)), read_structure(entry.path), entry.membrane
        )
        mask = soft_mask(case.inside)
        c = case.conditions
        facts = {"id": entry.id, "type": entry.kind, "resolution": round(c.resolution, 2), "belt": c.belt > 0}
        facts |= {"number": number, "voxel": case.voxel} | baselines(case, mask)
        unfinished = path.with_suffix(f".{os.getpid()}.part")
        with open(unfinished, "wb") as file:
            np.savez(file, standardised=case.standardised, truth=case.truth, mask=mask, facts=json.dumps(facts))
        unfinished.rename(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--split", choices=["calibrate", "test"], required=True)
    parser.add_argument("--cases", type=int, default=60)
    parser.add_argument("--first", type=int, default=0)
    given = parser.parse_args()
    hold_out(given.models, given.out, given.split, range(given.first, given.first + given.cases))


if __name__ == "__main__":
    main()
