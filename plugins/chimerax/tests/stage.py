"""What all stories need: an empty ChimeraX, maps to open in it, and ways to look at what became of them."""

import json
import os
import time
from pathlib import Path

import numpy
from chimerax.core.commands import run as run_command
from chimerax.core.errors import NonChimeraError, UserError
from chimerax.core.logger import PlainTextLog
from chimerax.locscale.hub import hub_of
from chimerax.map import Volume, volume_from_grid_data
from chimerax.map_data import ArrayGridData

QUICK = "mode none window 10"
MICELLE = Path(os.environ.get("LOCSCALE_PROGRAM", "")).parents[2] / "test" / "surfer" / "fixtures" / "micelle.map.gz"
session = hub = FOLDER = None
numbers = {}
"""What was measured."""


def begin(chimerax_session, folder):
    """Before the stories are imported."""
    global session, hub, FOLDER
    session, hub, FOLDER = chimerax_session, hub_of(chimerax_session), folder


def run(text):
    return run_command(session, text)


def refused(text):
    """The sentence with which a command is refused."""
    try:
        run(text)
    except (UserError, NonChimeraError) as error:
        return str(error)
    raise AssertionError(f"not refused: {text}")


class Heard(PlainTextLog):
    """What the log says."""

    def __init__(self):
        self.lines = []

    def log(self, level, message):
        self.lines.append((level, message))
        return True

    def warnings(self):
        return [message for level, message in self.lines if level == self.LEVEL_WARNING]


def blob(n, seed=1):
    """A blob with structure in noise."""
    z, y, x = numpy.mgrid[:n, :n, :n].astype(numpy.float32) - n / 2
    density = numpy.exp(-8 * (x * x + y * y + z * z) / n**2)
    ripple = 1 + 0.3 * numpy.sin(1.1 * x) * numpy.sin(0.9 * y) * numpy.sin(1.3 * z)
    return (density * ripple + 0.05 * numpy.random.default_rng(seed).standard_normal((n, n, n))).astype(numpy.float32)


def ball(n, share=0.35):
    z, y, x = numpy.mgrid[:n, :n, :n] - n / 2
    return (x * x + y * y + z * z < (share * n) ** 2).astype(numpy.float32)


def open_array(array, name, step=(1.5, 1.5, 1.5), **geometry):
    volume = volume_from_grid_data(ArrayGridData(array, step=step, name=name, **geometry), session, show_dialog=False)
    return volume


def open_pair(n=40):
    """#1, a map at a level of its own, and #2, a mask; no files."""
    volume = open_array(blob(n), "map")
    run("volume #1 level 0.45 color #4080c0")
    open_array(ball(n), "mask")
    run("hide #2 models")
    return volume


def numbered(number):
    """The map of this number."""
    return next(m for m in session.models.list(type=Volume) if m.id == (number,))


def array_of(volume):
    return volume.full_matrix().copy()


def picture(name):
    # At the size of the window: at another one ChimeraX puts the colour key in the wrong place.
    run(f"windowsize 480 360; save {FOLDER / name}.png")
    from PIL import Image

    return numpy.asarray(Image.open(FOLDER / f"{name}.png").convert("RGB")).astype(int)


def wait_until(condition, seconds=90):
    deadline = time.monotonic() + seconds
    hub.queue.wait(lambda: condition() or time.monotonic() > deadline)
    assert condition(), "the condition did not come true in time"


def open_micelle():
    """A simulated membrane protein in a belt of detergent, half a second for the network; with its mask of the belt."""
    import gzip

    boxes = json.loads((MICELLE.parent / "boxes.json").read_text())
    shape, size = boxes["micelle"]["shape"], boxes["micelle"]["voxelSize"]
    voxels = numpy.frombuffer(gzip.decompress(MICELLE.read_bytes()), numpy.int8).reshape(shape).astype(numpy.float32)
    volume = open_array(voxels, "micelle", (size,) * 3)
    run(f"volume #1 level {voxels.std() * 2.5:.4g} color gray")
    return volume


def open_helices():
    """#1, a bundle of helices of alanine; #2, its map in noise; #3, a mask; #4, three of the helices."""
    # Cylindrical coordinates of an alpha helix: radius (Å), angle (degrees), height (Å).
    atoms = {
        "N": (1.55, -28, -0.9),
        "CA": (2.29, 0, 0),
        "C": (1.66, 27, 1.1),
        "O": (2.02, 21, 2.3),
        "CB": (3.3, -20, -0.6),
    }
    lines, serial = [], 0
    for helix in range(7):
        around = helix * numpy.pi / 3
        x0, y0 = (0, 0) if helix == 6 else (10 * numpy.cos(around), 10 * numpy.sin(around))
        for residue in range(22):
            for name, (radius, angle, height) in atoms.items():
                serial += 1
                turn = numpy.radians(100 * residue + angle)
                x, y, z = x0 + radius * numpy.cos(turn), y0 + radius * numpy.sin(turn), 1.5 * residue + height
                lines.append(
                    f"ATOM  {serial:5d}  {name:<3} ALA {'ABCDEFG'[helix]}{residue + 1:4d}    "
                    f"{x:8.3f}{y:8.3f}{z:8.3f}  1.00 40.00           {name[0]}"
                )
    path = FOLDER / "helices.pdb"
    path.write_text("\n".join([*lines, "END", ""]))
    run(f"open {path}; molmap #1 4 gridSpacing 1.5 edgePadding 12")
    made = numbered(2).data
    clean = array_of(numbered(2))
    noise = numpy.random.default_rng(4).standard_normal(clean.shape).astype(numpy.float32)
    run("close #2")
    volume = open_array(clean + 0.02 * clean.max() * noise, "helices", tuple(made.step), origin=made.origin)
    open_array((clean > 0.02 * clean.max()).astype(numpy.float32), "mask", tuple(made.step), origin=made.origin)
    half = [line for line in lines if line[21] in "ABC"]
    (FOLDER / "half.pdb").write_text("\n".join([*half, "END", ""]))
    run(f"open {FOLDER / 'half.pdb'} id 4")
    run(f"volume #2 level {0.3 * clean.max():.4g}; hide #1,3,4 models")
    return volume
