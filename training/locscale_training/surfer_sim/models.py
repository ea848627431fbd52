"""Atoms of PDB and mmCIF files with the names of their residues, by which the membrane is found."""

import gzip
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ELECTRONS = {
    "H": 1,
    "C": 6,
    "N": 7,
    "O": 8,
    "P": 15,
    "S": 16,
    "FE": 26,
    "MG": 12,
    "ZN": 30,
    "NA": 11,
    "CL": 17,
    "CA": 20,
}

# Kyte and Doolittle (1982), J. Mol. Biol. 157, 105-132.
HYDROPATHY = {
    **{"ILE": 4.5, "VAL": 4.2, "LEU": 3.8, "PHE": 2.8, "CYS": 2.5, "MET": 1.9, "ALA": 1.8, "GLY": -0.4, "THR": -0.7},
    **{"SER": -0.8, "TRP": -0.9, "TYR": -1.3, "PRO": -1.6, "HIS": -3.2, "GLU": -3.5, "GLN": -3.5, "ASP": -3.5},
    **{"ASN": -3.5, "LYS": -3.9, "ARG": -4.5},
}


@dataclass(frozen=True)
class Atoms:
    """Positions in Å (x, y, z), electrons, B-factors in Å², residue names and atom names."""

    xyz: np.ndarray
    electrons: np.ndarray
    b: np.ndarray
    residue: np.ndarray
    name: np.ndarray

    def select(self, keep: np.ndarray) -> "Atoms":
        return Atoms(self.xyz[keep], self.electrons[keep], self.b[keep], self.residue[keep], self.name[keep])


def read_atoms(path: Path) -> Atoms:
    """Reads the first model without waters, hydrogens and second conformations."""
    with gzip.open(path, "rt", errors="replace") as file:
        lines = file.read().splitlines()
    rows = list(_cif_rows(lines) if ".cif" in path.name else _pdb_rows(lines))
    kept = [
        row for row in rows if row[5] not in ("HOH", "WAT", "DOD") and row[3] not in ("H", "D") and row[7] in " .?A1"
    ]
    return Atoms(
        np.array([row[:3] for row in kept], dtype=np.float64).reshape(-1, 3),
        np.array([ELECTRONS.get(row[3], 6) for row in kept], dtype=np.float32),
        np.array([row[4] for row in kept], dtype=np.float32),
        np.array([row[5] for row in kept]),
        np.array([row[6] for row in kept]),
    )


def _pdb_rows(lines):
    for line in lines:
        if line.startswith("ENDMDL"):
            return
        if line.startswith(("ATOM  ", "HETATM")):
            element = line[76:78].strip().upper() or line[12:14].strip(" 0123456789").upper()[:1]
            xyz = float(line[30:38]), float(line[38:46]), float(line[46:54])
            yield *xyz, element, float(line[60:66] or 0), line[17:20].strip(), line[12:16].strip(), line[16]


def _cif_rows(lines):
    columns: list[str] = []
    first_model = None
    for line in lines:
        if line.startswith("_atom_site."):
            columns.append(line.strip().removeprefix("_atom_site."))
        elif columns and line.startswith(("ATOM", "HETATM")):
            row = dict(zip(columns, line.replace('"', "").split()))
            first_model = first_model or row.get("pdbx_PDB_model_num")
            if row.get("pdbx_PDB_model_num") != first_model:
                return
            xyz = float(row["Cartn_x"]), float(row["Cartn_y"]), float(row["Cartn_z"])
            b = float(row["B_iso_or_equiv"])
            yield *xyz, row["type_symbol"].upper(), b, row["label_comp_id"], row["label_atom_id"], row["label_alt_id"]
        elif columns and line.startswith("#"):
            return
