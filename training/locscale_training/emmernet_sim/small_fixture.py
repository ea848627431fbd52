"""
Writes a small network of the same layers, its weights random, for the importer's tests:

    PYTHONPATH=training python3 -m locscale_training.emmernet_sim.small_fixture
"""

import json

import torch

from .export import FIXTURE, encoded
from .network import EmmernetSim


def main():
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


if __name__ == "__main__":
    main()
