#include "test/gemmi_density.h"

#include <algorithm>
#include <ctime>

#include <gemmi/c4322.hpp>
#include <gemmi/dencalc.hpp>
#include <gemmi/it92.hpp>

namespace locscale::oracle {

namespace {

double threadSeconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

}  // namespace

double gemmiDensity(const model::Atoms& atoms, const model::Box& box, double blur, std::span<float> map) {
  const auto& [shape, size, origin] = box;
  gemmi::DensityCalculator<gemmi::C4322<double>, float> calculator;
  calculator.grid.set_unit_cell(shape.x * size[0], shape.y * size[1], shape.z * size[2], 90, 90, 90);
  calculator.grid.set_size_without_checking(shape.x, shape.y, shape.z);
  calculator.blur = blur;
  std::vector<gemmi::Atom> list(atoms.size());
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    const double* p = &atoms.positions[3 * i];
    list[i].pos = gemmi::Position(p[0], p[1], p[2]);
    list[i].element = static_cast<gemmi::El>(atoms.elements[i]);
    list[i].b_iso = atoms.bFactors[i];
    list[i].occ = atoms.occupancies[i];
  }
  calculator.grid.fill(0);
  const double started = threadSeconds();
  for (const gemmi::Atom& atom : list) calculator.add_atom_density_to_grid(atom);
  const double seconds = threadSeconds() - started;
  std::copy(calculator.grid.data.begin(), calculator.grid.data.end(), map.begin());
  return seconds;
}

}  // namespace locscale::oracle
