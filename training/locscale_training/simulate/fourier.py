"""Maps in Fourier space: filters, shells, spectra, correlation by shell."""

import numpy as np
from scipy import fft


def transform(density):
    return fft.rfftn(np.asarray(density, dtype=np.float32))


def inverse(spectrum, shape):
    return fft.irfftn(spectrum, s=shape).astype(np.float32)


def frequencies(shape, voxel):
    """1/d per angstrom of every Fourier coefficient of a real transform."""
    z, y = (np.fft.fftfreq(n, voxel)[:, None] ** 2 for n in shape[:2])
    x = np.fft.rfftfreq(shape[2], voxel) ** 2
    return np.sqrt(z[:, :, None] + y[None] + x).astype(np.float32)


def filter_map(density, voxel, gain):
    """Multiplies every Fourier coefficient by gain(s), s = 1/d."""
    return inverse(transform(density) * gain(frequencies(density.shape, voxel)), density.shape)


def blur(density, voxel, b):
    """Multiplies by exp(-b s^2 / 4); a negative b sharpens."""
    return filter_map(density, voxel, lambda s: np.exp(-b * s * s / 4))


def low_pass(density, voxel, resolution, width=0.02):
    """A cosine edge, `width` per angstrom wide and centred at 1/resolution."""
    return filter_map(density, voxel, lambda s: cosine_edge(s, 1 / resolution, width))


def cosine_edge(s, cut, width):
    phase = np.clip((s - cut) / width + 0.5, 0, 1)
    return (0.5 + 0.5 * np.cos(np.pi * phase)).astype(np.float32)


class Shells:
    """Shells of resolution of a box, one Fourier sample of its longest axis wide, up to Nyquist."""

    def __init__(self, shape, voxel):
        self.step = 1 / (max(shape) * voxel)
        self.index = np.rint(frequencies(shape, voxel) / self.step).astype(np.int64)
        self.count = int(0.5 / voxel / self.step)
        self.s = np.arange(self.count) * self.step
        # All columns but the first (and the last of an even length) stand for two coefficients.
        weight = np.full(self.index.shape, 2.0)
        weight[..., 0] = 1
        if shape[2] % 2 == 0:
            weight[..., -1] = 1
        self.weight = np.where(self.index < self.count, weight, 0)
        self.index = np.minimum(self.index, self.count)
        self.members = self.sum(np.ones(self.index.shape))

    def sum(self, values):
        """Sum over each shell of a real value per coefficient."""
        return np.bincount(self.index.ravel(), (values * self.weight).ravel(), self.count + 1)[: self.count]

    def power(self, spectrum):
        """Mean squared amplitude of each shell."""
        return self.sum(spectrum.real.astype(np.float64) ** 2 + spectrum.imag.astype(np.float64) ** 2) / self.members

    def spread(self, values):
        """A value per shell, on every coefficient; 0 beyond the last shell."""
        return np.append(values, 0)[self.index]

    def correlation(self, first, second):
        """Fourier shell correlation of two spectra."""
        cross = self.sum((first * np.conj(second)).real.astype(np.float64))
        norm = self.power(first) * self.power(second) * self.members**2
        return cross / np.sqrt(np.maximum(norm, 1e-300))


def fsc(first, second, voxel):
    """(s, FSC) of two maps."""
    shells = Shells(first.shape, voxel)
    return shells.s, shells.correlation(transform(first), transform(second))


def crossing(s, curve, level):
    """Frequency at which a curve first falls below a level, between shells; the last one if it never does."""
    below = np.flatnonzero(curve[1:] < level) + 1
    if len(below) == 0:
        return float(s[-1])
    at = int(below[0])
    high, low = curve[at - 1], curve[at]
    part = (high - level) / (high - low) if high > low else 0.0
    return float(s[at - 1] + np.clip(part, 0, 1) * (s[at] - s[at - 1]))
