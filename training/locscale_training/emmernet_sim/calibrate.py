"""From the Monte Carlo standard error to an error to believe: an isotonic calibrator, fitted on models of its own."""

import dataclasses

import numpy as np

from .predict import SAMPLES

#: Nominal coverage and the deviates that LocScale's diagnostics use for them.
LEVELS = {70: 1.04, 80: 1.28, 90: 1.645, 95: 1.96, 99: 2.58}


@dataclasses.dataclass(frozen=True)
class Calibrator:
    x: np.ndarray
    y: np.ndarray

    def __call__(self, standard_error):
        return np.interp(standard_error, self.x, self.y)

    def as_json(self):
        x, y = ([float(f"{v:.6g}") for v in values] for values in (self.x, self.y))
        return {"kind": "isotonic", "samples": SAMPLES, "x": x, "y": y}


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


def fit(errors, standard_errors, weights=None, bins=60):
    """
    The standard deviation, for each standard error, with which absolute errors have the nominal coverage: in bins of
    equal weight the mean over the levels of quantile / deviate, made non-decreasing.
    """
    order = np.argsort(standard_errors)
    errors, standard_errors = np.abs(errors)[order], standard_errors[order]
    weights = np.ones(len(errors)) if weights is None else weights[order]
    edges = np.searchsorted(np.cumsum(weights), np.linspace(0, weights.sum(), bins + 1)[1:-1])
    x, y, w = [], [], []
    for part in np.split(np.arange(len(errors)), edges):
        if len(part) < 100:
            continue
        x.append(np.median(standard_errors[part]))
        quantiles = weighted_quantiles(errors[part], weights[part], np.array(list(LEVELS)) / 100)
        y.append(np.mean(quantiles / np.array(list(LEVELS.values()))))
        w.append(weights[part].sum())
    y = np.maximum(isotonic(y, w), 1e-6)
    kept = np.concatenate([[True], np.diff(x) > 0])
    return Calibrator(np.array(x)[kept], y[kept])


def weighted_quantiles(values, weights, levels):
    order = np.argsort(values)
    share = (np.cumsum(weights[order]) - weights[order] / 2) / weights.sum()
    return np.interp(levels, share, values[order])


def coverage(errors, sigma):
    """Part of the errors within each level's deviate, percent."""
    return {level: float(100 * np.mean(np.abs(errors) <= z * sigma)) for level, z in LEVELS.items()}
