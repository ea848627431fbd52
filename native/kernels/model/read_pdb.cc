#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <string_view>

// gemmi would bring a printf of its own; numbers here are formatted in the C locale anyway.
#define USE_STD_SNPRINTF
#define GEMMI_WRITE_IMPLEMENTATION
#include <gemmi/atof.hpp>
#include <gemmi/pdb.hpp>
#include <gemmi/polyheur.hpp>
#include <gemmi/to_mmcif.hpp>

#include "kernels/fail.h"
#include "kernels/model/gemmi_document.h"

namespace locscale::model {

namespace {

constexpr std::size_t kMostAtoms = 20'000'000;

std::string_view trimmed(std::string_view field) {
  while (!field.empty() && std::isspace(static_cast<unsigned char>(field.front()))) field.remove_prefix(1);
  while (!field.empty() && std::isspace(static_cast<unsigned char>(field.back()))) field.remove_suffix(1);
  return field;
}

bool isNumber(std::string_view field) {
  field = trimmed(field);
  if (!field.empty() && field.front() == '+') field.remove_prefix(1);
  double value = 0;
  const auto [end, error] = gemmi::fast_from_chars(field.data(), field.data() + field.size(), value);
  return error == std::errc() && end == field.data() + field.size() && std::isfinite(value);
}

/** A field for a message: no control characters, no blanks around it. */
std::string shown(std::string_view field) {
  std::string text(trimmed(field));
  for (char& letter : text) {
    if (!std::isprint(static_cast<unsigned char>(letter))) letter = '?';
  }
  return text;
}

/** One field of an atom record by its columns, counted from 1 as in the format's description. */
struct Field {
  const char* what;
  std::size_t first, last;
  bool required;
};

constexpr Field kFields[] = {{"x", 31, 38, true},
                             {"y", 39, 46, true},
                             {"z", 47, 54, true},
                             {"occupancy", 55, 60, false},
                             {"B-factor", 61, 66, false}};

constexpr std::size_t kCoordinatesEnd = 54;

void checkAtomLine(std::string_view line, std::size_t number) {
  if (line.size() < kCoordinatesEnd) {
    fail("input.model", "line ", number, ": the atom record ends after column ", line.size(),
         ", but its coordinates reach to column ", kCoordinatesEnd, "; the file seems cut, copy it again.");
  }
  for (const Field& field : kFields) {
    const std::string_view text = line.substr(std::min(line.size(), field.first - 1), field.last - field.first + 1);
    if (!field.required && trimmed(text).empty()) continue;
    if (isNumber(text)) continue;
    fail("input.model", "line ", number, ": the ", field.what, " (columns ", field.first, " to ", field.last,
         ") of the atom is \"", shown(text), "\", but a number is expected; correct the line.");
  }
}

bool startsWith(std::string_view line, std::string_view record) { return line.substr(0, record.size()) == record; }

/** `END`, which ends the model that gemmi reads, and not `ENDMDL`. */
bool isEnd(std::string_view line) { return startsWith(line, "END") && trimmed(line) == "END"; }

/** Looks at every atom record before gemmi does; true when there are more of them behind END. */
bool checkPdb(FileText text) {
  const std::string_view all(reinterpret_cast<const char*>(text.data()), text.size());
  std::size_t atoms = 0, number = 0;
  bool ended = false;
  for (std::size_t at = 0; at < all.size();) {
    const std::size_t end = std::min(all.find('\n', at), all.size());
    std::string_view line = all.substr(at, end - at);
    at = end + 1;
    ++number;
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    ended = ended || (atoms > 0 && isEnd(line));
    if (!startsWith(line, "ATOM  ") && !startsWith(line, "HETATM")) continue;
    if (ended) return true;
    if (++atoms > kMostAtoms) fail("limit.size", "the file has more than ", kMostAtoms, " atoms; split it.");
    checkAtomLine(line, number);
  }
  if (atoms == 0) fail("input.model", "the file holds no atoms (ATOM or HETATM records); give another file.");
  return false;
}

gemmi::Structure parsePdb(FileText text) {
  try {
    return gemmi::read_pdb_from_memory(reinterpret_cast<const char*>(text.data()), text.size(), "model");
  } catch (const std::runtime_error& error) {
    // "Problem in line 12: what", with the line itself behind a line feed.
    const std::string_view what = error.what();
    fail("input.format", shown(what.substr(0, what.find('\n'))), "; correct the file.");
  }
}

float equivalentB(const gemmi::Atom& atom) {
  return atom.aniso.nonzero() ? static_cast<float>(atom.b_eq()) : std::numeric_limits<float>::quiet_NaN();
}

int atomicNumber(gemmi::Element element) { return element == gemmi::El::D ? 1 : static_cast<int>(element.elem); }

}  // namespace

Columns readPdb(FileText text) {
  const bool hasMore = checkPdb(text);
  const gemmi::Structure structure = parsePdb(text);
  ColumnsBuilder builder;
  AtomRecord record;
  for (const gemmi::Chain& chain : structure.models.front().chains) {
    record.chain = chain.name;
    for (const gemmi::Residue& residue : chain.residues) {
      record.compound = residue.name;
      record.number = residue.seqid.num.has_value() ? *residue.seqid.num : 0;
      record.insertion = residue.seqid.icode == ' ' ? '\0' : residue.seqid.icode;
      record.hetero = residue.het_flag == 'H';
      for (const gemmi::Atom& atom : residue.atoms) {
        record.name = atom.name;
        record.alternate = atom.altloc;
        record.element = atomicNumber(atom.element);
        record.x = atom.pos.x, record.y = atom.pos.y, record.z = atom.pos.z;
        record.b = atom.b_iso;
        record.occupancy = atom.occ;
        record.equivalentB = equivalentB(atom);
        builder.add(record);
        ++record.row;
      }
    }
  }
  return builder.take(static_cast<std::uint32_t>(structure.models.size()) + (hasMore ? 1 : 0));
}

gemmi::cif::Document pdbAsMmcif(FileText text) {
  gemmi::Structure structure = parsePdb(text);
  structure.models.erase(structure.models.begin() + 1, structure.models.end());
  for (gemmi::Chain& chain : structure.models.front().chains) {
    for (gemmi::Residue& residue : chain.residues) {
      for (gemmi::Atom& atom : residue.atoms) atom.aniso = {0, 0, 0, 0, 0, 0};
    }
  }
  gemmi::setup_entities(structure);
  gemmi::MmcifOutputGroups groups(true);
  groups.group_pdb = true;
  return gemmi::make_mmcif_document(structure, groups);
}

}  // namespace locscale::model
