"""Atomic models of ChimeraX as inputs of jobs: mmCIF, with the atoms where they are beside the map."""

from __future__ import annotations

from chimerax.core.errors import UserError

from .client.volumes import ModelSource

COLUMNS = (
    "group_PDB id type_symbol label_atom_id label_alt_id label_comp_id label_asym_id label_entity_id label_seq_id "
    "pdbx_PDB_ins_code Cartn_x Cartn_y Cartn_z occupancy B_iso_or_equiv auth_seq_id auth_asym_id pdbx_PDB_model_num"
).split()


def model_source(structure, volume) -> ModelSource:
    """Reads out the atoms at once, as arrays; the text is made later, in the worker thread."""
    atoms = structure.atoms
    if len(atoms) == 0:
        raise UserError(f"#{structure.id_string} {structure.name} has no atoms.")
    positions = volume.scene_position.inverse() * atoms.scene_coords
    residues = atoms.residues
    columns = (
        atoms.element_names,
        atoms.names,
        atoms.alt_locs,
        residues.names,
        residues.chain_ids,
        residues.numbers,
        residues.insertion_codes,
        residues.polymer_types,
        positions,
        atoms.occupancies,
        atoms.bfactors,
    )
    return ModelSource(f"{structure.name}.cif", lambda: mmcif_text(*columns))


def mmcif_text(
    elements, names, alt_locs, residue_names, chains, numbers, insertions, polymer_types, xyz, occupancies, bs
):
    """The atom_site table of one model."""
    lines = ["data_model", "loop_", *(f"_atom_site.{column}" for column in COLUMNS)]
    rows = zip(
        elements, names, alt_locs, residue_names, chains, numbers, insertions, polymer_types, xyz, occupancies, bs
    )
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
