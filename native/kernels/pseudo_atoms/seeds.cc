#include "kernels/pseudo_atoms/seeds.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "kernels/fail.h"

namespace locscale::pseudo {
namespace {

Point anywhereIn(const Region& region, std::size_t voxel, Random& random) {
  const double x = random.within(0.5), y = random.within(0.5), z = random.within(0.5);
  return region.centre(voxel) + Point{x, y, z};
}

/** Atoms placed so far, by the cube of one distance in which they lie. */
class Placed {
 public:
  explicit Placed(double distance) : distance_(distance) {}

  bool isFree(const Point& p) const {
    const auto [cx, cy, cz] = cube(p);
    for (std::int64_t z = cz - 1; z <= cz + 1; ++z)
      for (std::int64_t y = cy - 1; y <= cy + 1; ++y)
        for (std::int64_t x = cx - 1; x <= cx + 1; ++x) {
          const auto [first, end] = atoms_.equal_range(key({x, y, z}));
          for (auto other = first; other != end; ++other)
            if ((other->second - p).length() < distance_) return false;
        }
    return true;
  }

  void add(const Point& p) { atoms_.emplace(key(cube(p)), p); }

 private:
  struct Cube {
    std::int64_t x, y, z;
  };

  Cube cube(const Point& p) const {
    const auto index = [&](double value) { return static_cast<std::int64_t>(std::floor(value / distance_)); };
    return {index(p.x), index(p.y), index(p.z)};
  }
  static std::uint64_t key(const Cube& c) {
    const auto part = [](std::int64_t value) { return static_cast<std::uint64_t>(value + 1) & 0x1fffff; };
    return part(c.x) << 42 | part(c.y) << 21 | part(c.z);
  }

  double distance_;
  std::unordered_multimap<std::uint64_t, Point> atoms_;
};

/** Throws in a row that may miss before the region counts as full. */
constexpr int kMostMisses = 10'000;

}  // namespace

std::vector<Point> inDifferentVoxels(const Region& region, std::size_t count, Random& random) {
  std::vector<std::size_t> voxels = region.voxels();
  if (count > voxels.size())
    fail("input.parameter", count, " atoms are wanted, each in a voxel of its own, but the mask has ", voxels.size(),
         " voxels away from the faces of the box; use a larger mask, fewer atoms or smaller voxels.");
  std::vector<Point> atoms;
  atoms.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    std::swap(voxels[i], voxels[i + random.below(voxels.size() - i)]);
    atoms.push_back(anywhereIn(region, voxels[i], random));
  }
  return atoms;
}

std::vector<Point> spaced(const Region& region, std::size_t count, double distance, Random& random,
                          const Control& control) {
  const auto& voxels = region.voxels();
  Placed placed(distance);
  std::vector<Point> atoms;
  atoms.reserve(count);
  for (int misses = 0; atoms.size() < count;) {
    const Point p = anywhereIn(region, voxels[random.below(voxels.size())], random);
    if (placed.isFree(p)) {
      placed.add(p);
      atoms.push_back(p);
      misses = 0;
      if (atoms.size() % 1024 == 0) control.throwIfCancelled();
    } else if (++misses == kMostMisses) {
      fail(
          "input.parameter", "Only ", atoms.size(), " of ", count,
          " atoms fit into the mask at the preferred distance; give a smaller distance, fewer atoms or a larger mask.");
    }
  }
  return atoms;
}

void orderByPlace(std::vector<Point>& atoms) {
  constexpr double kEdge = 4;  // voxels; a few atoms in each cube
  const auto cube = [](const Point& p) {
    return std::tuple(std::floor(p.z / kEdge), std::floor(p.y / kEdge), std::floor(p.x / kEdge));
  };
  std::stable_sort(atoms.begin(), atoms.end(), [&](const Point& a, const Point& b) { return cube(a) < cube(b); });
}

}  // namespace locscale::pseudo
