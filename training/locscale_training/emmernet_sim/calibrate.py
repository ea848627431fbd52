"""From the Monte Carlo standard error to an error to believe: an isotonic calibrator, fitted on models of its own."""

import dataclasses
import statistics

import numpy as np

from .predict import SAMPLES

#: Nominal coverage and the deviates that LocScale's diagnostics use for them.
LEVELS = {70: 1.04, 80: 1.28, 90: 1.645, 95: 1.96, 99: 2.58}


@dataclasses.dataclass(frozen=True)
class Calibrator:
    """
    Two monotone curves. `x`, `y`: standard error of the Monte Carlo mean to the scale of the errors. `seen`, `normal`:
    errors in that scale to deviates of a normal distribution, because errors of maps have longer tails.
    """

    x: np.ndarray
    y: np.ndarray
    seen: np.ndarray
    normal: np.ndarray

    def deviates(self, errors, standard_errors):
        """What the errors are in standard deviations of a normal distribution; without sign."""
        ratio = np.abs(errors) / np.interp(standard_errors, self.x, self.y)
        beyond = ratio * (self.normal[-1] / self.seen[-1])
        return np.where(ratio > self.seen[-1], beyond, np.interp(ratio, self.seen, self.normal))

    def as_json(self):
        x, y, seen, normal = (
            [float(f"{v:.6g}") for v in values] for values in (self.x, self.y, self.seen, self.normal)
        )
        deviates = {"seen": seen, "normal": normal}
        return {"kind": "isotonic", "samples": SAMPLES, "x": x, "y": y, "deviates": deviates}


def standard_error(variance, samples=SAMPLES):
    return np.sqrt(variance / samples)


def isotonic(values, weights):
    """Non-decreasing values nearest to the given ones: neighbours in the wrong order are pooled."""
    blocks = []
    for value, weight in zip(values, weights):
        blocks.append([float(value), float(weight), 1])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (v1, w1, n1), (v2, w2, n2) = blocks[-2:]
            blocks[-2:] = [[(v1 * w1 + v2 * w2) / (w1 + w2), w1 + w2, n1 + n2]]
    return np.concatenate([np.full(n, v) for v, _, n in blocks])


def fit(errors, standard_errors, bins=60):
    """
    In bins of the standard error, the scale with which coverage is nearest to nominal at the worst level, made
    non-decreasing; then, over all bins, the deviate that each error in that scale has by its rank.
    """
    order = np.argsort(standard_errors)
    errors, standard_errors = np.abs(errors)[order], standard_errors[order]
    x, y = [], []
    for part in np.array_split(np.arange(len(errors)), bins):
        x.append(float(np.median(standard_errors[part])))
        y.append(fitting_scale(np.sort(errors[part])))
    y = np.maximum(isotonic(y, np.ones(len(y))), 1e-6)
    kept = np.concatenate([[True], np.diff(x) > 0])
    x, y = np.array(x)[kept], y[kept]
    ranks = np.concatenate([np.arange(0.05, 0.95, 0.05), [0.95, 0.97, 0.98, 0.99, 0.995, 0.998]])
    seen = np.quantile(errors / np.interp(standard_errors, x, y), ranks)
    normal = np.array([statistics.NormalDist().inv_cdf((1 + rank) / 2) for rank in ranks])
    return Calibrator(x, y, np.concatenate([[0], seen]), np.concatenate([[0], normal]))


def fitting_scale(errors):
    """The scale of sorted absolute errors for which the worst of the levels is nearest to its nominal coverage."""
    nominal, deviates = np.array(list(LEVELS)) / 100, np.array(list(LEVELS.values()))
    scales = np.geomspace(errors[len(errors) // 2] / 1.5, errors[int(0.99 * len(errors))], 80)
    worst = [np.abs(np.searchsorted(errors, scale * deviates) / len(errors) - nominal).max() for scale in scales]
    return float(scales[int(np.argmin(worst))])


def coverage(deviates):
    """Part of the errors within each level's deviate, percent."""
    return {level: float(100 * np.mean(deviates <= z)) for level, z in LEVELS.items()}
