#pragma once

// Where gemmi's types pass between the files that contain its headers; nothing else includes this.

#include <gemmi/cifdoc.hpp>

#include "kernels/model/model_file.h"

namespace locscale::model {

/** The text as blocks of tags, loops and values. */
gemmi::cif::Document parseMmcif(FileText text);

/** Index of the first block with atoms, or -1. */
int atomBlock(gemmi::cif::Document& document);

/** What gemmi carries over from a PDB file to mmCIF: the first model without tensors, and what stands around it. */
gemmi::cif::Document pdbAsMmcif(FileText text);

}  // namespace locscale::model
