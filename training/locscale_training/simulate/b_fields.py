"""Local quality: B factors and occupancies that vary smoothly through a molecule."""

import numpy as np


def smooth_field(rng, positions, correlation, waves=24):
    """
    A random field of mean 0 and variance 1 at the given positions (n, 3), with a Gaussian correlation of the given
    length (angstrom): a sum of plane waves whose directions and lengths have that spectrum.
    """
    vectors = rng.normal(0, 1 / correlation, size=(waves, 3))
    phases = rng.uniform(0, 2 * np.pi, size=waves)
    return np.sqrt(2 / waves) * np.cos(positions @ vectors.T + phases).sum(axis=1)


def local_b(rng, structure, spread, correlation, outward=0.0):
    """
    B of each atom above the best ordered part, square angstrom, at least 0: a smooth field of standard deviation
    `spread`, and `outward` times the squared relative distance from the centre, as in flexible peripheries.
    """
    field = spread * smooth_field(rng, structure.positions, correlation)
    distance = np.linalg.norm(structure.positions - structure.centre, axis=1)
    field = field + outward * (distance / max(distance.max(), 1e-9)) ** 2
    return np.maximum(field - np.quantile(field, 0.05), 0)


def atomic_b(structure, scale=1.0, most=60.0):
    """The deposited differences of B between atoms, above their lower tenth, times `scale`, at most `most`."""
    return np.clip(scale * (structure.b - np.quantile(structure.b, 0.1)), 0, most)


def weak_part(rng, structure, radius, occupancy):
    """Occupancy of each atom: lowered in a region of about the given radius (angstrom) around a random atom, softly."""
    middle = structure.positions[rng.integers(len(structure))]
    distance = np.linalg.norm(structure.positions - middle, axis=1)
    inside = 1 / (1 + np.exp((distance - radius) / 3))
    return 1 - (1 - occupancy) * inside
