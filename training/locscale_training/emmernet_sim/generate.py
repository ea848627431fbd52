"""
Makes cubes to train on. Each case goes into a file of its own, so that several runs can share the work and a run that
was stopped goes on; a case follows from the seed and its number alone.

    python3 -m locscale_training.emmernet_sim.generate --models MODELS --out DIR --split train --cases 1000
"""

import argparse
import os
import pathlib
import zlib

import numpy as np

from ..simulate.models import models_of
from ..simulate.structure import read_structure
from .cases import make_case

CUBE = 32
#: Cubes of a case, and the part of them that may lie anywhere, solvent too (EMmerNet's training had 4 : 1).
CUBES, ANYWHERE = 20, 4


def case_seed(seed, split, number):
    return np.random.SeedSequence([seed, zlib.crc32(split.encode()), number])


def cut_cubes(rng, case, count=CUBES, anywhere=ANYWHERE):
    """(inputs, targets) of cubes around the molecule, and some that may be anywhere; (n, 32, 32, 32) each."""
    room = np.array(case.full.shape) - CUBE
    inside = np.argwhere(case.inside[::2, ::2, ::2] > 0.5) * 2
    starts = []
    for number in range(count):
        if number < anywhere or len(inside) == 0:
            starts.append(rng.integers(0, room + 1))
        else:
            centre = inside[rng.integers(len(inside))] + rng.integers(-8, 9, 3)
            starts.append(np.clip(centre - CUBE // 2, 0, room))
    spans = [tuple(slice(at, at + CUBE) for at in start) for start in starts]
    return np.stack([case.standardised[span] for span in spans]), np.stack([case.truth[span] for span in spans])


def pick(entries, seed, split, number):
    """Every model once, in an order of its own, before any comes again."""
    lap, at = divmod(number, len(entries))
    order = np.random.default_rng(case_seed(seed, f"{split} order", lap)).permutation(len(entries))
    return entries[order[at]]


def generate(entries, out, split, seed, numbers):
    out.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        path = out / f"{split}-{number:05d}.npz"
        if path.exists():
            continue
        entry = pick(entries, seed, split, number)
        rng = np.random.default_rng(case_seed(seed, split, number))
        case = make_case(rng, read_structure(entry.path), entry.membrane)
        inputs, targets = cut_cubes(rng, case)
        unfinished = path.with_suffix(f".{os.getpid()}.part")
        with open(unfinished, "wb") as file:
            np.savez(
                file, inputs=inputs.astype("f2"), targets=targets.astype("f2"), resolution=case.conditions.resolution
            )
        unfinished.rename(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=pathlib.Path, required=True, help="folder of models with its index.json")
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--split", choices=["train", "calibrate", "test"], default="train")
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    numbers = range(given.first, given.first + given.cases)
    generate(models_of(given.models, given.split), given.out, given.split, given.seed, numbers)


if __name__ == "__main__":
    main()
