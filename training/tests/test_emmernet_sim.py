"""Cases, network, training, calibration of emmernet-sim."""

import argparse
import pathlib
import tempfile
import unittest

import numpy as np
import torch
from scipy import ndimage

from locscale_training.emmernet_sim import calibrate, card, cases, generate, map_share, measure, predict, train
from locscale_training.emmernet_sim.network import PASS_SPREAD, EmmernetSim, crps
from locscale_training.simulate import structure


def molecule(count=500, seed=1):
    """A ball of atoms as dense as protein."""
    rng = np.random.default_rng(seed)
    positions = rng.normal(size=(count, 3))
    radius = (count * 19 * 3 / (4 * np.pi)) ** (1 / 3)
    positions *= (radius * rng.uniform(size=count) ** (1 / 3) / np.linalg.norm(positions, axis=1))[:, None]
    elements = rng.choice(["C", "N", "O"], size=count, p=[0.63, 0.17, 0.2])
    kind = np.zeros(count, np.uint8)
    return structure.Structure("ball", positions, elements, rng.uniform(10, 50, count), np.ones(count), kind)


class Cases(unittest.TestCase):
    def test_a_case_follows_from_its_seed_and_has_the_resolution_asked_for(self):
        first, again = (cases.make_case(np.random.default_rng(5), molecule()) for _ in range(2))
        np.testing.assert_array_equal(first.standardised, again.standardised)
        self.assertEqual(first.full.shape, first.truth.shape)
        self.assertAlmostEqual(first.voxel, 1, delta=0.02)
        # Inside the molecule a target has the mean density of matter, whatever happened to the input.
        self.assertAlmostEqual(float(first.truth[first.inside > 0.5].mean()), 0.118, delta=0.03)
        np.testing.assert_allclose(first.full, (first.halves[0] + first.halves[1]) / 2, atol=1e-6)

    def test_cubes_lie_at_the_same_place_in_input_and_target(self):
        case = cases.make_case(np.random.default_rng(6), molecule())
        inputs, targets = generate.cut_cubes(np.random.default_rng(1), case)
        self.assertEqual(inputs.shape, (generate.CUBES, 32, 32, 32))
        related = [np.corrcoef(a.ravel(), b.ravel())[0, 1] for a, b in zip(inputs, targets)]
        shuffled = [np.corrcoef(a.ravel(), b.ravel())[0, 1] for a, b in zip(inputs, np.roll(targets, 1, axis=0))]
        self.assertGreater(np.median(related), 0.2)
        self.assertGreater(np.median(related), np.median(shuffled) + 0.1)

    def test_standardising_counts_the_box_that_is_not_there(self):
        small = np.random.default_rng(1).normal(0.3, 2, (20, 20, 20)).astype("f4")
        large = np.zeros((20, 20, 80), "f4")
        large[..., :20] = small
        expected = (large - large.mean()) / (10 * large.std())
        np.testing.assert_allclose(cases.standardise(small, 4.0), expected[..., :20], rtol=1e-4, atol=1e-6)


class Network(unittest.TestCase):
    def test_samples_have_the_mean_and_the_spread_in_closed_form(self):
        torch.manual_seed(1)
        network = EmmernetSim(width=4, width2=4, width3=4, noise=8)
        x = torch.randn(1, 1, 16, 16, 16) / 10
        with torch.no_grad():
            mean, error = network(x)
            spread = error * PASS_SPREAD
            prefix = network.prefix(x)
            samples = torch.stack([network.sample(prefix) for _ in range(2000)])
        self.assertLess(float((samples.mean(0) - mean).abs().max()), 5 * float(spread.max()) / 2000**0.5)
        self.assertAlmostEqual(float((samples.std(0) / spread).mean()), 1, delta=0.02)

    def test_the_score_is_least_for_the_true_distribution(self):
        truth = torch.randn(200_000, generator=torch.Generator().manual_seed(1)) * 2 + 1
        one = torch.ones(())
        true = float(crps(one * 1, one * 2, truth).mean())
        self.assertAlmostEqual(true, 2 / np.pi**0.5, delta=0.01)
        for mean, spread in ((1, 1.5), (1, 2.6), (0.5, 2), (1.5, 2)):
            self.assertGreater(float(crps(one * mean, one * spread, truth).mean()), true)


