#include "kernels/model/columns.h"

#include <algorithm>
#include <utility>

namespace locscale::model {

std::uint32_t ColumnsBuilder::Texts::number(std::string_view text) {
  const auto [entry, isNew] = known_.try_emplace(std::string(text), static_cast<std::uint32_t>(list.size()));
  if (isNew) {
    list.emplace_back(text);
    // JavaScript gets the list as lines.
    std::replace(list.back().begin(), list.back().end(), '\n', ' ');
  }
  return entry->second;
}

void ColumnsBuilder::add(const AtomRecord& atom) {
  Columns& c = columns_;
  const std::uint32_t chain = chains_.number(atom.chain), compound = compounds_.number(atom.compound);
  const bool sameResidue = !c.residueNumbers.empty() && c.residueNumbers.back() == atom.number &&
                           c.residueNames.back() == compound && c.residueChains.back() == chain &&
                           c.insertions.back() == static_cast<std::uint8_t>(atom.insertion);
  if (!sameResidue) {
    c.residueNames.push_back(compound);
    c.residueChains.push_back(chain);
    c.residueNumbers.push_back(atom.number);
    c.insertions.push_back(static_cast<std::uint8_t>(atom.insertion));
    c.heteros.push_back(atom.hetero ? 1 : 0);
  }
  c.positions.insert(c.positions.end(), {atom.x, atom.y, atom.z});
  c.bFactors.push_back(atom.b);
  c.occupancies.push_back(atom.occupancy);
  c.equivalentB.push_back(atom.equivalentB);
  c.elements.push_back(static_cast<std::uint8_t>(atom.element));
  c.alternates.push_back(static_cast<std::uint8_t>(atom.alternate));
  c.names.push_back(names_.number(atom.name));
  c.residues.push_back(static_cast<std::uint32_t>(c.residueNumbers.size() - 1));
  c.rows.push_back(atom.row);
}

Columns ColumnsBuilder::take(std::uint32_t models) {
  columns_.atomNames = std::move(names_.list);
  columns_.compoundNames = std::move(compounds_.list);
  columns_.chains = std::move(chains_.list);
  columns_.models = models;
  return std::move(columns_);
}

}  // namespace locscale::model
