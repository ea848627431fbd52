#include <cctype>
#include <cmath>
#include <numbers>
#include <random>
#include <string>
#include <vector>

#include "kernels/model/blobs.h"
#include "kernels/model/model_file.h"
#include "kernels/model/near_atoms.h"
#include "kernels/model/simulate.h"
#include "kernels/model/splat.h"
#include "test/check.h"

using namespace locscale;
using namespace locscale::model;

namespace {

struct Heap {
  std::vector<double> positions;
  std::vector<std::uint8_t> elements;
  std::vector<float> bFactors, occupancies;

  Heap(int count, double from, double to) {
    std::mt19937 random(7);
    std::uniform_real_distribution<double> place(from, to);
    for (int i = 0; i < count; ++i) {
      for (int axis = 0; axis < 3; ++axis) positions.push_back(place(random));
      elements.push_back(static_cast<std::uint8_t>(1 + i * 13 % 98));
      bFactors.push_back(static_cast<float>(20 + i % 50));
      occupancies.push_back(0.5F);
    }
  }
  Atoms atoms() const { return {positions, elements, bFactors, occupancies}; }
};

FileText bytes(const std::string& text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

const std::string kPdb =
    "MODEL        1\n"
    "ATOM      1  CA AVAL A   1      11.000  12.000  13.000  0.60 20.00           C  \n"
    "ANISOU    1  CA AVAL A   1     2000   3000   4000      0      0      0       C  \n"
    "HETATM    2  O   HOH A   2      -1.000   2.000   3.000  1.00 30.00           O  \n"
    "ENDMDL\nEND\n";
const std::string kCif =
    "data_x\n_entry.id x\nloop_\n_atom_site.id\n_atom_site.type_symbol\n_atom_site.label_atom_id\n_atom_site.Cartn_x\n"
    "_atom_site.Cartn_y\n_atom_site.Cartn_z\n_atom_site.B_iso_or_equiv\n1 C CA 1 2 3 20\n2 N N 4 5 6 21.5\n"
    "loop_\n_atom_site_anisotrop.id\n_atom_site_anisotrop.U[1][1]\n1 0.1\n";

}  // namespace

TEST(blobs_add_up_to_the_sum_of_gaussians_on_a_ring) {
  // A box smaller than the atoms in z, atoms up to every face: each copy around the ring counts.
  const Heap heap(30, -0.5, 8.5);
  const Box box{{9, 11, 10}, {1.0, 0.9, 1.1}, {0, 0, 0}};
  const Blobs blobs = makeBlobs(heap.atoms(), box, {}, 60);
  std::vector<float> map(box.shape.voxels());
  splat(blobs.list, box, map, 3, Control());
  double largest = 0, peak = 0;
  for (int z = 0; z < 9; ++z) {
    for (int y = 0; y < 11; ++y) {
      for (int x = 0; x < 10; ++x) {
        double expected = 0;
        for (std::size_t i = 0; i < heap.elements.size(); ++i) {
          const Scattering& factor = scattering(heap.elements[i]);
          for (int ring = 0; ring < 343; ++ring) {
            const double dx = x * 1.0 - heap.positions[3 * i] + (ring % 7 - 3) * 10.0;
            const double dy = y * 0.9 - heap.positions[3 * i + 1] + (ring / 7 % 7 - 3) * 9.9;
            const double dz = z * 1.1 - heap.positions[3 * i + 2] + (ring / 49 - 3) * 9.9;
            for (int k = 0; k < kGaussians; ++k) {
              const double beta = factor.b[k] + heap.bFactors[i] + 60, narrow = 4 * std::numbers::pi / beta;
              expected += 0.5 * factor.a[k] * std::pow(narrow, 1.5) *
                          std::exp(-std::numbers::pi * narrow * (dx * dx + dy * dy + dz * dz));
            }
          }
        }
        largest = std::max(largest, std::abs(expected - map[(z * 11 + y) * 10 + x]));
        peak = std::max(peak, expected);
      }
    }
  }
  CHECK(blobs.outside == 0);
  CHECK(largest < 5e-4 * peak);
}

TEST(threads_do_not_change_a_simulated_map) {
  const Heap heap(200, 2, 40);
  const Box box{{37, 41, 50}, {1.1, 1.1, 1.1}, {-1, 0, 2}};
  Simulation simulation;
  simulation.atoms = heap.atoms();
  simulation.box = box;
  std::vector<float> one(box.shape.voxels()), many(box.shape.voxels());
  const auto alone = simulate(simulation, one, 1, Control());
  simulate(simulation, many, 5, Control());
  CHECK(one == many);
  CHECK(alone.blur > 0 && alone.outside < 40);
}

TEST(voxels_near_atoms_are_balls_cut_at_the_box) {
  const std::vector<double> positions = {0, 5, 5, 1e9, -1e9, 0, 5, 5, 5};
  const std::vector<std::uint8_t> elements = {6, 6, 6};
  const std::vector<float> numbers = {1, 1, 1};
  const Box box{{11, 11, 11}, {1, 1, 1}, {0, 0, 0}};
  std::vector<std::uint8_t> mask(box.shape.voxels());
  markNearAtoms({positions, elements, numbers, numbers}, box, 2, mask, 2, Control());
  for (int z = 0; z < 11; ++z) {
    for (int y = 0; y < 11; ++y) {
      for (int x = 0; x < 11; ++x) {
        const int plane = (y - 5) * (y - 5) + (z - 5) * (z - 5);
        const bool near = plane + x * x <= 4 || plane + (x - 5) * (x - 5) <= 4;
        CHECK((mask[(z * 11 + y) * 11 + x] != 0) == near);
      }
    }
  }
}

TEST(a_model_is_read_and_written) {
  const Columns pdb = readPdb(bytes(kPdb)), cif = readMmcif(bytes(kCif));
  CHECK(pdb.size() == 2 && cif.size() == 2);
  CHECK(pdb.alternates[0] == 'A' && pdb.heteros[1] == 1);
  CHECK(std::abs(pdb.equivalentB[0] - 8 * std::numbers::pi * std::numbers::pi * 0.3) < 1e-3);
  CHECK(std::isnan(pdb.equivalentB[1]));
  CHECK(cif.elements[1] == 7 && cif.bFactors[1] == 21.5F);
  for (const bool isPdb : {true, false}) {
    Columns changed = isPdb ? pdb : cif;
    changed.bFactors[0] = 77.25F;
    const std::string text = writeMmcif(changed, bytes(isPdb ? kPdb : kCif), isPdb ? Format::pdb : Format::mmcif);
    const Columns back = readMmcif(bytes(text));
    CHECK(back.bFactors[0] == 77.25F && back.positions == changed.positions);
    CHECK(text.find("anisotrop") == std::string::npos);
  }
}

TEST(atoms_are_added_to_every_form_of_a_table) {
  const std::string atom = "_atom_site.id 1\n_atom_site.type_symbol C\n_atom_site.Cartn_x 1\n_atom_site.Cartn_y 2\n";
  const std::string rest = "_atom_site.Cartn_z 3\n_atom_site.B_iso_or_equiv 20\n";
  const std::string pairs =
      "data_x\n_entity.id 1\n_entity.type polymer\n_chem_comp.id GLY\n_chem_comp.type x\n" + atom + rest;
  std::string upper = "data_x\n_ENTITY.ID 4\n_ENTITY.TYPE polymer\nloop_\n_CHEM_COMP.ID\nGLY\n";
  for (const char letter : atom + rest) upper += static_cast<char>(std::toupper(letter));
  const std::string blocks = "data_a\n_entry.id a\ndata_b\n" + kCif.substr(7) + "data_c\n_atom_site.id 1\n";
  for (const std::string& source : {pairs, upper, blocks, kCif}) {
    const Columns atoms = readMmcif(bytes(source));
    const bool listed = source != blocks && source != kCif;
    Columns more = atoms;
    more.atomNames.push_back("W");
    more.compoundNames.push_back("DUM");
    more.chains.push_back("Z");
    more.residueNames.push_back(static_cast<std::uint32_t>(more.compoundNames.size() - 1));
    more.residueChains.push_back(static_cast<std::uint32_t>(more.chains.size() - 1));
    more.residueNumbers.push_back(1);
    more.insertions.push_back(0);
    more.heteros.push_back(1);
    for (int i = 0; i < 40; ++i) {
      for (const double x : {4.0, 5.0, 6.0 + i}) more.positions.push_back(x);
      more.elements.push_back(i == 0 ? 255 : 8);
      more.bFactors.push_back(30);
      more.occupancies.push_back(1);
      more.alternates.push_back(0);
      more.names.push_back(static_cast<std::uint32_t>(more.atomNames.size() - 1));
      more.residues.push_back(static_cast<std::uint32_t>(more.residueNames.size() - 1));
      more.rows.push_back(0xffffffff);
    }
    const std::string text = writeMmcif(more, bytes(source), Format::mmcif);
    const Columns back = readMmcif(bytes(text));
    CHECK(back.size() == atoms.size() + 40);
    CHECK(back.positions == more.positions);
    CHECK((text.find("non-polymer") != std::string::npos) == listed);
  }
}

TEST(tables_that_make_no_sense_are_refused) {
  const std::string head = "data_x\nloop_\n_atom_site.Cartn_x\n_atom_site.Cartn_y\n_atom_site.Cartn_z\n";
  const std::string foreign =
      "data_x\nloop_\n_atom_site.Cartn_x\n_atom_site.Cartn_y\n_atom_site.Cartn_z\n_cell.a\n1 2 3 4\n";
  int refused = 0;
  for (const std::string& source : {head + "1 2 3 4\n", head, std::string("data_x\n_atom_site.Cartn_x 1\n"), foreign}) {
    try {
      writeMmcif(readMmcif(bytes(source)), bytes(source), Format::mmcif);
    } catch (const Failure&) {
      ++refused;
    }
  }
  CHECK(refused == 4);
}

TEST(damaged_models_never_break_the_reader) {
  std::mt19937 random(3);
  int read = 0, refused = 0;
  for (int trial = 0; trial < 3000; ++trial) {
    const bool isPdb = trial % 2 == 0;
    std::string text = isPdb ? kPdb : kCif;
    for (unsigned change = 0; change < 1 + random() % 8; ++change) {
      text[random() % text.size()] = static_cast<char>(random() % 256);
    }
    if (trial % 3 == 0) text.resize(random() % text.size());
    try {
      const Columns columns = isPdb ? readPdb(bytes(text)) : readMmcif(bytes(text));
      writeMmcif(columns, bytes(text), isPdb ? Format::pdb : Format::mmcif);
      ++read;
    } catch (const Failure&) {
      ++refused;
    }
  }
  CHECK(read > 100 && refused > 100);
}
