"""Measures a checkpoint on held-out boxes; writes the numbers of the model card.

    PYTHONPATH=training python3 -m locscale_training.surfer_sim.evaluate --data DIR/test --checkpoint FILE --json OUT

A box is cut into cubes as the program does it. Dice: of voxels of probability 0.5 and more with the simulated belt.
False positives: volume of such voxels in boxes without a belt, as part of the protein's volume.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from scipy import ndimage

from .network import CUBE, Segmenter

STRIDE = 32


def starts(n: int) -> list[int]:
    return list(range(0, n - CUBE, STRIDE)) + [n - CUBE]


def predict(network: Segmenter, box: np.ndarray) -> np.ndarray:
    """Probabilities of a box of voxels of 2 Å, edges of at least one cube."""
    standard = ((box - box.mean()) / (10 * box.std())).astype(np.float32)
    total, count = np.zeros_like(standard), np.zeros_like(standard)
    for z in starts(box.shape[0]):
        for y in starts(box.shape[1]):
            for x in starts(box.shape[2]):
                cut = np.s_[z : z + CUBE, y : y + CUBE, x : x + CUBE]
                with torch.no_grad():
                    logits = network(torch.from_numpy(standard[cut][None, None].copy()))
                total[cut] += torch.sigmoid(logits)[0, 0].numpy()
                count[cut] += 1
    return total / count


def largest(mask: np.ndarray) -> np.ndarray:
    labels, found = ndimage.label(mask)
    return labels == 1 + np.bincount(labels.ravel())[1:].argmax() if found else mask


def load(checkpoint: Path) -> Segmenter:
    network = Segmenter()
    network.load_state_dict(torch.load(checkpoint, map_location="cpu")["average"])
    return network.eval()


def measure(network: Segmenter, path: Path) -> dict:
    with np.load(path) as stored:
        box, belt, protein = stored["map"].astype(np.float32), stored["belt"], stored["protein"]
        facts = {name: stored[name].item() for name in ("kind", "model", "membrane", "resolution", "sigma", "smeared")}
    found = predict(network, box) >= 0.5
    one = largest(found)
    overlap = [2 * (mask & belt).sum() / max(mask.sum() + belt.sum(), 1) for mask in (found, one)]
    false = [(mask & ~belt).sum() / protein.sum() for mask in (found, one)]
    return {
        **facts,
        "dice": float(overlap[0]),
        "dice_largest": float(overlap[1]),
        "false_positive": float(false[0]),
        "false_positive_largest": float(false[1]),
    }


def spread(values: list[float]) -> dict:
    if not values:
        return {"boxes": 0}
    at = {f"p{p}": round(float(np.percentile(values, p)), 4) for p in (5, 25, 50, 75, 95)}
    return {"boxes": len(values), "mean": round(float(np.mean(values)), 4), **at}


def main() -> None:
    words = argparse.ArgumentParser()
    words.add_argument("--data", type=Path, required=True)
    words.add_argument("--checkpoint", type=Path, required=True)
    words.add_argument("--json", type=Path)
    words.add_argument("--most", type=int, default=1000)
    given = words.parse_args()
    torch.set_num_threads(1)
    network = load(given.checkpoint)
    boxes = []
    for path in sorted(given.data.glob("*.npz"))[: given.most]:
        boxes.append(measure(network, path))
        print({key: round(v, 3) if isinstance(v, float) else v for key, v in boxes[-1].items()}, flush=True)
    belts = [box for box in boxes if box["kind"] != "none"]
    none = [box for box in boxes if box["kind"] == "none" and not box["membrane"]]
    groups = {
        "dice, all belts": [box["dice"] for box in belts],
        "dice, membrane proteins": [box["dice"] for box in belts if box["membrane"]],
        "dice, membrane proteins, largest piece": [box["dice_largest"] for box in belts if box["membrane"]],
        "dice, other proteins with a belt": [box["dice"] for box in belts if not box["membrane"]],
        **{f"dice, {kind}": [box["dice"] for box in belts if box["kind"] == kind] for kind in KINDS},
        "false positives, soluble, part of the protein's volume": [
            box["false_positive"] for box in none if not box["smeared"]
        ],
        "false positives, soluble with a flexible domain": [box["false_positive"] for box in none if box["smeared"]],
    }
    result = {name: spread(values) for name, values in groups.items()}
    print(json.dumps(result, indent=1))
    if given.json:
        given.json.write_text(json.dumps({"summary": result, "boxes": boxes}, indent=1) + "\n")


KINDS = ("micelle", "nanodisc", "flat", "curved")

if __name__ == "__main__":
    main()
