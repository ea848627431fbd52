"""
A share of the map in its prediction, shell by shell of Fourier space. Where both agree their errors differ: a network's
come from what it expects of maps, a map's from noise. `steps/map-share.ts` of the program does the same.
"""

import numpy as np
from scipy import ndimage

from ..simulate import fourier

#: Share of the map in a shell in which it and the prediction agree wholly.
MOST = 0.5
#: Predicted density per cubic angstrom, smoothed, from which on the share is whole; a protein has 0.12.
DENSITY = 0.015
#: The share falls with this power of their correlation.
POWER = 4
#: Amplitudes are raised with this inverse power of the correlation down to this one, and back to what they were below.
RAISING, KNEE = 3, 0.92
#: Width of the mask's soft edge, and standard deviation of the Gaussian that smooths, voxels.
EDGE, SMOOTHING = 7, 3


def soft_edged(mask):
    """The mask convolved along each axis with half a sine wave, divided by the largest value."""
    sine = np.sin(np.pi * (np.arange(EDGE) + 0.5) / EDGE)
    soft = mask.astype("f8")
    for axis in range(3):
        soft = ndimage.convolve1d(soft, sine, axis, mode="constant")
    return (soft / soft.max()).astype("f4")


class Shells:
    """The program's shells: from radius r to r + 1 Fourier samples of the longest axis, stored coefficients alike."""

    def __init__(self, shape):
        radius = fourier.frequencies(shape, 1.0) * max(shape)
        self.last = max(shape) // 2
        # Radii are in single precision, and whole ones must not fall into the shell below.
        self.index = np.minimum(np.floor(radius * (1 + 1e-6)).astype(np.int64), self.last)

    def sum(self, values):
        return np.bincount(self.index.ravel(), values.ravel().astype("f8"), self.last + 1)[: self.last]

    def spread(self, values):
        return np.append(values, 0).astype("f4")[self.index]


def with_map_share(prediction, standardised, mask):
    """
    r ((1 - w) P + w M |P|/|M|) in every shell, w = MOST * FSC(P, M)^4, r = FSC^-3 (a mean of what is possible has
    weaker amplitudes than any of it), inside the soft-edged mask where the prediction has density; 0 stays 0.
    """
    smooth = fourier.blur(prediction, 1.0, 8 * np.pi**2 * SMOOTHING**2)
    soft = soft_edged(mask) * np.clip(smooth / DENSITY, 0, 1)
    shells = Shells(prediction.shape)
    ours, given = fourier.transform(prediction * soft), fourier.transform(standardised * soft)
    ours_has, given_has = shells.sum(np.abs(ours)), shells.sum(np.abs(given))
    powers = shells.sum(np.abs(ours) ** 2) * shells.sum(np.abs(given) ** 2)
    correlation = shells.sum((ours * np.conj(given)).real) / np.sqrt(np.maximum(powers, 1e-300))
    correlation = np.clip(correlation, 0, 1)
    correlation[0] = 0  # the mean of the box, which a standardised map has lost
    weight = MOST * correlation**POWER
    raised = np.where(
        correlation > KNEE,
        np.maximum(correlation, KNEE) ** -RAISING,
        np.maximum(1, KNEE**-RAISING * correlation / KNEE),
    )
    gain = np.divide(raised * weight * ours_has, given_has, out=np.zeros_like(weight), where=weight > 0)
    loss = 1 - raised * (1 - weight)
    change = fourier.inverse(shells.spread(gain) * given - shells.spread(loss) * ours, prediction.shape)
    return np.where(prediction == 0, 0, prediction + soft * change).astype("f4")
