"""The folder of deposited models, and which of them no network may be trained on."""

import dataclasses
import hashlib
import json
import pathlib


@dataclasses.dataclass(frozen=True)
class ModelEntry:
    """A line of the folder's `index.json`."""

    id: str
    path: pathlib.Path
    kind: str
    method: str
    atoms: int
    membrane: bool


def list_models(folder):
    """Every model of a folder with an `index.json`, by identifier."""
    folder = pathlib.Path(folder)
    entries = json.loads((folder / "index.json").read_text())["entries"]
    return [
        ModelEntry(e["id"], folder / e["file"], e["type"], e["method"], e["atoms"], bool(e["membrane_keyword"]))
        for e in sorted(entries, key=lambda e: e["id"])
    ]


# Files of the same molecule stay on one side of the split.
TWINS = {"6RN3": "6RN2", "7L2J": "7L2I", "8TSQ": "8TSO", "9CHX": "9CHV", "6H3N": "6H3L", "6O1M": "6O1K", "8DFR": "4DFR"}

# Nucleic acids are few, so chance does not put enough of them on each side.
PLACED = {"4YB0": "test", "1EHZ": "test", "2HT0": "test", "5DDR": "calibrate", "1XJR": "calibrate", "1KX5": "calibrate"}


def split_of(identifier):
    """`train`, `calibrate` or `test`, from a digest of the identifier: new models never move old ones."""
    identifier = identifier.upper()
    if identifier in PLACED:
        return PLACED[identifier]
    digest = hashlib.sha256(TWINS.get(identifier, identifier).encode()).digest()
    draw = digest[0] / 256
    return "test" if draw < 0.16 else "calibrate" if draw < 0.26 else "train"


# Traces of C-alpha atoms alone: nothing that a map could be simulated from.
TRACES = frozenset({"1PDJ"})


def models_of(folder, split):
    return [entry for entry in list_models(folder) if split_of(entry.id) == split and entry.id not in TRACES]
