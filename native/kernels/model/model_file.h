#pragma once

#include <span>
#include <string>

#include "kernels/model/columns.h"

namespace locscale::model {

/** Bytes of a whole file, unpacked. */
using FileText = std::span<const std::uint8_t>;

/**
 * Reads the first model of a PDB file (wide chain names and hybrid-36 numbers too), by gemmi. Numbers that cannot be
 * read are refused with their line; gemmi itself would take them for 0.
 */
Columns readPdb(FileText text);

/** Reads the first model of an mmCIF file, by gemmi's parser. A fault of syntax is refused with its line. */
Columns readMmcif(FileText text);

/**
 * The atoms as mmCIF. What the source says beside the atoms is kept (a PDB file's as far as gemmi carries it over), its
 * atom table is cut to the atoms' rows and gets their positions, B-factors and occupancies. Atoms without a row follow
 * with what the columns say. Anisotropic tensors go: they would contradict the B-factors. Without a source the file
 * holds the atoms alone.
 */
std::string writeMmcif(const Columns& atoms, FileText source, Format format);

}  // namespace locscale::model
