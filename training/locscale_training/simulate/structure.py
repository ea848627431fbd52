"""Atoms from PDB and mmCIF files: as much of the formats as simulating a map needs."""

import dataclasses
import gzip
import pathlib
import shlex

import numpy as np

PROTEIN, NUCLEIC, HETERO = 0, 1, 2

AMINO_ACIDS = frozenset(
    "ALA ARG ASN ASP CYS GLN GLU GLY HIS ILE LEU LYS MET PHE PRO SER THR TRP TYR VAL MSE SEP TPO PTR CSO KCX".split()
)
NUCLEOTIDES = frozenset("A C G U I DA DC DG DT DU DI PSU 5MC 1MA 2MG 5MU OMC OMG YYG H2U M2G 7MG".split())
WATERS = frozenset("HOH WAT DOD H2O".split())


@dataclasses.dataclass(frozen=True)
class Structure:
    """Atoms without hydrogens and waters. `positions` (n, 3) are x, y, z in angstrom, `b` in square angstrom."""

    name: str
    positions: np.ndarray
    elements: np.ndarray
    b: np.ndarray
    occupancy: np.ndarray
    kind: np.ndarray

    def __len__(self):
        return len(self.positions)

    def select(self, chosen):
        """The atoms that a mask or a list of indices names."""
        return dataclasses.replace(
            self,
            positions=self.positions[chosen],
            elements=self.elements[chosen],
            b=self.b[chosen],
            occupancy=self.occupancy[chosen],
            kind=self.kind[chosen],
        )

    def moved(self, shift):
        return dataclasses.replace(self, positions=self.positions + np.asarray(shift))

    def rotated(self, matrix):
        """Turned about its centre by a rotation matrix."""
        centre = self.centre
        return dataclasses.replace(self, positions=(self.positions - centre) @ np.asarray(matrix).T + centre)

    @property
    def centre(self):
        """Middle of the smallest box around the atoms."""
        return (self.positions.min(axis=0) + self.positions.max(axis=0)) / 2

    @property
    def extent(self):
        return self.positions.max(axis=0) - self.positions.min(axis=0)


def read_structure(path):
    """First model and first conformers of a PDB or mmCIF file (`.gz` too), without hydrogens and waters."""
    path = pathlib.Path(path)
    with gzip.open(path, "rt") if path.suffix == ".gz" else open(path) as file:
        lines = file.read().splitlines()
    rows = _cif_rows(lines) if ".cif" in path.name else _pdb_rows(lines)
    kept = [row for row in rows if row[0] not in ("H", "D") and row[1] not in WATERS]
    if not kept:
        raise ValueError(f"{path} has no atoms beside hydrogens and waters")
    # An ensemble of n models gives no atom more than an nth; its first model alone is a whole molecule nevertheless.
    occupancy = np.array([row[6] for row in kept], dtype=np.float64)
    whole = float(occupancy.max())
    return Structure(
        name=path.name.split(".")[0],
        positions=np.array([row[2:5] for row in kept], dtype=np.float64),
        elements=np.array([row[0] for row in kept]),
        b=np.array([row[5] for row in kept], dtype=np.float64),
        occupancy=occupancy / whole if whole > 0 else np.ones(len(kept)),
        kind=np.array([_kind(row[1]) for row in kept], dtype=np.uint8),
    )


def _kind(residue):
    return PROTEIN if residue in AMINO_ACIDS else NUCLEIC if residue in NUCLEOTIDES else HETERO


def _pdb_rows(lines):
    """(element, residue, x, y, z, B, occupancy) of each atom, by the columns of the format."""
    seen = set()
    for line in lines:
        if line.startswith("ENDMDL"):
            return
        if not line.startswith(("ATOM  ", "HETATM")):
            continue
        # An atom of another conformation has the same name in the same residue.
        key = line[12:16] + line[17:27]
        if key in seen:
            continue
        seen.add(key)
        element = line[76:78].strip() or line[12:14].strip(" 0123456789")
        occupancy, b = line[54:60].strip(), line[60:66].strip()
        numbers = float(line[30:38]), float(line[38:46]), float(line[46:54])
        yield (
            element.upper(),
            line[17:20].strip(),
            *numbers,
            float(b) if b else 0.0,
            float(occupancy) if occupancy else 1.0,
        )


def _cif_rows(lines):
    """The same from the loop `_atom_site` of an mmCIF file."""
    columns, at = [], 0
    while at < len(lines) and not lines[at].startswith("_atom_site."):
        at += 1
    while at < len(lines) and lines[at].startswith("_atom_site."):
        columns.append(lines[at].strip().removeprefix("_atom_site."))
        at += 1
    place = {name: index for index, name in enumerate(columns)}
    seen, first_model = set(), None
    for line in lines[at:]:
        if not line.startswith(("ATOM", "HETATM")):
            break
        fields = shlex.split(line) if "'" in line or '"' in line else line.split()
        model = fields[place["pdbx_PDB_model_num"]] if "pdbx_PDB_model_num" in place else "1"
        first_model = first_model or model
        if model != first_model:
            break
        wanted = ("label_asym_id", "label_seq_id", "auth_seq_id", "label_atom_id", "label_comp_id")
        key = tuple(fields[place[name]] for name in wanted if name in place)
        if key in seen:
            continue
        seen.add(key)
        number = [
            float(fields[place[name]]) for name in ("Cartn_x", "Cartn_y", "Cartn_z", "B_iso_or_equiv", "occupancy")
        ]
        yield fields[place["type_symbol"]].upper(), fields[place["label_comp_id"]], *number
