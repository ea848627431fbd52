"""Noise with the spectra that reconstructions have."""

import dataclasses

import numpy as np

from .fourier import Shells, frequencies, inverse, transform


@dataclasses.dataclass(frozen=True)
class Spectrum:
    """Amplitude of noise by frequency: exp(-b s^2 / 4), raised by `rise` times itself below about 1/`rise_at`."""

    b: float = 0.0
    rise: float = 0.0
    rise_at: float = 20.0

    def amplitude(self, s):
        return np.exp(-self.b * s * s / 4) * (1 + self.rise * np.exp(-((s * self.rise_at) ** 2)))


def coloured_noise(rng, shape, voxel, spectrum):
    """Gaussian noise of the given spectrum; an amplitude of 1 is white noise of variance 1."""
    white = rng.standard_normal(shape, dtype=np.float32)
    return inverse(transform(white) * spectrum.amplitude(frequencies(shape, voxel)).astype(np.float32), shape)


def noise_level(signal, envelope, voxel, spectrum, resolution, in_molecule=0.0):
    """
    The factor of `spectrum` with which FSC between half maps inside the molecule falls below 0.143 at `resolution` and
    not before: there the signal has a third (2 * 0.143 / (1 - 0.143)) of the noise power of the full map. Noise that
    rises faster than the signal towards low resolution would otherwise drown it there, and no half maps of that
    resolution look so. Noise in the molecule is (1 + `in_molecule`) times that outside.
    """
    shells = Shells(signal.shape, voxel)
    # White noise of variance 1 inside the envelope has this power; the signal lives there alone.
    white = np.square(envelope * (1 + in_molecule * envelope), dtype=np.float64).sum()
    power = shells.power(transform(signal))
    # Single shells of few coefficients say little: windows as wide as an edge of a filter, from 20 angstrom on.
    last = max(1 / resolution, 0.05)
    middles = np.linspace(0.05, last, max(1, round((last - 0.05) / shells.step) + 1))[::-1]
    half_width = max(1.5 * shells.step, 0.02)
    ratios = []
    for middle in middles:
        near = (np.abs(shells.s - middle) < half_width) & (shells.s <= max(last, middle) + half_width)
        found = power[near].mean() if near.any() else power[-1]
        ratios.append(found / (white * spectrum.amplitude(np.float64(middle)) ** 2))
    return float(np.sqrt(min(ratios) / (2 * 0.143 / (1 - 0.143))))


def half_maps(rng, signal, voxel, spectrum, level):
    """Two maps with independent noise, whose mean has noise of the given level."""
    return tuple(
        signal + np.float32(level * np.sqrt(2)) * coloured_noise(rng, signal.shape, voxel, spectrum) for _ in range(2)
    )
