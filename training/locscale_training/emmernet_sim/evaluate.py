"""
Measures the network on simulated reconstructions of models that it was not trained on, and fits its calibrator on others.

    python3 -m locscale_training.emmernet_sim.evaluate --models MODELS --work DIR --cases 60

Writes `evaluation.json` into the work folder.
"""

import argparse
import json
import pathlib
import time

import numpy as np
import torch
from scipy import ndimage

from ..simulate.models import models_of
from ..simulate.structure import read_structure
from .calibrate import Calibrator, coverage, fit, standard_error
from .cases import make_case
from .generate import case_seed, pick
from .measure import (
    best_globally_sharpened,
    correlation,
    globally_sharpened,
    half_map_curve,
    resolution_at,
)
from .network import EmmernetSim
from .predict import predict

#: Voxels of a case that count for the calibrator and for coverage; all cases count alike.
VOXELS = 20_000
SEED = 20261121


def load(checkpoint, device="cpu"):
    state = torch.load(checkpoint, map_location=device)
    network = EmmernetSim().to(device)
    network.load_state_dict(state["network"])
    return network.eval(), {key: state[key] for key in ("step", "steps", "seconds", "cubes", "seed", "batch")}


def simulated(models, split, number, seed=SEED):
    entries = models_of(models, split)
    entry = pick(entries, seed, split, number)
    rng = np.random.default_rng(case_seed(seed, split, number))
    return entry, make_case(rng, read_structure(entry.path), entry.membrane)


def soft_mask(case):
    """What a user's mask would be: the molecule and a few angstrom around it, with a soft edge."""
    grown = ndimage.gaussian_filter((case.inside > 0.15).astype("f4"), 1.5)
    return np.clip(2 * grown, 0, 1)


def run_case(network, case, device, number):
    mask = soft_mask(case)
    chosen = mask > 0.5
    found = predict(network, case.standardised, chosen, seed=number, device=device)
    pixels = np.random.default_rng(number).choice(np.flatnonzero(chosen), min(VOXELS, int(chosen.sum())), replace=False)
    error = (found.mean - case.truth).ravel()[pixels]
    return mask, chosen, found, error, standard_error(found.variance.ravel()[pixels])


def compare(case, mask, chosen, found):
    """The figures of a case: correlation and FSC = 0.5 with the truth, of the map, sharpened globally, and enhanced."""
    sharpened, b = globally_sharpened(case.full, case.halves, mask, case.voxel)
    resolution = half_map_curve(case.halves, mask, case.voxel)[2]
    figures = {"half_map_resolution": resolution, "guinier_b": b}
    for name, density_map in (("input", case.full), ("global", sharpened), ("plain", found.plain), ("fem", found.mean)):
        figures[f"cc_{name}"] = correlation(density_map, case.truth, chosen)
        figures[f"fsc_{name}"] = resolution_at(density_map, case.truth, mask, case.voxel)
    figures["cc_best_b"] = best_globally_sharpened(case.full, case.truth, chosen, case.voxel, resolution)
    return {key: round(float(value), 4) for key, value in figures.items()}


def calibrate(network, models, cases, device):
    errors, spreads = [], []
    for number in range(cases):
        _, case = simulated(models, "calibrate", number)
        *_, error, spread = run_case(network, case, device, number)
        errors.append(error)
        spreads.append(spread)
    return fit(np.concatenate(errors), np.concatenate(spreads))


def evaluate(given):
    device = given.device or ("cuda" if torch.cuda.is_available() else "cpu")
    network, training = load(given.work / "checkpoint.pt", device)
    started = time.time()
    calibrator: Calibrator = calibrate(network, given.models, given.calibrate, device)
    print(json.dumps({"calibrated": round(time.time() - started), "knots": len(calibrator.x)}), flush=True)
    rows, errors, sigmas = [], [], []
    for number in range(given.cases):
        entry, case = simulated(given.models, "test", number)
        mask, chosen, found, error, spread = run_case(network, case, device, number)
        c = case.conditions
        row = {"id": entry.id, "type": entry.kind, "resolution": round(c.resolution, 2), "belt": c.belt > 0}
        row |= compare(case, mask, chosen, found) | {"coverage": coverage(error, calibrator(spread))}
        rows.append(row)
        errors.append(error)
        sigmas.append(calibrator(spread))
        print(json.dumps(row), flush=True)
        summary = summarise(rows, np.concatenate(errors), np.concatenate(sigmas))
        report = {"training": training, "summary": summary, "calibrator": calibrator.as_json(), "cases": rows}
        (given.work / "evaluation.json").write_text(json.dumps(report, indent=1))
    print(json.dumps(summary, indent=1))


def summarise(rows, errors, sigmas):
    def better(key, than, larger):
        ours, theirs = (np.array([row[name] for row in rows]) for name in (key, than))
        return round(100 * float(np.mean(ours > theirs if larger else ours < theirs)), 1)

    def spread_of(values):
        return [round(float(v), 3) for v in np.quantile(values, [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1])]

    return {
        "cases": len(rows),
        "models": len({row["id"] for row in rows}),
        "better_percent": {
            "cc_than_input": better("cc_fem", "cc_input", True),
            "cc_than_global": better("cc_fem", "cc_global", True),
            "cc_than_best_b": better("cc_fem", "cc_best_b", True),
            "fsc_than_input": better("fsc_fem", "fsc_input", False),
            "fsc_than_global": better("fsc_fem", "fsc_global", False),
        },
        "distribution": {
            key: spread_of([row[key] for row in rows])
            for key in rows[0]
            if key.startswith(("cc_", "fsc_")) or key == "half_map_resolution"
        },
        "coverage": {level: round(value, 2) for level, value in coverage(errors, sigmas).items()},
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=pathlib.Path, required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True, help="folder with the checkpoint")
    parser.add_argument("--cases", type=int, default=60, help="simulations of the test models")
    parser.add_argument("--calibrate", type=int, default=30, help="simulations of the models for the calibrator")
    parser.add_argument("--device")
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    evaluate(given)


if __name__ == "__main__":
    main()