class ShellTerm(unittest.TestCase):
    def cubes(self, seed):
        """Molecule-like density: smooth, and strongest where it is coarse."""
        noise = torch.randn(2, 1, 32, 32, 32, generator=torch.Generator().manual_seed(seed))
        spectrum = torch.fft.rfftn(noise, dim=(2, 3, 4))
        s = torch.fft.fftfreq(32)
        squares = s[:, None, None] ** 2 + s[None, :, None] ** 2 + torch.fft.rfftfreq(32)[None, None] ** 2
        return torch.fft.irfftn(spectrum * torch.exp(-60 * squares), dim=(2, 3, 4))

    def test_gain_does_not_matter_and_strangers_have_nothing_in_common(self):
        truth, other, resolutions = self.cubes(1), self.cubes(2), torch.tensor([4.0, 5.0])
        self.assertAlmostEqual(float(train.shell_term(3 * truth, truth, resolutions)), 0, delta=1e-3)
        self.assertAlmostEqual(float(train.shell_term(other, truth, resolutions)), 1, delta=0.1)

    def test_a_weak_shell_counts_as_much_as_a_strong_one(self):
        truth, resolutions = self.cubes(1), torch.tensor([4.0, 4.0])
        spectrum = torch.fft.rfftn(truth, dim=(2, 3, 4))
        axis = torch.fft.fftfreq(32) * 32
        radius = (axis[:, None, None] ** 2 + axis[None, :, None] ** 2 + torch.arange(17)[None, None] ** 2).sqrt()

        def without(shell):
            return torch.fft.irfftn(spectrum * ((radius - shell).abs() > 1.2), dim=(2, 3, 4))

        coarse, fine = (float(train.shell_term(without(shell), truth, resolutions)) for shell in (3, 7))
        self.assertGreater(float((without(3) - truth).square().mean()), 3 * float((without(7) - truth).square().mean()))
        self.assertAlmostEqual(coarse, fine, delta=0.1)
        self.assertGreater(min(coarse, fine), 0.1)


class MapShare(unittest.TestCase):
    """Two maps of one density with errors of their own, in a ball."""

    def setUp(self):
        random, shape = np.random.default_rng(3), (30, 36, 32)
        away = np.sqrt(sum((np.indices(shape)[axis] - shape[axis] / 2) ** 2 for axis in range(3)))
        self.mask = away < 12
        noise = [ndimage.gaussian_filter(random.normal(size=shape), 1.2) for _ in range(3)]
        self.truth = (0.2 * (0.5 + noise[0]) * (away < 14)).astype("f4")
        self.first, self.second = ((self.truth + 0.12 * own * (away < 14)).astype("f4") for own in noise[1:])

    def near(self, density_map):
        return measure.correlation(density_map, self.truth, self.mask)

    def test_of_two_maps_with_errors_of_their_own_the_share_is_nearer_to_the_truth(self):
        shared = map_share.with_map_share(self.first, 5 * self.second, self.mask)
        self.assertGreater(self.near(shared), self.near(self.first) + 0.01)
        alone = map_share.with_map_share(self.first, 5 * self.first, self.mask)
        np.testing.assert_allclose(alone, self.first, atol=1e-4)

    def test_a_map_of_something_else_changes_little(self):
        stranger = ndimage.gaussian_filter(np.random.default_rng(4).normal(size=self.mask.shape), 1.2).astype("f4")
        shared = map_share.with_map_share(self.first, stranger, self.mask)
        self.assertLess(float((shared - self.first).std()), 0.02 * float(self.first[self.mask].std()))

    def test_what_the_prediction_took_away_stays_away(self):
        half = np.indices(self.mask.shape)[0] > 15
        cut = np.where(half, self.first, -1e-6).astype("f4")
        shared = map_share.with_map_share(cut, self.second, self.mask)
        away = np.indices(self.mask.shape)[0] < 8
        self.assertLess(float(np.abs(shared - cut)[away].max()), 0.05 * float(self.second[self.mask].std()))
        self.assertGreater(float(np.abs(shared - cut)[half].max()), 0.2 * float(self.second[self.mask].std()))


