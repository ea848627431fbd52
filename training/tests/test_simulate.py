"""Simulation of maps, against closed forms."""

import gzip
import pathlib
import tempfile
import unittest

import numpy as np

from locscale_training.simulate import (
    b_fields,
    belts,
    density,
    fourier,
    models,
    noise,
    rotations,
    scattering,
    structure,
)

ATOM = "ATOM  {:5d}  {:<3s}{:1s}{:>3s} A{:4d}    {:8.3f}{:8.3f}{:8.3f}{:6.2f}{:6.2f}          {:>2s}"


def carbons(count, seed=1, box=32.0):
    """Carbon atoms at random places in the middle of a box."""
    positions = np.random.default_rng(seed).uniform(0.3 * box, 0.7 * box, (count, 3))
    return structure.Structure(
        "carbons", positions, np.array(["C"] * count), np.full(count, 30.0), np.ones(count), np.zeros(count, np.uint8)
    )


class Reading(unittest.TestCase):
    def read(self, name, text):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / name
            with gzip.open(path, "wt") as file:
                file.write(text)
            return structure.read_structure(path)

    def test_pdb_keeps_first_conformer_of_first_model_without_waters_and_hydrogens(self):
        lines = [
            ATOM.format(1, "CA", "A", "ALA", 1, 1, 2, 3, 0.5, 21.5, "C"),
            ATOM.format(2, "CA", "B", "ALA", 1, 9, 9, 9, 0.5, 21.5, "C"),
            ATOM.format(3, "HA", " ", "ALA", 1, 9, 9, 9, 1, 20, "H"),
            ATOM.format(4, "P", " ", "DA", 2, 4, 5, 6, 1, 30, "P"),
            ATOM.format(5, "O", " ", "HOH", 3, 9, 9, 9, 1, 20, "O"),
            "ENDMDL",
            ATOM.format(6, "CA", " ", "ALA", 4, 9, 9, 9, 1, 20, "C"),
        ]
        read = self.read("x.pdb.gz", "\n".join(lines))
        np.testing.assert_allclose(read.positions, [[1, 2, 3], [4, 5, 6]])
        self.assertEqual(read.elements.tolist(), ["C", "P"])
        self.assertEqual(read.kind.tolist(), [structure.PROTEIN, structure.NUCLEIC])
        np.testing.assert_allclose(read.occupancy, [0.5, 1])
        np.testing.assert_allclose(read.b, [21.5, 30])

    def test_the_first_model_of_an_ensemble_is_a_whole_molecule(self):
        lines = [ATOM.format(i, "CA", " ", "ALA", i, i, 2, 3, 0.1, 20, "C") for i in range(1, 4)]
        np.testing.assert_allclose(self.read("x.pdb.gz", "\n".join([*lines, "ENDMDL"])).occupancy, [1, 1, 1])

    def test_mmcif_gives_the_same_atoms(self):
        names = (
            "group_PDB id type_symbol label_atom_id label_comp_id label_asym_id label_seq_id Cartn_x Cartn_y Cartn_z"
        )
        names += " occupancy B_iso_or_equiv pdbx_PDB_model_num"
        rows = [
            "ATOM 1 C CA ALA A 1 1 2 3 0.5 21.5 1",
            "ATOM 2 C CA ALA A 1 9 9 9 0.5 21.5 1",
            'ATOM 3 O "O3\'" DA B 2 4 5 6 1 30 1',
            "HETATM 4 O O HOH C . 9 9 9 1 30 1",
            "ATOM 5 C CA ALA A 1 1 2 3 0.5 21.5 2",
        ]
        text = "\n".join(["loop_", *(f"_atom_site.{name}" for name in names.split()), *rows, "#"])
        read = self.read("x.cif.gz", text)
        np.testing.assert_allclose(read.positions, [[1, 2, 3], [4, 5, 6]])
        self.assertEqual(read.elements.tolist(), ["C", "O"])


