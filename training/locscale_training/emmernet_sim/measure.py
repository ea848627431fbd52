"""How near a map is to the truth, and what to compare with: the map as it came, and sharpened by one B factor."""

import numpy as np

from ..simulate import fourier


def correlation(first, second, chosen):
    return float(np.corrcoef(first[chosen], second[chosen])[0, 1])


def resolution_at(density_map, truth, mask, voxel, level=0.5):
    """Resolution (angstrom) at which the FSC with the truth, both in the soft mask, falls below a level."""
    s, curve = fourier.fsc(density_map * mask, truth * mask, voxel)
    return 1 / max(fourier.crossing(s, curve, level), 1e-6)


def half_map_curve(halves, mask, voxel):
    s, curve = fourier.fsc(halves[0] * mask, halves[1] * mask, voxel)
    return s, np.clip(curve, 0, 1), 1 / max(fourier.crossing(s, curve, 0.143), 1e-6)


def globally_sharpened(full, halves, mask, voxel):
    """
    Sharpened by one B factor as is usual: amplitudes weighted with sqrt(2 FSC / (1 + FSC)), B from the slope of their
    logarithm (weighted) between 10 angstrom and the resolution at FSC = 0.143, low-passed there.
    """
    s, curve, resolution = half_map_curve(halves, mask, voxel)
    shells = fourier.Shells(full.shape, voxel)
    weight = np.sqrt(2 * curve / (1 + curve))
    amplitude = np.sqrt(shells.power(fourier.transform(full * mask))) * weight
    lowest = 0.1 if resolution < 7 else 0.05
    fitted = (s >= lowest) & (s <= 1 / resolution) & (amplitude > 0)
    slope = np.polyfit(s[fitted] ** 2, np.log(amplitude[fitted]), 1)[0] if fitted.sum() > 3 else 0.0
    spectrum = fourier.transform(full) * shells.spread(weight).astype("f4")
    spectrum *= np.exp(np.minimum(-slope * shells.spread(s) ** 2, 12)).astype("f4")
    spectrum *= fourier.cosine_edge(fourier.frequencies(full.shape, voxel), 1 / resolution, 0.02)
    return fourier.inverse(spectrum, full.shape), -4 * slope


def best_globally_sharpened(full, truth, chosen, voxel, resolution):
    """Correlation when sharpened with the B factor that fits the truth best, which nobody could know beforehand."""
    low = fourier.transform(fourier.low_pass(full, voxel, resolution))
    s = fourier.frequencies(full.shape, voxel)
    tried = [
        fourier.inverse(low * np.exp(np.minimum(b * s * s / 4, 12)), full.shape)
        for b in (0, 30, 60, 100, 150, 220, 320)
    ]
    return max((correlation(one, truth, chosen) for one in tried))


def baselines(case, mask):
    """Figures of the map as it came (`input`), sharpened globally (`global`), and by the best B factor (`best_b`)."""
    chosen = mask > 0.5
    resolution = half_map_curve(case.halves, mask, case.voxel)[2]
    sharpened, b = globally_sharpened(case.full, case.halves, mask, case.voxel)
    figures = {"half_map_resolution": resolution, "guinier_b": b}
    for name, density_map in (("input", case.full), ("global", sharpened)):
        figures |= against_truth(name, density_map, case.truth, mask, case.voxel)
    figures["cc_best_b"] = best_globally_sharpened(
        case.full, case.truth, chosen, case.voxel, case.conditions.resolution
    )
    return {key: round(float(value), 4) for key, value in figures.items()}


def against_truth(name, density_map, truth, mask, voxel):
    """Correlation in the mask, and resolution at FSC = 0.5 (angstrom)."""
    return {
        f"cc_{name}": round(correlation(density_map, truth, mask > 0.5), 4),
        f"fsc_{name}": round(resolution_at(density_map, truth, mask, voxel), 4),
    }
