"""Atomic models of ChimeraX as inputs of jobs: mmCIF, with the atoms where they are beside the map."""

from __future__ import annotations

from chimerax.core.errors import UserError

from .client.errors import DaemonError
from .client.volumes import ModelSource
from .hub import hub_of

PIECE = 10_000
"""Atoms that are read at a time: 10 ms of the thread of the interface, which alone may touch them."""

COLUMNS = (
    "group_PDB id type_symbol label_atom_id label_alt_id label_comp_id label_asym_id label_entity_id label_seq_id "
    "pdbx_PDB_ins_code Cartn_x Cartn_y Cartn_z occupancy B_iso_or_equiv auth_seq_id auth_asym_id pdbx_PDB_model_num"
).split()


def model_source(structure, volume) -> ModelSource:
    """The atoms as they are beside the map at this moment; they are read out and written down later."""
    atoms = structure.atoms
    if len(atoms) == 0:
        raise UserError(f"#{structure.id_string} {structure.name} has no atoms.")
    name, count, to_map = structure.name, len(atoms), volume.scene_position.inverse()
    ask = hub_of(volume.session).queue.ask

    async def text() -> str:
        pieces = []
        for start in range(0, count, PIECE):
            pieces.append(await ask(_read, atoms, start, to_map))
        if sum(len(columns[0]) for columns in pieces) != count:
            raise DaemonError(
                "input.missing", f"{name} was closed or changed while it was read; give the command again"
            )
        return mmcif_text(pieces)

    return ModelSource(f"{name}.cif", text)


def _read(atoms, start: int, to_map) -> tuple:
    """In the interface: PIECE of the atoms, as columns."""
    atoms = atoms[start : start + PIECE]
    residues = atoms.residues
    return (
        atoms.element_names,
        atoms.names,
        atoms.alt_locs,
        residues.names,
        residues.chain_ids,
        residues.numbers,
        residues.insertion_codes,
        residues.polymer_types,
        to_map * atoms.scene_coords,
        atoms.occupancies,
        atoms.bfactors,
    )


def mmcif_text(pieces: list[tuple]) -> str:
    """The atom_site table of one model, from the columns of all pieces of it."""
    lines = ["data_model", "loop_", *(f"_atom_site.{column}" for column in COLUMNS)]
    rows = (row for columns in pieces for row in zip(*columns))
    for serial, (element, name, alt, residue, chain, number, insertion, polymer, place, occupancy, b) in enumerate(
        rows, 1
    ):
        x, y, z = place
        chain = _word(chain) or "A"
        group = "ATOM" if polymer else "HETATM"
        lines.append(
            f"{group} {serial} {element} {_word(name)} {_word(alt) or '.'} {_word(residue) or 'UNK'} {chain} ? "
            f"{number if polymer else '.'} {_word(insertion) or '?'} {x:.3f} {y:.3f} {z:.3f} {occupancy:.2f} {b:.2f} "
            f"{number} {chain} 1"
        )
    return "\n".join((*lines, "#", ""))


def _word(text: str) -> str:
    """A value of a CIF table: quoted when it has a quote or a blank in it."""
    text = str(text).strip()
    if not text:
        return ""
    if "'" in text or '"' in text or " " in text or text[0] in "_#$;[]":
        return f'"{text}"' if '"' not in text else f"'{text}'"
    return text
