#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <sstream>
#include <unordered_map>

#include <gemmi/elem.hpp>
#include <gemmi/numb.hpp>
#include <gemmi/to_cif.hpp>

#include "kernels/fail.h"
#include "kernels/model/gemmi_document.h"

namespace locscale::model {

namespace {

namespace cif = gemmi::cif;

/** A number with the usual three decimals, whatever the locale. */
std::string decimal(double value, int digits = 3) {
  std::array<char, 64> buffer;
  const auto [end, error] =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, digits);
  return error == std::errc() ? std::string(buffer.data(), end) : "?";
}

/** Leaves the text that stands there if it means the same number. */
void setPosition(std::string& text, double value) {
  if (cif::as_number(text) != value) text = decimal(value);
}

void setNumber(std::string& text, float value) {
  if (static_cast<float>(cif::as_number(text)) != value) text = decimal(value);
}

/** The atom table of a document as tags and rows of texts. */
struct AtomTable {
  std::vector<std::string> tags;  ///< without `_atom_site.`
  std::vector<std::string> values;

  std::size_t width() const { return tags.size(); }
  std::size_t rows() const { return tags.empty() ? 0 : values.size() / width(); }

  /** Index of a tag, in upper or lower case; the width when there is none. */
  std::size_t column(const std::string& tag) const {
    const std::string lower = gemmi::to_lower(tag);
    for (std::size_t i = 0; i < tags.size(); ++i) {
      if (gemmi::iequal(tags[i], lower)) return i;
    }
    return tags.size();
  }
};

constexpr std::string_view kCategory = "_atom_site.";

const std::string kModelTag = "pdbx_PDB_model_num";

/** What a table of ours has, also when the source's lacks some of it. */
const std::vector<std::string> kNeeded = {"group_PDB",      "id",
                                          "type_symbol",    "label_atom_id",
                                          "label_alt_id",   "label_comp_id",
                                          "label_asym_id",  "label_entity_id",
                                          "label_seq_id",   "pdbx_PDB_ins_code",
                                          "Cartn_x",        "Cartn_y",
                                          "Cartn_z",        "occupancy",
                                          "B_iso_or_equiv", "auth_seq_id",
                                          "auth_asym_id",   "pdbx_PDB_model_num"};

AtomTable readTable(cif::Block& block) {
  cif::Table found = block.find_mmcif_category(std::string(kCategory));
  AtomTable table;
  for (const std::string& tag : found.tags()) table.tags.push_back(tag.substr(kCategory.size()));
  const std::size_t before = table.width();
  for (const std::string& tag : kNeeded) {
    if (table.column(tag) == table.width()) table.tags.push_back(tag);
  }
  table.values.reserve(found.length() * table.width());
  for (auto row : found) {
    for (std::size_t i = 0; i < before; ++i) table.values.push_back(row[i]);
    // Atoms without a number of their model are in the first one, as those that are added.
    for (std::size_t i = before; i < table.width(); ++i) table.values.push_back(table.tags[i] == kModelTag ? "1" : "?");
  }
  return table;
}

/** Texts for an atom that the source does not have, by tag. */
class NewRow {
 public:
  NewRow(const Columns& atoms, const AtomTable& table, std::uint64_t firstId, std::string entity)
      : atoms_(atoms),
        tags_(table.tags),
        id_(firstId),
        entity_(std::move(entity)),
        model_(table.values.empty() ? "1" : table.values[table.column(kModelTag)]) {}

