"""Simulated belts, and where the membrane is looked for."""

import unittest

import numpy as np

from locscale_training.surfer_sim.belt import make_belt
from locscale_training.surfer_sim.membrane_plane import Plane, hydrophobic_plane
from locscale_training.surfer_sim.models import Atoms
from locscale_training.surfer_sim.simulate import VOXEL, simulate, splat
from locscale_training.surfer_sim.split import HELD_OUT_MEMBRANE, MEMBRANE, part_of


def bundle(tilt: np.ndarray, random: np.random.Generator) -> Atoms:
    """A cylinder of residues, 70 Å long along `tilt`: leucine in the middle 28 Å, lysine beyond."""
    tilt = tilt / np.linalg.norm(tilt)
    side = np.cross(tilt, [0.3, 0.5, -0.8])
    side /= np.linalg.norm(side)
    across = np.cross(tilt, side)
    height = random.uniform(-35, 35, 900)
    radius, angle = 16 * np.sqrt(random.uniform(0, 1, 900)), random.uniform(0, 2 * np.pi, 900)
    xyz = height[:, None] * tilt + (radius * np.cos(angle))[:, None] * side + (radius * np.sin(angle))[:, None] * across
    residue = np.where(np.abs(height) < 14, "LEU", "LYS")
    return Atoms(xyz + 100, np.full(900, 6.0, np.float32), np.full(900, 30.0, np.float32), residue, np.full(900, "CB"))


class MembranePlane(unittest.TestCase):
    def test_is_found_where_the_hydrophobic_residues_are(self):
        random = np.random.default_rng(1)
        for tilt in ([0, 0, 1], [1, 0.4, 0.2], [0.5, -0.7, 0.6]):
            tilt = np.array(tilt, dtype=float)
            plane = hydrophobic_plane(bundle(tilt, random))
            self.assertGreater(abs(plane.normal @ tilt) / np.linalg.norm(tilt), 0.97)
            self.assertLess(abs((plane.centre - 100) @ plane.normal), 4)


class Belts(unittest.TestCase):
    def test_surround_the_protein_and_leave_it_out(self):
        random = np.random.default_rng(2)
        z, y, x = np.indices((64, 64, 64)) * VOXEL
        protein = ((x - 64) ** 2 + (y - 64) ** 2 < 15**2) & (np.abs(z - 64) < 40)
        plane = Plane(np.array([0.0, 0.0, 1.0]), np.array([64.0, 64.0, 64.0]))
        for kind in ("micelle", "nanodisc", "flat", "curved"):
            belt = make_belt(protein, plane, VOXEL, kind, random)
            self.assertFalse((belt.inside & protein).any())
            self.assertGreater(belt.inside.sum() * VOXEL**3, 10_000)
            # Denser within than beyond.
            self.assertGreater(
                belt.density[belt.inside].mean(), 5 * np.abs(belt.density[~belt.inside & ~protein]).mean()
            )
            if kind in ("micelle", "nanodisc"):
                self.assertFalse(belt.inside[np.abs(z - 64) > 35].any())


class Boxes(unittest.TestCase):
    def test_hold_map_and_belt_of_one_shape_and_repeat_with_the_seed(self):
        atoms = bundle(np.array([0.2, 0.3, 0.9]), np.random.default_rng(3))
        one, two = (simulate(atoms, True, "micelle", np.random.default_rng(4)) for _ in range(2))
        self.assertEqual(one["map"].shape, one["belt"].shape)
        self.assertTrue(np.isfinite(one["map"]).all())
        self.assertTrue((one["map"] == two["map"]).all())
        self.assertFalse((one["belt"] & one["protein"]).any())
        none = simulate(atoms, True, "none", np.random.default_rng(5))
        self.assertFalse(none["belt"].any())

    def test_splatting_keeps_the_weight(self):
        xyz = np.array([[3.2, 4.7, 5.5], [8.0, 8.0, 8.0]])
        out = splat(xyz, np.array([6.0, 7.0]), (16, 16, 16))
        self.assertAlmostEqual(out.sum(), 13.0)
        self.assertAlmostEqual(out[8, 8, 8], 7.0)
        self.assertGreater(out[5, 4, 3], 0)


class Split(unittest.TestCase):
    def test_holds_out_whole_families(self):
        self.assertTrue(HELD_OUT_MEMBRANE < MEMBRANE)
        self.assertEqual(part_of("1U19"), "test")
        self.assertEqual(part_of("8TSO"), part_of("8TSQ"))
        parts = [part_of(f"{number}ABC") for number in range(200)]
        self.assertGreater(parts.count("test"), 20)
        self.assertGreater(parts.count("train"), 120)


if __name__ == "__main__":
    unittest.main()
