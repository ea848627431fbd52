"""
Times the network in PyTorch on one thread, for the bench: processor time of one pass over a cube, the least of some
rounds, as JSON. The time does not depend on the weights, so they are random.

    PYTHONPATH=training python3 -m locscale_training.emmernet_sim.time_pass
"""

import json
import time

import torch

from .network import EmmernetSim

CUBE, ROUNDS = 32, 8


def main():
    torch.set_num_threads(1)
    torch.manual_seed(1)
    network = EmmernetSim().eval()
    cube = torch.randn(1, 1, CUBE, CUBE, CUBE) / 10
    seconds = []
    with torch.no_grad():
        for _ in range(ROUNDS + 1):
            started = time.process_time()
            base, spread = network.prefix(cube)
            _ = base + network.noise(spread)
            seconds.append(time.process_time() - started)
    print(json.dumps({"milliseconds": round(1000 * min(seconds[1:]), 2), "version": torch.__version__}))


if __name__ == "__main__":
    main()