  void append(std::size_t atom, std::vector<std::string>& values) {
    const std::size_t residue = atoms_.residues[atom];
    const std::string compound = cif::quote(atoms_.compoundNames[atoms_.residueNames[residue]]);
    const std::string chain = cif::quote(atoms_.chains[atoms_.residueChains[residue]]);
    const std::string name = cif::quote(atoms_.atomNames[atoms_.names[atom]]);
    const std::string number = std::to_string(atoms_.residueNumbers[residue]);
    const auto optional = [](std::uint8_t letter, const char* none) {
      return letter == 0 ? std::string(none) : cif::quote(std::string(1, static_cast<char>(letter)));
    };
    const double* p = &atoms_.positions[3 * atom];
    // gemmi's table of names ends there; an unknown element is X.
    const gemmi::El element = atoms_.elements[atom] < static_cast<int>(gemmi::El::END)
                                  ? static_cast<gemmi::El>(atoms_.elements[atom])
                                  : gemmi::El::X;
    const std::unordered_map<std::string, std::string> texts = {
        {"group_pdb", atoms_.heteros[residue] != 0 ? "HETATM" : "ATOM"},
        {"id", std::to_string(id_++)},
        {"type_symbol", gemmi::element_uppercase_name(element)},
        {"label_atom_id", name},
        {"auth_atom_id", name},
        {"label_alt_id", optional(atoms_.alternates[atom], ".")},
        {"label_comp_id", compound},
        {"auth_comp_id", compound},
        {"label_asym_id", chain},
        {"auth_asym_id", chain},
        {"label_entity_id", entity_},
        {"label_seq_id", atoms_.heteros[residue] != 0 ? "." : number},
        {"auth_seq_id", number},
        {"pdbx_pdb_ins_code", optional(atoms_.insertions[residue], "?")},
        {"cartn_x", decimal(p[0])},
        {"cartn_y", decimal(p[1])},
        {"cartn_z", decimal(p[2])},
        {"occupancy", decimal(atoms_.occupancies[atom])},
        {"b_iso_or_equiv", decimal(atoms_.bFactors[atom])},
        {"pdbx_pdb_model_num", model_}};
    for (const std::string& tag : tags_) {
      const auto text = texts.find(gemmi::to_lower(tag));
      values.push_back(text == texts.end() ? "?" : text->second);
    }
  }

 private:
  const Columns& atoms_;
  const std::vector<std::string>& tags_;
  std::uint64_t id_;
  std::string entity_;
  /** As the source calls its first model: by another name new atoms would be in another one. */
  std::string model_;
};

std::uint64_t idAfter(const AtomTable& table) {
  const std::size_t column = table.column("id");
  std::uint64_t largest = 0;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const double id = cif::as_number(table.values[row * table.width() + column]);
    if (id > static_cast<double>(largest) && id < 1e15) largest = static_cast<std::uint64_t>(id);
  }
  return largest + 1;
}

bool hasNewAtoms(const Columns& atoms, const AtomTable& table) {
  return std::any_of(atoms.rows.begin(), atoms.rows.end(), [&](auto row) { return row >= table.rows(); });
}

/** A list of the source, as a loop to which rows can be added; not there where the source has no such list. */
struct List {
  std::string category;
  std::vector<std::string> tags;  ///< in lower case
  std::vector<std::string> values;

  List(cif::Block& block, std::string name) : category(std::move(name)) {
    cif::Table found = block.find_mmcif_category(category);
    if (!found.ok()) return;
    for (const std::string& tag : found.tags()) tags.push_back(gemmi::to_lower(tag.substr(category.size())));
    for (auto row : found) values.insert(values.end(), row.begin(), row.end());
  }

  std::vector<std::string> column(const std::string& tag) const {
    std::vector<std::string> texts;
    const auto first = static_cast<std::size_t>(std::find(tags.begin(), tags.end(), tag) - tags.begin());
    for (std::size_t i = first; i < values.size() && first < tags.size(); i += tags.size()) texts.push_back(values[i]);
    return texts;
  }

  void add(const std::string& id, const std::string& type) {
    for (const std::string& tag : tags) values.push_back(tag == "id" ? id : tag == "type" ? type : "?");
  }

  /** A new loop and not a row more: a single row stands as tags and values, which gemmi 0.5.7 appends to out of bounds.
   */
  void put(cif::Block& block) { block.init_mmcif_loop(category, tags).values = std::move(values); }
};

