"""
Writes a small network of the same layers, its weights random, and a small prediction with its share of the map, for the
program's tests:

    PYTHONPATH=training python3 -m locscale_training.emmernet_sim.small_fixture
"""

import json

import numpy as np
import torch
from scipy import ndimage

from .export import FIXTURE, encoded
from .map_share import DENSITY, MOST, with_map_share
from .network import EmmernetSim


def write_map_share():
    """A ball of coarse noise, half of it with density, in a box of three edges; the map has noise of its own."""
    random, shape = np.random.default_rng(7), (18, 15, 20)
    away = np.sqrt(sum((np.indices(shape)[axis] - shape[axis] / 2) ** 2 for axis in range(3)))
    mask = away < 6
    prediction = ndimage.gaussian_filter(random.normal(size=shape), 1.2) / 10 + 0.12 * (np.indices(shape)[0] > 8)
    prediction *= away < 8
    standardised = 3 * prediction + random.normal(0, 0.2, shape)
    shared = with_map_share(prediction.astype("f4"), standardised.astype("f4"), mask)
    stored = {
        "shape": shape,
        "mapShare": {"most": MOST, "density": DENSITY},
        "prediction": encoded(prediction, "<f4"),
        "standardised": encoded(standardised, "<f4"),
        "mask": encoded(mask, "u1"),
        "shared": encoded(shared, "<f4"),
    }
    FIXTURE.with_name("map-share.json").write_text(json.dumps(stored, indent=1) + "\n")


def write_network():
    torch.manual_seed(7)
    network = EmmernetSim(width=4, width2=6, width3=4, noise=4).eval()
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.add_(0.1 * torch.randn(parameter.shape))
        cube = torch.randn(1, 1, 16, 16, 16)
        mean, _ = network(cube)
    torch.save(network.state_dict(), FIXTURE.with_name("emmernet-sim-small.pt"))
    stored = {"input": encoded(cube.numpy(), "<f4"), "mean": encoded(mean.numpy(), "<f4")}
    FIXTURE.with_name("emmernet-sim-small.json").write_text(json.dumps(stored, indent=1) + "\n")


def main():
    write_network()
    write_map_share()


if __name__ == "__main__":
    main()
