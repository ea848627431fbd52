"""The segmenter's network, its loss and its cubes."""

import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch

from locscale_training.surfer_sim.dataset import Boxes
from locscale_training.surfer_sim.evaluate import largest, predict, starts
from locscale_training.surfer_sim.network import CUBE, Segmenter
from locscale_training.surfer_sim.train import loss_of


class Network(unittest.TestCase):
    def test_keeps_the_size_of_a_cube(self):
        network = Segmenter().eval()
        with torch.no_grad():
            self.assertEqual(tuple(network(torch.zeros(1, 1, 32, 32, 32)).shape), (1, 1, 32, 32, 32))
        self.assertEqual(sum(parameter.numel() for parameter in network.parameters()), 791_297)

    def test_loss_is_least_for_the_truth(self):
        belt = (torch.rand(1, 1, 8, 8, 8, generator=torch.Generator().manual_seed(1)) > 0.7).float()
        right, wrong = loss_of(20 * belt - 10, belt), loss_of(10 - 20 * belt, belt)
        self.assertLess(right.item(), 0.1)
        self.assertGreater(wrong.item(), 5)


class Cubes(unittest.TestCase):
    def test_are_cut_from_boxes_with_their_labels(self):
        with tempfile.TemporaryDirectory() as folder:
            random = np.random.default_rng(1)
            belt = np.zeros((72, 72, 72), bool)
            belt[20:30, 20:30, 20:30] = True
            protein = np.roll(belt, 20, axis=0)
            box = (random.normal(size=belt.shape) * 0.1 + 3 * belt).astype(np.float16)
            np.savez(Path(folder) / "00000.npz", map=box, belt=belt, protein=protein, sigma=0.1)
            cubes, labels = Boxes(Path(folder), seed=1, held=1).batch(4)
        self.assertEqual(cubes.shape, (4, 1, CUBE, CUBE, CUBE))
        for cube, label in zip(cubes, labels):
            if label.any():
                self.assertGreater(cube[label > 0].min(), cube[label == 0].max())

    def test_cover_a_box(self):
        for n in (64, 65, 90, 128):
            covered = np.zeros(n, bool)
            for start in starts(n):
                covered[start : start + CUBE] = True
            self.assertTrue(covered.all())
        network = Segmenter().eval()
        found = predict(network, np.random.default_rng(2).normal(size=(64, 64, 64)))
        self.assertTrue(((found >= 0) & (found <= 1)).all())

    def test_largest_piece(self):
        mask = np.zeros((6, 6, 6), bool)
        mask[0, 0, :2] = mask[3:5, 3:5, 3:5] = True
        self.assertEqual(largest(mask).sum(), 8)


if __name__ == "__main__":
    unittest.main()
