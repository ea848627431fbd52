"""
Trains the network on cubes made by `generate`. The same on a processor and on CUDA. A run that was stopped goes on from
its last checkpoint; the order of cubes and their rotations follow from the seed and the step alone.

    python3 -m locscale_training.emmernet_sim.train --cubes DIR --work DIR --steps 4000
"""

import argparse
import functools
import json
import pathlib
import time

import numpy as np
import torch
from torch import distributed

from ..simulate.rotations import turn_cube
from .network import EmmernetSim, crps
from .predict import CUBE


class Cubes:
    """All cubes of a folder in memory, in half precision. Files that come later are read when asked for."""

    def __init__(self, folder, split="train"):
        self.folder, self.split = pathlib.Path(folder), split
        self.read = set()
        self.inputs, self.targets, self.resolutions = [], [], []
        self.refresh()

    def refresh(self):
        for path in sorted(self.folder.glob(f"{self.split}-*.npz")):
            if path.name not in self.read:
                with np.load(path) as file:
                    self.inputs.extend(file["inputs"])
                    self.targets.extend(file["targets"])
                    self.resolutions.extend([float(file["resolution"])] * len(file["inputs"]))
                self.read.add(path.name)

    def __len__(self):
        return len(self.inputs)

    def batch(self, rng, size):
        """Random cubes, (n, 1, 32, 32, 32), turned at random and slightly changed in scale; their resolutions."""
        inputs, targets = [], []
        chosen = rng.integers(0, len(self), size)
        for at in chosen:
            which = int(rng.integers(24))
            inputs.append(turn_cube(self.inputs[at], which).astype("f4") * np.float32(np.exp(rng.normal(0, 0.05))))
            targets.append(turn_cube(self.targets[at], which).astype("f4"))
        resolutions = np.array([self.resolutions[at] for at in chosen], dtype="f4")
        return tuple(map(torch.from_numpy, (np.stack(inputs)[:, None], np.stack(targets)[:, None], resolutions)))


def rate_at(step, steps, top):
    """Learning rate: a short rise, then half a cosine down to nothing."""
    if step < 100:
        return top * (step + 1) / 100
    return top * (0.002 + 0.998 * 0.5 * (1 + np.cos(np.pi * min(step / steps, 1))))


#: Weight of the sharpness term: squared differences between neighbours. High frequencies count more there than in the
#: map itself, and the optimum is the mean of what is possible, as it is for a Fourier shell correlation.
EDGES = 10.0
#: Densities at resolution d vary by about 1/d; weights make all resolutions count alike, 1 at this one (angstrom).
MIDDLE = 4.5


#: Weight of the shell term: what the mean Fourier shell correlation lacks of 1.
SHELLS = 0.1
#: Last shell that counts, as a multiple of 1/resolution.
SHELLS_BEYOND = 1.15
#: Power that a shell must have to count, as the sum of squares of a cube of density: less is rounding.
FAINT = 1e-5


