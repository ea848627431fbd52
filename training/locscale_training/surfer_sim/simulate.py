"""Makes one simulated map with the place of its belt.

    PYTHONPATH=training python3 -m locscale_training.surfer_sim.simulate --models DIR --out DIR --part train

Each box is a file NUMBER.npz: `map` (float16; the protein's mean is about 1), `belt` (bool), `protein` (bool), `sigma`
of the solvent, `kind` of the belt, `model`, `smeared` (a flexible domain). Voxels have 2 Å; axes z, y, x.
"""

import argparse
import time
from pathlib import Path

import numpy as np
from scipy import ndimage

from .belt import make_belt
from .membrane_plane import any_plane, hydrophobic_plane
from .models import Atoms, read_atoms
from .split import MEMBRANE, part_of

VOXEL = 2.0
LARGEST = 128
SMALLEST = 64


def turned(atoms: Atoms, random: np.random.Generator) -> Atoms:
    """The same atoms in a random orientation (QR decomposition of Gaussian numbers)."""
    q, r = np.linalg.qr(random.normal(size=(3, 3)))
    q = q * np.sign(np.diag(r))
    if np.linalg.det(q) < 0:
        q[:, 0] = -q[:, 0]
    return Atoms(atoms.xyz @ q.T, atoms.electrons, atoms.b, atoms.residue, atoms.name)


def splat(xyz: np.ndarray, weight: np.ndarray, shape) -> np.ndarray:
    """Adds atoms to the eight voxels around each; positions in voxels, (x, y, z)."""
    base = np.floor(xyz).astype(int)
    part = xyz - base
    out = np.zeros(int(np.prod(shape)))
    for corner in range(8):
        step = np.array([corner & 1, corner >> 1 & 1, corner >> 2])
        share = np.prod(np.where(step == 1, part, 1 - part), axis=1)
        at = np.clip(base + step, 0, np.array(shape[::-1]) - 1)
        out += np.bincount((at[:, 2] * shape[1] + at[:, 1]) * shape[2] + at[:, 0], weight * share, out.size)
    return out.reshape(shape)


def frequencies2(shape) -> np.ndarray:
    """Squared spatial frequency, 1/Å², for a half spectrum."""
    fz, fy, fx = (np.fft.fftfreq(n, VOXEL) for n in shape)
    fx = np.fft.rfftfreq(shape[2], VOXEL)
    return fz[:, None, None] ** 2 + fy[None, :, None] ** 2 + fx[None, None, :] ** 2


def trilinear_transfer(shape) -> np.ndarray:
    """What splatting onto eight voxels does to the spectrum."""
    z, y, x = np.fft.fftfreq(shape[0]), np.fft.fftfreq(shape[1]), np.fft.rfftfreq(shape[2])
    return (np.sinc(z)[:, None, None] * np.sinc(y)[None, :, None] * np.sinc(x)[None, None, :]) ** 2


def simulate(atoms: Atoms, membrane: bool, kind: str, random: np.random.Generator) -> dict:
    """One box: protein, belt, solvent, noise, all cut at one resolution."""
    atoms = turned(atoms, random)
    # Molecules larger than the box are cut; the rest of them lies outside, as in a cut map.
    middle = (atoms.xyz.max(axis=0) + atoms.xyz.min(axis=0)) / 2
    extent = float((atoms.xyz.max(axis=0) - atoms.xyz.min(axis=0)).max())
    margin = random.uniform(20, 40) if kind == "none" else random.uniform(35, 60)
    size = int(np.clip(np.ceil((extent + 2 * margin) / VOXEL / 8) * 8, SMALLEST, LARGEST))
    shape = (size, size, size)
    if extent > size * VOXEL:
        middle = any_plane(atoms, random).centre
    atoms = Atoms(atoms.xyz - middle + size * VOXEL / 2, atoms.electrons, atoms.b, atoms.residue, atoms.name)
    atoms = atoms.select(((atoms.xyz > 4) & (atoms.xyz < (size - 2) * VOXEL)).all(axis=1))
    if len(atoms.xyz) < 300:
        raise ValueError("too few atoms in the box")
    points = atoms.xyz / VOXEL
    near = splat(points, np.ones(len(points)), shape) > 0
    mask = ndimage.distance_transform_edt(~near, sampling=VOXEL) < 2.6
    filled = _without_pores(mask, 7.0)

    f2 = frequencies2(shape)
    resolution = 1 / random.uniform(1 / 9.0, 1 / 2.8)
    cut = 1 / (1 + np.exp((np.sqrt(f2) - 1 / resolution) / 0.01))
    spectrum = np.zeros(f2.shape, dtype=complex)
    b = _local_b(atoms, random)
    for low, high in zip(np.percentile(b, [0, 34, 67]), np.percentile(b, [34, 67, 100])):
        chosen = (b >= low) & (b <= high)
        part = np.fft.rfftn(splat(points[chosen], atoms.electrons[chosen] * (1 if low < high else 1 / 3), shape))
        spectrum += part * np.exp(-b[chosen].mean() * f2 / 4)
    spectrum /= trilinear_transfer(shape)
    # Ice that the protein pushes away takes a part of its contrast.
    bulk = np.fft.rfftn(mask.astype(np.float32)) * np.exp(-80 * f2 / 4)
    mean = spectrum[0, 0, 0].real / mask.sum()
    spectrum = spectrum / mean - random.uniform(0, 0.6) * bulk
    density = np.fft.irfftn(spectrum * cut, s=shape, axes=(0, 1, 2))
    density /= max(density[mask].mean(), 1e-3)

    belt = np.zeros(shape, dtype=bool)
    smeared = False
    most = 0.25
    if kind != "none":
        plane = hydrophobic_plane(atoms) if membrane else any_plane(atoms, random)
        made = make_belt(filled, plane, VOXEL, kind, random)
        belt = made.inside
        # Noise as strong as the belt would leave nothing to learn from.
        most = 0.45 * made.strength
        density = density + np.fft.irfftn(np.fft.rfftn(made.density) * cut, s=shape, axes=(0, 1, 2))
    elif random.random() < 0.35:
        # A domain so flexible that it is as smooth as a belt, and is none.
        density = _smear(density, mask, random)
        smeared = True
    sigma = float(np.exp(random.uniform(np.log(0.02), np.log(most))))
    noise = np.fft.irfftn(
        np.fft.rfftn(random.normal(size=shape)) * cut * np.exp(-random.uniform(0, 60) * f2), s=shape, axes=(0, 1, 2)
    )
    density = density + sigma * noise / noise.std()
    if random.random() < 0.5:
        # High-pass filtering of reconstructions leaves a dark halo.
        wide = np.fft.irfftn(np.fft.rfftn(density) * np.exp(-2 * np.pi**2 * 30.0**2 * f2), s=shape, axes=(0, 1, 2))
        density = density - random.uniform(0.3, 1.0) * wide
    if random.random() < 0.25:
        far = ndimage.distance_transform_edt(~(mask | belt), sampling=VOXEL)
        density = density * np.clip(1 - (far - random.uniform(4, 12)) / 8, 0, 1)
        sigma = 0.0
    facts = {"sigma": sigma, "resolution": resolution, "smeared": smeared}
    return {"map": density.astype(np.float16), "belt": belt, "protein": mask, **facts}


