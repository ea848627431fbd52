#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace locscale::model {

/** Which kind of text a model came from. */
enum class Format { pdb, mmcif };

/** The row of an atom that the source does not have. */
inline constexpr std::uint32_t kNoRow = 0xFFFFFFFF;

/**
 * The atoms of one model as columns. Texts are kept once each and named by number; missing numbers are NaN, an unknown
 * element is 0. `rows` says which atom record of the source's first model an atom is.
 */
struct Columns {
  std::vector<double> positions;  ///< x, y, z of each atom, angstrom
  std::vector<float> bFactors, occupancies;
  std::vector<float> equivalentB;  ///< 8 pi^2 / 3 times the trace of the anisotropic tensor; NaN without one
  std::vector<std::uint8_t> elements, alternates;  ///< atomic number; letter of the alternate conformation or 0
  std::vector<std::uint32_t> names, residues, rows;
  std::vector<std::string> atomNames;

  std::vector<std::uint32_t> residueNames, residueChains;  ///< of each residue
  std::vector<std::int32_t> residueNumbers;
  std::vector<std::uint8_t> insertions, heteros;  ///< letter or 0; 1 for HETATM
  std::vector<std::string> compoundNames, chains;

  std::uint32_t models = 0;  ///< in the source; the atoms are those of the first

  std::size_t size() const noexcept { return elements.size(); }
};

/** One atom on its way into the columns. */
struct AtomRecord {
  std::string_view chain, compound, name;
  int number = 0;
  char insertion = 0, alternate = 0;
  bool hetero = false;
  int element = 0;
  double x = 0, y = 0, z = 0;
  float b = 0, occupancy = 1, equivalentB = 0;
  std::uint32_t row = 0;
};

/** Fills columns atom by atom; neighbours of one residue share its row. */
class ColumnsBuilder {
 public:
  void add(const AtomRecord& atom);
  Columns take(std::uint32_t models);

 private:
  /** Gives each different text its number. */
  class Texts {
   public:
    std::uint32_t number(std::string_view text);
    std::vector<std::string> list;

   private:
    std::unordered_map<std::string, std::uint32_t> known_;
  };

  Columns columns_;
  Texts names_, compounds_, chains_;
};

}  // namespace locscale::model