class Density(unittest.TestCase):
    def test_one_carbon_is_the_sum_of_its_gaussians(self):
        atom = carbons(1)
        for voxel in (1.0, 1.3):
            made = density.density(atom, (40, 36, 44), voxel, b=[70.0])
            axes = np.meshgrid(*(np.arange(n) * voxel for n in (40, 36, 44)), indexing="ij")
            z, y, x = (axis - at for axis, at in zip(axes, atom.positions[0][::-1]))
            squared = x * x + y * y + z * z
            a, b = scattering.FACTORS["C"]
            exact = sum(
                a_k * (4 * np.pi / (b_k + 70)) ** 1.5 * np.exp(-4 * np.pi**2 * squared / (b_k + 70))
                for a_k, b_k in zip(a, b)
            )
            self.assertLess(np.abs(made - exact).max(), 0.02 * exact.max())
            self.assertAlmostEqual(float(made.sum()) * voxel**3, 2.5088, delta=0.01)

    def test_b_factors_damp_as_they_should(self):
        atoms = carbons(60)
        sharp = density.density(atoms, (32,) * 3, 1.0, b=np.full(60, 30.0))
        blurred = density.density(atoms, (32,) * 3, 1.0, b=np.full(60, 90.0))
        np.testing.assert_allclose(fourier.blur(sharp, 1.0, 60.0), blurred, atol=0.01 * float(sharp.max()))

    def test_the_envelope_has_the_volume_of_the_molecule(self):
        rng = np.random.default_rng(3)
        # As dense as protein: an atom in 19 cubic angstrom.
        atoms = carbons(1500, box=2 * 30.5 / 0.8)
        inside = density.soft_envelope(atoms, (76,) * 3, 1.0, 3.0) > 0.5
        self.assertAlmostEqual(float(inside.sum()) / (1500 * 19), 1, delta=0.15)
        field = b_fields.local_b(rng, atoms, 40, 15)
        self.assertGreaterEqual(float(field.min()), 0)


class Noise(unittest.TestCase):
    def test_half_maps_meet_0143_at_the_resolution_asked_for(self):
        rng = np.random.default_rng(4)
        atoms = carbons(1500, box=2 * 30.5 / 0.8)
        shape = (76,) * 3
        signal = density.density(atoms, shape, 1.0, b=np.full(1500, 80.0))
        inside = density.soft_envelope(atoms, shape, 1.0, 3.0)
        spectrum = noise.Spectrum(b=20, rise=2, rise_at=20)
        level = noise.noise_level(signal, inside, 1.0, spectrum, 4.0)
        first, second = noise.half_maps(rng, signal, 1.0, spectrum, level)
        resolution = 1 / fourier.crossing(*fourier.fsc(first * inside, second * inside, 1.0), 0.143)
        self.assertAlmostEqual(resolution, 4.0, delta=0.35)

    def test_noise_has_the_spectrum_asked_for(self):
        spectrum = noise.Spectrum(b=60)
        made = noise.coloured_noise(np.random.default_rng(5), (48,) * 3, 1.2, spectrum)
        shells = fourier.Shells(made.shape, 1.2)
        power = shells.power(fourier.transform(made)) / made.size
        np.testing.assert_allclose(power[6:20], spectrum.amplitude(shells.s[6:20]) ** 2, rtol=0.25)


class Geometry(unittest.TestCase):
    def test_the_24_rotations_of_a_cube_differ_and_none_mirrors(self):
        cube = np.random.default_rng(6).normal(size=(3, 3, 3))
        turned = {rotations.turn_cube(cube, which).tobytes() for which in range(24)}
        self.assertEqual(len(turned), 24)
        self.assertNotIn(np.ascontiguousarray(cube[::-1]).tobytes(), turned)

    def test_a_belt_surrounds_the_molecule(self):
        rng = np.random.default_rng(7)
        atoms = carbons(1500, box=2 * 30.5 / 0.8)
        belt = belts.micelle_belt(rng, atoms, (90,) * 3, 1.0)
        molecule = density.soft_envelope(atoms, (90,) * 3, 1.0, 3.0)
        self.assertGreater(int(belt.mask.sum()), 2000)
        self.assertLess(float((belt.density * (molecule > 0.9)).max()), 0.5)
        self.assertFalse((belt.mask & (molecule > 0.5)).any())


class Split(unittest.TestCase):
    def test_twins_stay_together_and_all_parts_are_drawn(self):
        for twin, first in models.TWINS.items():
            self.assertEqual(models.split_of(twin), models.split_of(first))
        drawn = {models.split_of(f"{n}ABC") for n in range(100)}
        self.assertEqual(drawn, {"train", "calibrate", "test"})


if __name__ == "__main__":
    unittest.main()