def _without_pores(mask: np.ndarray, reach: float) -> np.ndarray:
    """Closes pores and clefts narrower than twice `reach`, Å: no belt lies in them."""
    grown = ndimage.distance_transform_edt(~mask, sampling=VOXEL) < reach
    return mask | (ndimage.distance_transform_edt(grown, sampling=VOXEL) > reach)


def _local_b(atoms: Atoms, random: np.random.Generator) -> np.ndarray:
    """B-factors in Å²: an overall one, one that grows outwards, and the file's own."""
    away = np.linalg.norm(atoms.xyz - atoms.xyz.mean(axis=0), axis=1)
    own = np.clip(atoms.b - np.median(atoms.b), -30, 150)
    b = random.uniform(30, 200) + random.uniform(0, 200) * (away / away.max()) ** 2 + random.uniform(0, 1) * own
    return np.clip(b, 10, 600)


def _smear(density, mask, random):
    """Blurs one side of the molecule."""
    at = np.argwhere(mask)[random.integers(int(mask.sum()))]
    index = np.meshgrid(*(np.arange(n) for n in mask.shape), indexing="ij", sparse=True)
    away = np.sqrt(sum((axis - place) ** 2 for axis, place in zip(index, at))) * VOXEL
    share = 1 / (1 + np.exp((away - random.uniform(12, 30)) / 4))
    return density * (1 - share) + ndimage.gaussian_filter(density * share, random.uniform(4, 8) / VOXEL)


def choose(files: dict[str, Path], random: np.random.Generator) -> tuple[str, bool, str]:
    """A model, whether it is a membrane protein, and the kind of its belt."""
    membrane = [name for name in files if name in MEMBRANE]
    others = [name for name in files if name not in MEMBRANE]
    is_membrane = bool(membrane) and random.random() < 0.4
    name = str(random.choice(membrane if is_membrane else others))
    none = 0.08 if is_membrane else 0.5
    kinds = ["none", "micelle", "nanodisc", "flat", "curved"]
    left = 1 - none
    return name, is_membrane, str(random.choice(kinds, p=[none, 0.52 * left, 0.28 * left, 0.12 * left, 0.08 * left]))


def main() -> None:
    words = argparse.ArgumentParser()
    words.add_argument("--models", type=Path, required=True)
    words.add_argument("--out", type=Path, required=True)
    words.add_argument("--count", type=int, default=840)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--part", choices=["train", "test"], default="train")
    given = words.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    every = {path.name.split(".")[0]: path for path in sorted(given.models.glob("*.gz"))}
    files = {name: path for name, path in every.items() if part_of(name) == given.part}
    start = time.time()
    for number in range(given.count):
        target = given.out / f"{number:05d}.npz"
        if target.exists():
            continue
        for attempt in range(100):
            random = np.random.default_rng([given.seed, number, attempt])
            name, membrane, kind = choose(files, random)
            try:
                box = simulate(read_atoms(files[name]), membrane, kind, random)
            except ValueError:
                continue
            hidden = target.with_suffix(".part")
            with hidden.open("wb") as file:
                np.savez(file, **box, kind=kind, model=name, membrane=membrane)
            hidden.rename(target)
            break
        if number % 20 == 0:
            print(f"{number} of {given.count}, {time.time() - start:.0f} s: {name} {kind}", flush=True)


if __name__ == "__main__":
    main()
