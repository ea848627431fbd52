"""Where the membrane crosses a protein: the slab whose exposed residues are the most hydrophobic."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from .models import HYDROPATHY, Atoms

# Half the hydrophobic thickness of a membrane, Å.
HALF_CORE = 14.0


@dataclass(frozen=True)
class Plane:
    """Unit normal (x, y, z) and centre in Å."""

    normal: np.ndarray
    centre: np.ndarray


def directions(count: int) -> np.ndarray:
    """Directions over half a sphere, evenly (Fibonacci's spiral)."""
    index = np.arange(count) + 0.5
    z = index / count
    angle = np.pi * (1 + 5**0.5) * index
    return np.stack([np.sqrt(1 - z * z) * np.cos(angle), np.sqrt(1 - z * z) * np.sin(angle), z], axis=1)


def hydrophobic_plane(atoms: Atoms) -> Plane:
    """Searches directions and heights for the slab that holds the most hydropathy of exposed side chains."""
    chosen = np.isin(atoms.name, ["CB"]) | ((atoms.residue == "GLY") & (atoms.name == "CA"))
    xyz = atoms.xyz[chosen]
    hydropathy = np.array([HYDROPATHY.get(name, 0.0) for name in atoms.residue[chosen]])
    neighbours = np.array([len(found) for found in cKDTree(xyz).query_ball_point(xyz, 10.0)])
    exposed = neighbours <= np.percentile(neighbours, 55)
    points, weight = xyz[exposed], hydropathy[exposed] / 4.5
    best = (-np.inf, None, 0.0)
    for normal in directions(400):
        height = points @ normal
        order = np.argsort(height)
        sums = np.concatenate([[0.0], np.cumsum(weight[order])])
        starts = np.arange(height.min(), height.max() - 2 * HALF_CORE + 1, 1.0)
        low = np.searchsorted(height[order], starts)
        high = np.searchsorted(height[order], starts + 2 * HALF_CORE)
        score = 2 * (sums[high] - sums[low]) - sums[-1]
        if len(score) > 0 and score.max() > best[0]:
            best = (score.max(), normal, starts[score.argmax()] + HALF_CORE)
    _, normal, height = best
    if normal is None:
        raise ValueError("no direction along which the protein is as long as a membrane is thick")
    inside = np.abs(atoms.xyz @ normal - height) < HALF_CORE
    middle = atoms.xyz[inside].mean(axis=0)
    return Plane(normal, middle + (height - middle @ normal) * normal)


def any_plane(atoms: Atoms, random: np.random.Generator) -> Plane:
    """A plane anywhere through the protein, so that nothing but the belt itself tells where the belt is."""
    normal = random.normal(size=3)
    normal /= np.linalg.norm(normal)
    height = atoms.xyz @ normal
    at = random.uniform(np.percentile(height, 15), np.percentile(height, 85))
    near = np.abs(height - at) < HALF_CORE
    middle = atoms.xyz[near].mean(axis=0) if near.any() else atoms.xyz.mean(axis=0)
    return Plane(normal, middle + (at - middle @ normal) * normal)