class Training(unittest.TestCase):
    def run_to(self, folder, steps):
        given = dict(cubes=folder, work=folder, steps=steps, batch=2, rate=1e-3, seed=3, every=2, device="cpu")
        train.train(0, argparse.Namespace(**given, threads=1, processes=1, bfloat16=False, start=None))
        return torch.load(folder / "checkpoint.pt")["network"]

    def test_a_run_that_was_stopped_ends_where_one_without_a_stop_ends(self):
        random = np.random.default_rng(1).normal(0, 0.1, (2, 4, 32, 32, 32)).astype("f2")
        rates = train.rate_at
        train.rate_at = lambda step, steps, top: top
        self.addCleanup(setattr, train, "rate_at", rates)
        with tempfile.TemporaryDirectory() as whole, tempfile.TemporaryDirectory() as parts:
            for folder in (whole, parts):
                np.savez(pathlib.Path(folder) / "train-00000.npz", inputs=random[0], targets=random[1], resolution=4.0)
            self.run_to(pathlib.Path(parts), 2)
            resumed = self.run_to(pathlib.Path(parts), 4)
            straight = self.run_to(pathlib.Path(whole), 4)
        for name, tensor in straight.items():
            torch.testing.assert_close(tensor, resumed[name], rtol=0, atol=0)


class Calibration(unittest.TestCase):
    def test_finds_the_spread_of_normal_errors(self):
        rng = np.random.default_rng(1)
        spread = rng.uniform(0.01, 0.1, 300_000)
        errors = rng.normal(0, 3 * spread)
        calibrator = calibrate.fit(errors, spread)
        np.testing.assert_allclose(calibrator.y[3:-3], 3 * calibrator.x[3:-3], rtol=0.08)
        for level, seen in calibrate.coverage(calibrator.deviates(errors, spread)).items():
            self.assertAlmostEqual(seen, level, delta=0.6)

    def test_errors_with_long_tails_are_covered_as_often_as_they_should(self):
        rng = np.random.default_rng(2)
        spread = rng.uniform(0.01, 0.1, 300_000)
        errors = 2 * spread * rng.laplace(size=len(spread))
        calibrator = calibrate.fit(errors[::2], spread[::2])
        for level, seen in calibrate.coverage(calibrator.deviates(errors[1::2], spread[1::2])).items():
            self.assertAlmostEqual(seen, level, delta=0.6)

    def test_isotonic_pools_neighbours_in_the_wrong_order(self):
        pooled = calibrate.isotonic([1, 3, 2, 5, 4, 0], [1, 1, 1, 1, 1, 2])
        np.testing.assert_allclose(pooled, [1] + [14 / 6] * 5)


class Card(unittest.TestCase):
    def test_says_what_is_reached_and_what_is_not(self):
        better = {"cc_input": 96.0, "cc_global": 97.0, "fsc_input": 95.0, "fsc_global": 98.0}
        coverage = {"70": 71.0, "99": 98.0}
        self.assertNotIn("Not reached", card.goals({"better_percent": better, "coverage": coverage}))
        said = card.goals({"better_percent": better | {"fsc_input": 94.9}, "coverage": coverage | {"70": 66.9}})
        self.assertEqual(said.count("Not reached"), 2)
        self.assertIn("94.9 %", said)
        self.assertIn("66.9 %", said)


class Maps(unittest.TestCase):
    def test_cubes_cover_a_map_as_the_program_lays_them(self):
        self.assertEqual(predict.starts(32), [0])
        self.assertEqual(predict.starts(33), [0, 1])
        self.assertEqual(predict.starts(49), [0, 16, 17])
        self.assertEqual(predict.starts(100), [0, 16, 32, 48, 64, 68])

    def test_global_sharpening_finds_the_b_factor(self):
        rng = np.random.default_rng(2)
        conditions = cases.draw_conditions(rng, False)
        conditions = cases.dataclasses.replace(
            conditions, resolution=3.0, voxel=1.0, b=120.0, b_spread=0.0, b_outward=0.0, solvent=0.0, belt=0.0,
            noise_b=0.0, weak=1.0, low_pass=None, masked=False,
        )  # fmt: skip
        case = cases.make_case(rng, molecule(2000), conditions=conditions)
        mask = np.clip(case.inside * 3, 0, 1)
        sharpened, b = measure.globally_sharpened(case.full, case.halves, mask, case.voxel)
        self.assertGreater(b, 80)
        self.assertLess(b, 260)
        chosen = mask > 0.5
        self.assertGreater(measure.correlation(sharpened, case.truth, chosen), 0.5)


if __name__ == "__main__":
    unittest.main()
