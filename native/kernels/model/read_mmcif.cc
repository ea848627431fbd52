#include <algorithm>
#include <limits>
#include <numbers>
#include <unordered_map>

#define USE_STD_SNPRINTF
#include <gemmi/atox.hpp>
#include <gemmi/cif.hpp>
#include <gemmi/elem.hpp>
#include <gemmi/numb.hpp>

#include "kernels/fail.h"
#include "kernels/model/gemmi_document.h"

namespace locscale::model {

namespace {

namespace cif = gemmi::cif;

constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

/** gemmi keeps each value as a string of 32 bytes or more, so a file of short values grows sixteen times in memory. */
constexpr std::size_t kMostValues = 100'000'000;

void checkSize(FileText text) {
  std::size_t values = 0;
  bool inside = false;
  for (const std::uint8_t byte : text) {
    const bool visible = byte > ' ';
    values += visible && !inside ? 1 : 0;
    inside = visible;
  }
  if (values > kMostValues) {
    fail("limit.size", "the file holds ", values, " values, but at most ", kMostValues,
         " are read; leave out what is not needed of it.");
  }
}

/**
 * The message of gemmi, "source:line: what" or, from the parser, "source:line:column: what" (before PEGTL 3
 * "source:line:column(byte): what"), in words.
 */
std::string inWords(std::string_view message) {
  const auto takeNumber = [&message] {
    std::size_t digits = 0;
    while (digits < message.size() && message[digits] >= '0' && message[digits] <= '9') ++digits;
    const std::string number(message.substr(0, digits));
    message.remove_prefix(digits);
    return number;
  };
  message = message.substr(0, message.find('\n'));
  constexpr std::string_view kSource = "model:";
  if (message.substr(0, kSource.size()) == kSource) message.remove_prefix(kSource.size());
  std::string text;
  if (const std::string line = takeNumber(); !line.empty()) {
    text = "line " + line;
    if (message.size() > 1 && message[0] == ':' && message[1] != ' ') {
      message.remove_prefix(1);
      text += ", column " + takeNumber();
      if (!message.empty() && message.front() == '(')
        message.remove_prefix(std::min(message.find(')') + 1, message.size()));
    }
  }
  text += message;
  for (char& letter : text) {
    if (static_cast<unsigned char>(letter) < ' ' || static_cast<unsigned char>(letter) > '~') letter = '?';
  }
  return text;
}

/** Columns of the atom table; those with a question mark may be missing (gemmi wants one that may not at the front). */
enum Tag : std::size_t {
  kX,
  kId,
  kGroup,
  kSymbol,
  kAuthAtom,
  kLabelAtom,
  kAlternate,
  kAuthCompound,
  kLabelCompound,
  kAuthChain,
  kLabelChain,
  kAuthNumber,
  kLabelNumber,
  kInsertion,
  kY,
  kZ,
  kOccupancy,
  kB,
  kModel
};
const std::vector<std::string> kTags = {
    "Cartn_x",        "?id",           "?group_PDB",      "?type_symbol",       "?auth_atom_id",
    "?label_atom_id", "?label_alt_id", "?auth_comp_id",   "?label_comp_id",     "?auth_asym_id",
    "?label_asym_id", "?auth_seq_id",  "?label_seq_id",   "?pdbx_PDB_ins_code", "Cartn_y",
    "Cartn_z",        "?occupancy",    "?B_iso_or_equiv", "?pdbx_PDB_model_num"};

/** Equivalent B-factor of each atom with a tensor, by the atom's id. */
std::unordered_map<std::string, float> equivalentB(cif::Block& block) {
  std::unordered_map<std::string, float> found;
  for (auto row : block.find("_atom_site_anisotrop.", {"id", "U[1][1]", "U[2][2]", "U[3][3]"})) {
    const double trace = cif::as_number(row[1]) + cif::as_number(row[2]) + cif::as_number(row[3]);
    found.emplace(row[0], static_cast<float>(8 * std::numbers::pi * std::numbers::pi / 3 * trace));
  }
  return found;
}

std::string text(const cif::Table::Row& row, Tag first, Tag second) {
  return cif::as_string(row.one_of(first, second));
}

char letter(const cif::Table::Row& row, Tag tag) { return row.has2(tag) ? cif::as_string(row[tag])[0] : '\0'; }

float number(const cif::Table::Row& row, Tag tag) {
  return row.has2(tag) ? static_cast<float>(cif::as_number(row[tag])) : kMissing;
}

int atomicNumber(const std::string& symbol) {
  const gemmi::El element = gemmi::find_element(symbol.c_str());
  return element == gemmi::El::D ? 1 : static_cast<int>(element);
}

}  // namespace

cif::Document parseMmcif(FileText bytes) {
  checkSize(bytes);
  try {
    return cif::read_memory(reinterpret_cast<const char*>(bytes.data()), bytes.size(), "model");
  } catch (const std::runtime_error& error) {
    fail("input.format", inWords(error.what()), ", so the mmCIF cannot be read; correct the file.");
  }
}

int atomBlock(cif::Document& document) {
  for (std::size_t i = 0; i < document.blocks.size(); ++i) {
    if (document.blocks[i].find("_atom_site.", {"Cartn_x"}).length() > 0) return static_cast<int>(i);
  }
  return -1;
}

Columns readMmcif(FileText bytes) {
  cif::Document document = parseMmcif(bytes);
  const int index = atomBlock(document);
  if (index < 0) fail("input.model", "the file holds no atoms (_atom_site.Cartn_x); give the file of a model.");
  cif::Block& block = document.blocks[static_cast<std::size_t>(index)];
  cif::Table table = block.find("_atom_site.", kTags);
  if (!table.ok()) fail("input.model", "the atoms lack coordinates (_atom_site.Cartn_x, _y or _z); give another file.");
  const auto tensors = equivalentB(block);

  ColumnsBuilder builder;
  std::vector<std::string> models;
  AtomRecord record;
  for (auto row : table) {
    const std::string model = row.has(kModel) ? row[kModel] : "1";
    if (models.empty() || models.back() != model) {
      if (std::find(models.begin(), models.end(), model) == models.end()) models.push_back(model);
    }
    if (model == models.front()) {
      const std::string chain = text(row, kAuthChain, kLabelChain), name = text(row, kAuthAtom, kLabelAtom);
      const std::string compound = text(row, kAuthCompound, kLabelCompound);
      record.chain = chain, record.name = name, record.compound = compound;
      // Old files have the insertion letter behind the number; what cannot be read counts as 0.
      record.number = gemmi::string_to_int(text(row, kAuthNumber, kLabelNumber), false);
      record.insertion = letter(row, kInsertion);
      record.alternate = letter(row, kAlternate);
      record.hetero = row.has2(kGroup) && row.str(kGroup) == "HETATM";
      record.element = row.has2(kSymbol) ? atomicNumber(row.str(kSymbol)) : 0;
      record.x = cif::as_number(row[kX]), record.y = cif::as_number(row[kY]), record.z = cif::as_number(row[kZ]);
      record.occupancy = row.has2(kOccupancy) ? number(row, kOccupancy) : 1;
      record.b = number(row, kB);
      const auto tensor = row.has(kId) ? tensors.find(row[kId]) : tensors.end();
      record.equivalentB = tensor == tensors.end() ? kMissing : tensor->second;
      builder.add(record);
    }
    ++record.row;
  }
  return builder.take(static_cast<std::uint32_t>(models.size()));
}

}  // namespace locscale::model
