"""Cubes for training from the simulated boxes."""

from pathlib import Path

import numpy as np

from .network import CUBE


class Boxes:
    """Draws cubes from a folder of boxes, of which some are held in memory and replaced one by one."""

    def __init__(self, folder: Path, seed: int, held: int = 48) -> None:
        self.folder = folder
        self.random = np.random.default_rng(seed)
        self.held = held
        self.boxes: list[dict] = []

    def _load(self) -> None:
        files = sorted(self.folder.glob("*.npz"))
        path = files[self.random.integers(len(files))]
        with np.load(path) as stored:
            box = {name: stored[name] for name in ("map", "belt", "protein", "sigma")}
        box["map"] = box["map"].astype(np.float32)
        box["sum"] = float(box["map"].sum(dtype=np.float64))
        box["sum2"] = float((box["map"].astype(np.float64) ** 2).sum())
        if len(self.boxes) < self.held:
            self.boxes.append(box)
        else:
            self.boxes[self.random.integers(self.held)] = box

    def batch(self, size: int) -> tuple[np.ndarray, np.ndarray]:
        """Standardised cubes and labels, each (size, 1, z, y, x)."""
        while len(self.boxes) < self.held:
            self._load()
        if self.random.random() < 0.7:
            self._load()
        cubes = [self._cube() for _ in range(size)]
        return np.stack([cube[0] for cube in cubes])[:, None], np.stack([cube[1] for cube in cubes])[:, None]

    def _cube(self) -> tuple[np.ndarray, np.ndarray]:
        random = self.random
        box = self.boxes[random.integers(len(self.boxes))]
        n = box["map"].shape[0]
        start = self._start(box, n)
        cut = tuple(slice(at, at + CUBE) for at in start)
        cube, belt = box["map"][cut], box["belt"][cut]
        # The box of a real map is wider than ours by solvent alone: that changes mean and deviation of the whole.
        wider = random.uniform(1.0, 2.2) ** 3
        voxels = n**3 * wider
        mean = box["sum"] / voxels
        deviation = np.sqrt(
            max((box["sum2"] + (voxels - n**3) * float(box["sigma"]) ** 2) / voxels - mean**2, 1e-12)
        )
        cube = (cube - mean) / (10 * deviation) * random.uniform(0.9, 1.1)
        order = random.permutation(3)
        flips = tuple(slice(None, None, -1) if random.random() < 0.5 else slice(None) for _ in range(3))
        cube, belt = cube.transpose(order)[flips], belt.transpose(order)[flips]
        return np.ascontiguousarray(cube, dtype=np.float32), np.ascontiguousarray(belt, dtype=np.float32)

    def _start(self, box: dict, n: int) -> list[int]:
        """Around a voxel of belt or protein, mostly; anywhere else now and then."""
        random = self.random
        if random.random() < 0.15:
            return [int(random.integers(0, n - CUBE + 1)) for _ in range(3)]
        wanted = box["belt"] if box["belt"].any() and random.random() < 0.6 else box["protein"]
        flat = wanted.ravel()
        for _ in range(200):
            at = random.integers(flat.size)
            if flat[at]:
                break
        place = np.unravel_index(at, wanted.shape)
        return [int(np.clip(p - random.integers(8, CUBE - 8), 0, n - CUBE)) for p in place]
