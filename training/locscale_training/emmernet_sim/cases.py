"""One simulated reconstruction: what a microscope and a program would make of a structure, and what it should be."""

import dataclasses

import numpy as np
from scipy import fft, ndimage

from ..simulate import b_fields, belts, density, fourier, noise, rotations

#: Parts of structures are taken so that their boxes stay below this, angstrom.
LARGEST = 92.0
#: B of the target at resolution d is TARGET_B d^2: its amplitudes are halved at d, as FSC weights are at FSC = 0.143.
TARGET_B = 4 * np.log(2)


@dataclasses.dataclass(frozen=True)
class Conditions:
    """What varies between reconstructions; B factors in square angstrom, lengths in angstrom."""

    resolution: float
    voxel: float
    b: float
    b_spread: float
    b_length: float
    b_outward: float
    b_atoms: float
    noise_b: float
    noise_rise: float
    noise_in_molecule: float
    solvent: float
    solvent_b: float
    belt: float
    weak: float
    low_pass: float | None
    masked: bool
    box_factor: float


@dataclasses.dataclass(frozen=True)
class Case:
    """Maps at 1 angstrom: the mean of the half maps, the half maps, the truth, the molecule's soft envelope."""

    name: str
    conditions: Conditions
    voxel: float
    full: np.ndarray
    halves: tuple[np.ndarray, np.ndarray]
    truth: np.ndarray
    inside: np.ndarray
    standardised: np.ndarray


def draw_conditions(rng, membrane):
    resolution = float(np.exp(rng.uniform(np.log(2.5), np.log(8.0))))
    b = float(np.clip(10 * resolution**2 * rng.uniform(0.5, 1.5), 30, 450))
    resampled = rng.random() < 0.5
    return Conditions(
        resolution=resolution,
        voxel=float(rng.uniform(0.75, min(1.6, resolution / 2.3))) if resampled else 1.0,
        b=b,
        b_spread=float(rng.uniform(0, 0.5) * b),
        b_length=float(rng.uniform(10, 35)),
        b_outward=float(rng.uniform(0, 0.6) * b),
        b_atoms=float(rng.uniform(0, 1)),
        noise_b=float(rng.uniform(0, 0.7) * b),
        noise_rise=float(rng.uniform(0, 3)),
        noise_in_molecule=float(rng.uniform(0, 0.5) if rng.random() < 0.5 else 0),
        solvent=float(rng.uniform(0, 0.8)),
        solvent_b=float(rng.uniform(150, 800)),
        belt=float(rng.uniform(0.3, 1.0) if rng.random() < (0.5 if membrane else 0.12) else 0),
        weak=float(rng.uniform(0.2, 0.8) if rng.random() < 0.3 else 1),
        low_pass=float(resolution * rng.uniform(0.8, 1.0)) if rng.random() < 0.3 else None,
        masked=bool(rng.random() < 0.2),
        box_factor=float(rng.uniform(1, 5)),
    )


def part_of(rng, structure):
    """The structure turned at random; of a large one, the atoms in a box around one of them."""
    turned = structure.rotated(rotations.random_rotation(rng))
    if turned.extent.max() > LARGEST:
        middle = turned.positions[rng.integers(len(turned))]
        turned = turned.select(np.all(np.abs(turned.positions - middle) < LARGEST / 2, axis=1))
    return turned


def make_case(rng, structure, membrane=False, conditions=None):
    """A case from a structure: everything in it follows from `rng`."""
    part = part_of(rng, structure)
    c = conditions or draw_conditions(rng, membrane)
    box = float(part.extent.max()) + 2 * rng.uniform(9, 20)
    n = fft.next_fast_len(int(np.ceil(max(box, 44) / c.voxel)), real=True)
    part = part.moved(np.full(3, (n - 1) * c.voxel / 2) - part.centre + rng.uniform(-1, 1, 3))
    shape = (n, n, n)
    if c.weak < 1:
        occupancy = part.occupancy * b_fields.weak_part(rng, part, rng.uniform(8, 18), c.weak)
        part = dataclasses.replace(part, occupancy=occupancy)

    b = c.b + b_fields.atomic_b(part, c.b_atoms) + b_fields.local_b(rng, part, c.b_spread, c.b_length, c.b_outward)
    ideal = density.density(part, shape, c.voxel, b)
    envelope = density.soft_envelope(part, shape, c.voxel, 3.0)
    # Solvent around the molecule takes contrast away at low resolution.
    signal = fourier.filter_map(ideal, c.voxel, lambda s: 1 - c.solvent * np.exp(-c.solvent_b * s * s / 4))
    spectrum = noise.Spectrum(b=c.noise_b, rise=c.noise_rise, rise_at=float(rng.uniform(15, 40)))
    level = noise.noise_level(signal, envelope, c.voxel, spectrum, c.resolution, c.noise_in_molecule)
    if c.belt > 0:
        belt = belts.micelle_belt(rng, part, shape, c.voxel).density
        within = float(ideal[envelope > 0.5].mean())
        signal = signal + c.belt * within * fourier.blur(belt, c.voxel, c.b)

    halves = []
    for half in noise.half_maps(rng, np.zeros_like(signal), c.voxel, spectrum, level):
        made = signal + half * (1 + np.float32(c.noise_in_molecule) * envelope)
        halves.append(made if c.low_pass is None else fourier.low_pass(made, c.voxel, c.low_pass))
    if c.masked:
        mask = np.clip(3 * ndimage.gaussian_filter(envelope, 4 / c.voxel), 0, 1)
        halves = [half * mask for half in halves]
    halves = tuple(_to_one_angstrom(half, c.voxel) for half in halves)
    full = (halves[0] + halves[1]) / 2

    # The grid after resampling has not quite 1 angstrom: its corners are those of the map.
    m = full.shape[0]
    voxel = c.voxel * (n - 1) / (m - 1)
    target_b = np.full(len(part), TARGET_B * c.resolution**2)
    return Case(
        name=structure.name,
        conditions=c,
        voxel=voxel,
        full=full,
        halves=halves,
        truth=density.density(part, full.shape, voxel, target_b),
        inside=density.soft_envelope(part, full.shape, voxel, 3.0),
        standardised=standardise(full, c.box_factor, 0.0 if c.masked else _corner_variance(full)),
    )


def _to_one_angstrom(density_map, voxel):
    """As LocScale resamples before the network: linear, corner on corner."""
    if voxel == 1.0:
        return density_map
    return ndimage.zoom(density_map, voxel, order=1).astype(np.float32)


def _corner_variance(full):
    edge = 6
    return float(np.mean([full[:edge].var(), full[-edge:].var(), full[:, :edge].var(), full[:, -edge:].var()]))


def standardise(full, box_factor=1.0, outer_variance=0.0):
    """
    (x - mean) / (10 standard deviations), as LocScale does over the whole box; the box is `box_factor` times as large
    as the array, the rest of it noise of the given variance around 0.
    """
    mean = float(full.mean()) / box_factor
    square = (float(np.mean(np.square(full, dtype=np.float64))) + (box_factor - 1) * outer_variance) / box_factor
    return ((full - mean) / (10 * np.sqrt(max(square - mean * mean, 1e-20)))).astype(np.float32)
