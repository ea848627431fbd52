"""
Measures the network on the reconstructions that `hold_out` made, and fits its calibrator on those of the other models.

    python3 -m locscale_training.emmernet_sim.evaluate run --held DIR --work DIR [--part 0 --parts 3]
    python3 -m locscale_training.emmernet_sim.evaluate report --work DIR

`run` leaves a file for each case, and several can share the work; `report` writes `evaluation.json` from them.
"""

import argparse
import json
import pathlib

import numpy as np
import torch

from .calibrate import coverage, fit, standard_error
from .measure import against_truth
from .network import EmmernetSim
from .predict import predict

#: Voxels of a case that count for the calibrator and for coverage; all cases count alike.
VOXELS = 20_000


def load(checkpoint, device="cpu"):
    """The network of a checkpoint, and how it was trained."""
    state = torch.load(checkpoint, map_location=device)
    network = EmmernetSim().to(device)
    network.load_state_dict(state["network"])
    return network.eval(), {key: state[key] for key in ("step", "steps", "seconds", "cubes", "seed", "batch")}


def run_case(network, path, out, device):
    with np.load(path) as held:
        standardised, truth, mask = (held[name].astype("f4") for name in ("standardised", "truth", "mask"))
        facts = json.loads(str(held["facts"]))
    chosen = mask > 0.5
    found = predict(network, standardised, chosen, seed=facts["number"], device=device)
    for name, density_map in (("plain", found.plain), ("fem", found.mean)):
        facts |= against_truth(name, density_map, truth, mask, facts["voxel"])
    random = np.random.default_rng(facts["number"])
    pixels = random.choice(np.flatnonzero(chosen), min(VOXELS, int(chosen.sum())), replace=False)
    error = (found.mean - truth).ravel()[pixels]
    np.savez(out, error=error, spread=standard_error(found.variance.ravel()[pixels]), facts=json.dumps(facts))


def run(given):
    torch.set_num_threads(given.threads)
    device = given.device or ("cuda" if torch.cuda.is_available() else "cpu")
    network, _ = load(given.work / "checkpoint.pt", device)
    results = given.work / "results"
    results.mkdir(exist_ok=True)
    for at, path in enumerate(sorted(given.held.glob("*.npz"))):
        if at % given.parts == given.part and not (results / path.name).exists():
            run_case(network, path, results / path.name, device)
            print(path.name, flush=True)


def read(results, split):
    rows, errors, spreads = [], [], []
    for path in sorted(results.glob(f"{split}-*.npz")):
        with np.load(path) as file:
            rows.append(json.loads(str(file["facts"])))
            errors.append(file["error"])
            spreads.append(file["spread"])
    return rows, errors, spreads


def report(given):
    results = given.work / "results"
    calibrated, errors, spreads = read(results, "calibrate")
    calibrator = fit(np.concatenate(errors), np.concatenate(spreads))
    rows, errors, spreads = read(results, "test")
    deviates = [calibrator.deviates(error, spread) for error, spread in zip(errors, spreads)]
    for row, own in zip(rows, deviates):
        row["coverage"] = {level: round(part, 1) for level, part in coverage(own).items()}
    _, training = load(given.work / "checkpoint.pt")
    summary = summarise(rows) | {
        "coverage": {level: round(part, 2) for level, part in coverage(np.concatenate(deviates)).items()},
        "calibration_cases": len(calibrated),
        "calibration_models": sorted({row["id"] for row in calibrated}),
    }
    written = {"training": training, "summary": summary, "calibrator": calibrator.as_json(), "cases": rows}
    (given.work / "evaluation.json").write_text(json.dumps(written, indent=1))
    print(json.dumps({key: summary[key] for key in ("cases", "better_percent", "coverage", "distribution")}))


#: Differences below these are hard to see: in correlation, and in resolution as a part of it.
SMALL_CC, SMALL_FSC = 0.005, 0.01
#: Quantiles that show a distribution: least, 5 %, quarter, middle, quarter, 95 %, most.
QUANTILES = (0, 0.05, 0.25, 0.5, 0.75, 0.95, 1)


def summarise(rows):
    """How often the feature-enhanced map is nearer to the truth than another, and how the figures are distributed."""

    def gain(key, than):
        """Positive when ours is better: a higher correlation, or a smaller resolution."""
        sign = -1 if key.startswith("fsc") else 1
        return np.array([sign * (row[key] - row[than]) for row in rows])

    def clearly_worse(key, than):
        if key.startswith("cc"):
            return gain(key, than) < -SMALL_CC
        return gain(key, than) < -SMALL_FSC * np.array([row[than] for row in rows])

    pairs = [("cc_fem", f"cc_{than}") for than in ("input", "global", "best_b")]
    pairs += [("fsc_fem", f"fsc_{than}") for than in ("input", "global")]
    figures = [key for key in rows[0] if key.startswith(("cc_", "fsc_"))] + ["half_map_resolution"]
    quantiles = {key: np.quantile([row[key] for row in rows], QUANTILES) for key in figures}
    gains = {than: np.quantile(gain(key, than), QUANTILES) for key, than in pairs}
    return {
        "cases": len(rows),
        "models": sorted({row["id"] for row in rows}),
        "better_percent": {than: round(100 * float(np.mean(gain(key, than) > 0)), 1) for key, than in pairs},
        "clearly_worse_percent": {
            than: round(100 * float(np.mean(clearly_worse(key, than))), 1) for key, than in pairs
        },
        "distribution": {key: [round(float(v), 3) for v in values] for key, values in quantiles.items()},
        "gain_over": {than: [round(float(v), 3) for v in values] for than, values in gains.items()},
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    running = commands.add_parser("run")
    running.add_argument("--held", type=pathlib.Path, required=True, help="folder that `hold_out` wrote into")
    running.add_argument("--part", type=int, default=0)
    running.add_argument("--parts", type=int, default=1)
    running.add_argument("--device")
    running.add_argument("--threads", type=int, default=1)
    running.set_defaults(do=run)
    reporting = commands.add_parser("report")
    reporting.set_defaults(do=report)
    for command in (running, reporting):
        command.add_argument("--work", type=pathlib.Path, required=True, help="folder with the checkpoint")
    given = parser.parse_args()
    given.do(given)


if __name__ == "__main__":
    main()