/**
 * An entity for atoms that the source does not have, where it lists its entities at all: programs that look up the
 * entity of every atom (Mol*) would refuse the file. Returns its id.
 */
std::string addEntity(cif::Block& block) {
  List entities(block, "_entity.");
  const std::vector<std::string> ids = entities.column("id");
  if (ids.empty()) return "?";
  double largest = 0;
  for (const std::string& id : ids) largest = std::max(largest, cif::as_number(id, 0));
  const std::string id = std::to_string(static_cast<std::uint64_t>(largest) + 1);
  entities.add(id, "non-polymer");
  entities.put(block);
  return id;
}

/** The same for the compounds of such atoms, of which Mol* looks up the type. */
void addCompounds(cif::Block& block, const Columns& atoms, std::size_t rowsOfSource) {
  List compounds(block, "_chem_comp.");
  std::vector<std::string> known = compounds.column("id");
  if (known.empty()) return;
  for (std::size_t atom = 0; atom < atoms.size(); ++atom) {
    if (atoms.rows[atom] < rowsOfSource) continue;
    const std::string name = cif::quote(atoms.compoundNames[atoms.residueNames[atoms.residues[atom]]]);
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    known.push_back(name);
    compounds.add(name, "non-polymer");
  }
  compounds.put(block);
}

std::vector<std::string> editedRows(const Columns& atoms, const AtomTable& table, const std::string& newEntity) {
  const std::size_t width = table.width(), rows = table.rows();
  const std::size_t b = table.column("B_iso_or_equiv"), occupancy = table.column("occupancy");
  const std::array<std::size_t, 3> xyz = {table.column("Cartn_x"), table.column("Cartn_y"), table.column("Cartn_z")};
  NewRow newRow(atoms, table, idAfter(table), newEntity);
  std::vector<std::string> values;
  values.reserve(atoms.size() * width);
  for (std::size_t atom = 0; atom < atoms.size(); ++atom) {
    if (atoms.rows[atom] >= rows) {
      newRow.append(atom, values);
      continue;
    }
    const auto from = table.values.begin() + static_cast<std::ptrdiff_t>(atoms.rows[atom] * width);
    const std::size_t at = values.size();
    values.insert(values.end(), from, from + static_cast<std::ptrdiff_t>(width));
    for (std::size_t i = 0; i < 3; ++i) setPosition(values[at + xyz[i]], atoms.positions[3 * atom + i]);
    setNumber(values[at + b], atoms.bFactors[atom]);
    setNumber(values[at + occupancy], atoms.occupancies[atom]);
  }
  return values;
}

cif::Document emptyDocument() {
  cif::Document document;
  document.blocks.emplace_back("model");
  return document;
}

}  // namespace

std::string writeMmcif(const Columns& atoms, FileText source, Format format) try {
  cif::Document document = source.empty()          ? emptyDocument()
                           : format == Format::pdb ? pdbAsMmcif(source)
                                                   : parseMmcif(source);
  const int index = std::max(atomBlock(document), 0);
  cif::Block& block = document.blocks.at(static_cast<std::size_t>(index));
  AtomTable table = readTable(block);
  std::string entity = "?";
  if (hasNewAtoms(atoms, table)) {
    entity = addEntity(block);
    addCompounds(block, atoms, table.rows());
  }
  std::vector<std::string> values = editedRows(atoms, table, entity);
  cif::Loop& loop = block.init_mmcif_loop(std::string(kCategory), table.tags);
  loop.values = std::move(values);
  block.find_mmcif_category("_atom_site_anisotrop.").erase();
  std::ostringstream out;
  cif::write_cif_to_stream(out, document, cif::Style::Pdbx);
  return std::move(out).str();
} catch (const Failure&) {
  throw;
} catch (const std::runtime_error& error) {
  fail("input.format", "the text around the atoms cannot be carried over (", error.what(), "); correct the file.");
}

}  // namespace locscale::model