@functools.lru_cache(maxsize=2)
def shells_of(device):
    """Of a cube of 32: a Hann window, the shell of each Fourier coefficient, and how many it stands for."""
    line = torch.hann_window(CUBE, periodic=True, device=device)
    window = line[:, None, None] * line[None, :, None] * line[None, None]
    full, half = torch.fft.fftfreq(CUBE, device=device), torch.fft.rfftfreq(CUBE, device=device)
    s = (full[:, None, None] ** 2 + full[None, :, None] ** 2 + half[None, None] ** 2).sqrt()
    count = torch.full_like(s, 2.0)
    count[..., 0] = count[..., -1] = 1
    return window, (s * CUBE).round().long().clamp(max=CUBE // 2 + 1).flatten(), count.flatten()


def shell_term(mean, targets, resolutions):
    """
    What the Fourier shell correlation of two cubes lacks of 1, as a mean over the shells between 16 angstrom and the
    resolution. A squared error is ruled by the strongest shells; here all count alike.
    """
    window, shell, count = shells_of(mean.device)
    ours, true = (torch.fft.rfftn(cubes[:, 0] * window, dim=(1, 2, 3), norm="ortho") for cubes in (mean, targets))

    def sum_of(values):
        sums = torch.zeros(len(mean), CUBE // 2 + 2, device=mean.device)
        return sums.index_add(1, shell, values.flatten(1) * count)

    def product(a, b):
        return sum_of(a.real * b.real + a.imag * b.imag)

    power = product(true, true)
    found = product(ours, true) / ((product(ours, ours) + FAINT) * (power + FAINT)).sqrt()
    at = torch.arange(CUBE // 2 + 2, device=mean.device)
    within = (at >= 2) & (at <= CUBE / 2) & (at[None] <= SHELLS_BEYOND * CUBE / resolutions[:, None])
    weight = within * power / (power + FAINT)
    return 1 - (weight * found).sum() / weight.sum()


def loss_of(network, inputs, targets, resolutions):
    mean, spread = network(inputs)
    scale = (resolutions / MIDDLE).view(-1, 1, 1, 1, 1)
    loss = (crps(mean, spread, targets) * scale).mean()
    error = (mean - targets) * scale
    edges = sum(error.diff(dim=axis).square().mean() for axis in (2, 3, 4)) / 3
    shells = shell_term(mean, targets, resolutions)
    return loss + EDGES * edges + SHELLS * shells, error.detach().abs().mean(), shells.detach()


def save(path, **state):
    unfinished = path.with_suffix(".part")
    torch.save(state, unfinished)
    unfinished.rename(path)


def average_gradients(parameters, processes):
    """Every process gets the mean of all processes' gradients."""
    flat = torch.cat([parameter.grad.flatten() for parameter in parameters])
    distributed.all_reduce(flat)
    for parameter, part in zip(parameters, torch.split(flat / processes, [p.numel() for p in parameters])):
        parameter.grad.copy_(part.view_as(parameter))


def train(rank, given):
    if given.processes > 1:
        meeting = f"file://{(given.work / 'meeting').resolve()}"
        distributed.init_process_group("gloo", init_method=meeting, rank=rank, world_size=given.processes)
    torch.set_num_threads(given.threads)
    torch.manual_seed(given.seed)
    device = torch.device(given.device or ("cuda" if torch.cuda.is_available() else "cpu"))
    network = EmmernetSim().to(device)
    network.in_bfloat16 = given.bfloat16
    parameters = [parameter for parameter in network.parameters() if parameter.requires_grad]
    optimiser = torch.optim.Adam(parameters, lr=given.rate)
    checkpoint, step, seconds = given.work / "checkpoint.pt", 0, 0.0
    if checkpoint.exists():
        state = torch.load(checkpoint, map_location=device)
        network.load_state_dict(state["network"])
        optimiser.load_state_dict(state["optimiser"])
        step, seconds = state["step"], state["seconds"]
        print(f"going on from step {step}", flush=True)
    elif given.start is not None:
        network.load_state_dict(torch.load(given.start, map_location=device)["network"])
    cubes = Cubes(given.cubes)
    started, window = time.time(), []

    def keep():
        spent = seconds + time.time() - started
        state = {"network": network.state_dict(), "optimiser": optimiser.state_dict()}
        counts = {"step": step, "steps": given.steps, "seconds": spent, "cubes": len(cubes), "seed": given.seed}
        save(checkpoint, **state, **counts, batch=given.batch)
        return spent

    while step < given.steps:
        if step % given.every == 0:
            cubes.refresh()
        for group in optimiser.param_groups:
            group["lr"] = rate_at(step, given.steps, given.rate)
        random = np.random.default_rng([given.seed, step, rank])
        batch = cubes.batch(random, given.batch // given.processes)
        loss, error, shells = loss_of(network, *(part.to(device) for part in batch))
        optimiser.zero_grad()
        loss.backward()
        if given.processes > 1:
            average_gradients(parameters, given.processes)
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        window.append((float(loss), float(error), float(shells)))
        step += 1
        if rank == 0 and (step % given.every == 0 or step == given.steps):
            spent = keep()
            line = dict(zip(("loss", "error", "shells"), np.mean(window, axis=0).round(5).tolist()))
            print(json.dumps({"step": step, **line, "cubes": len(cubes), "seconds": round(spent)}), flush=True)
            window = []


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cubes", type=pathlib.Path, required=True, help="folder that `generate` writes into")
    parser.add_argument("--work", type=pathlib.Path, required=True, help="folder for the checkpoint")
    parser.add_argument("--steps", type=int, default=4000)
    parser.add_argument("--start", type=pathlib.Path, help="checkpoint of another run, whose weights are begun with")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rate", type=float, default=2e-3, help="highest learning rate")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--every", type=int, default=50, help="steps between checkpoints")
    parser.add_argument("--device", help="cpu or cuda; the default is CUDA where there is one")
    parser.add_argument("--threads", type=int, default=1, help="threads of each process")
    parser.add_argument("--bfloat16", action="store_true", help="features in half the bits, where the device has them")
    parser.add_argument("--processes", type=int, default=1, help="processes that share each batch (processors only)")
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    if given.processes == 1:
        train(0, given)
        return
    (given.work / "meeting").unlink(missing_ok=True)
    torch.multiprocessing.spawn(train, (given,), nprocs=given.processes)


if __name__ == "__main__":
    main()
