"""Trains the segmenter; goes on from the last checkpoint.

    PYTHONPATH=training python3 -m locscale_training.surfer_sim.train --data DIR/train --work DIR --minutes 80
"""

import argparse
import time
from pathlib import Path

import torch
from torch.nn import functional

from .dataset import Boxes
from .network import Segmenter


def loss_of(logits: torch.Tensor, belt: torch.Tensor) -> torch.Tensor:
    """Cross entropy of each voxel, and overlap of the batch as a whole."""
    probability = torch.sigmoid(logits)
    overlap = (2 * (probability * belt).sum() + 100) / (probability.sum() + belt.sum() + 100)
    return functional.binary_cross_entropy_with_logits(logits, belt) + 0.5 * (1 - overlap)


def main() -> None:
    words = argparse.ArgumentParser()
    words.add_argument("--data", type=Path, required=True)
    words.add_argument("--work", type=Path, required=True)
    words.add_argument(
        "--minutes", type=float, default=80, help="of all runs together; the learning rate falls to 0 at their end"
    )
    words.add_argument("--threads", type=int, default=2)
    words.add_argument("--batch", type=int, default=4)
    words.add_argument("--rate", type=float, default=2e-3)
    given = words.parse_args()
    torch.set_num_threads(given.threads)
    torch.manual_seed(1)
    network = Segmenter()
    average = Segmenter()
    average.load_state_dict(network.state_dict())
    optimizer = torch.optim.AdamW(network.parameters(), lr=given.rate, weight_decay=1e-4)
    checkpoint = given.work / "checkpoint.pt"
    step, spent = 0, 0.0
    if checkpoint.exists():
        stored = torch.load(checkpoint)
        network.load_state_dict(stored["network"])
        average.load_state_dict(stored["average"])
        optimizer.load_state_dict(stored["optimizer"])
        step, spent = stored["step"], stored["spent"]
    boxes = Boxes(given.data, seed=1000 + step)
    start = saved = time.time()
    mean = 0.0
    while spent + (time.time() - start) / 60 < given.minutes:
        done = (spent + (time.time() - start) / 60) / given.minutes
        rate = given.rate * min(1.0, (step + 1) / 100) * (1.0 if done < 0.4 else (1 - done) / 0.6)
        for group in optimizer.param_groups:
            group["lr"] = rate
        cubes, belts = boxes.batch(given.batch)
        loss = loss_of(network(torch.from_numpy(cubes)), torch.from_numpy(belts))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        step += 1
        # The mean of the last hundred steps or so generalises better than the last one.
        with torch.no_grad():
            share = min(0.99, step / (step + 10))
            for kept, now in zip(average.parameters(), network.parameters()):
                kept.lerp_(now, 1 - share)
        mean += (loss.item() - mean) * max(0.02, 1 / step)
        if step % 20 == 0:
            minutes = spent + (time.time() - start) / 60
            print(f"step {step}, {minutes:.1f} min, loss {mean:.4f}, rate {rate:.5f}", flush=True)
        if time.time() - saved > 120:
            saved = time.time()
            _save(checkpoint, network, average, optimizer, step, spent + (saved - start) / 60)
    _save(checkpoint, network, average, optimizer, step, spent + (time.time() - start) / 60)


def _save(path: Path, network, average, optimizer, step: int, spent: float) -> None:
    content = {"network": network.state_dict(), "average": average.state_dict(), "optimizer": optimizer.state_dict()}
    hidden = path.with_suffix(".part")
    torch.save({**content, "step": step, "spent": spent}, hidden)
    hidden.rename(path)


if __name__ == "__main__":
    main()
