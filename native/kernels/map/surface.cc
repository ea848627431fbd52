#include "kernels/map/surface.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <vector>

#include "kernels/threads.h"

namespace locscale::map {

namespace {

struct Point {
  double z, y, x;
};

Point operator-(const Point& a, const Point& b) { return {a.z - b.z, a.y - b.y, a.x - b.x}; }

double triangleArea(const Point& a, const Point& b, const Point& c) {
  const Point u = b - a, v = c - a;
  const Point n{u.y * v.x - u.x * v.y, u.x * v.z - u.z * v.x, u.z * v.y - u.y * v.z};
  return 0.5 * std::sqrt(n.z * n.z + n.y * n.y + n.x * n.x);
}

/** Corner c of a cell: bit 0 is x, bit 1 y, bit 2 z. One tetrahedron for each order in which the three bits are set. */
constexpr int kTetrahedra[6][4] = {{0, 1, 3, 7}, {0, 1, 5, 7}, {0, 2, 3, 7}, {0, 2, 6, 7}, {0, 4, 5, 7}, {0, 4, 6, 7}};

struct Cell {
  std::array<float, 8> value;
  std::array<Point, 8> corner;
  float level;

  /** Where the map, linear between two corners, has the level. */
  Point crossing(int inside, int outside) const {
    const double a = value[inside], b = value[outside];
    const double t = (a - level) / (a - b);
    const Point &p = corner[inside], &q = corner[outside];
    return {p.z + t * (q.z - p.z), p.y + t * (q.y - p.y), p.x + t * (q.x - p.x)};
  }

  double area() const {
    double sum = 0;
    for (const auto& tetrahedron : kTetrahedra) {
      std::array<int, 4> inside{}, outside{};
      int in = 0, out = 0;
      for (int c : tetrahedron) {
        if (value[c] >= level)
          inside[in++] = c;
        else
          outside[out++] = c;
      }
      if (in == 1 || in == 3) {
        const int apex = in == 1 ? inside[0] : outside[0];
        const auto& base = in == 1 ? outside : inside;
        const auto cut = [&](int other) { return in == 1 ? crossing(apex, other) : crossing(other, apex); };
        sum += triangleArea(cut(base[0]), cut(base[1]), cut(base[2]));
      } else if (in == 2) {
        const Point a = crossing(inside[0], outside[0]), b = crossing(inside[0], outside[1]),
                    c = crossing(inside[1], outside[1]), d = crossing(inside[1], outside[0]);
        sum += triangleArea(a, b, c) + triangleArea(a, c, d);
      }
    }
    return sum;
  }
};

/** Area between two sections and their share of enclosed voxels. */
double areaAbove(std::span<const float> voxels, const Shape& shape, const std::array<double, 3>& spacing, float level,
                 int z) {
  const std::size_t section = shape.section();
  const float* const first = voxels.data() + z * section;
  std::vector<std::uint8_t> inside(shape.x);  // of the four voxels at each x, those at or above the level
  Cell cell{};
  cell.level = level;
  for (int c = 0; c < 8; ++c)
    cell.corner[c] = {spacing[0] * (c >> 2), spacing[1] * ((c >> 1) & 1), spacing[2] * (c & 1)};
  double area = 0;
  for (int y = 0; y + 1 < shape.y; ++y) {
    const float* const rows[4] = {first + static_cast<std::size_t>(y) * shape.x,
                                  first + static_cast<std::size_t>(y + 1) * shape.x,
                                  first + section + static_cast<std::size_t>(y) * shape.x,
                                  first + section + static_cast<std::size_t>(y + 1) * shape.x};
    for (int x = 0; x < shape.x; ++x)
      inside[x] =
          (rows[0][x] >= level) | (rows[1][x] >= level) << 1 | (rows[2][x] >= level) << 2 | (rows[3][x] >= level) << 3;
    for (int x = 0; x + 1 < shape.x; ++x) {
      if (inside[x] == inside[x + 1] && (inside[x] == 0 || inside[x] == 15)) continue;
      for (int c = 0; c < 8; ++c) cell.value[c] = rows[c >> 1][x + (c & 1)];
      area += cell.area();
    }
  }
  return area;
}

/** A stretch of enclosed voxels of one row, and the run that it was joined to. */
struct Run {
  std::int32_t begin, end;
  std::uint32_t parent;
};

class Runs {
 public:
  std::size_t size() const { return runs_.size(); }
  const Run& operator[](std::size_t i) const { return runs_[i]; }

  void add(std::int32_t begin, std::int32_t end) {
    runs_.push_back({begin, end, static_cast<std::uint32_t>(runs_.size())});
    ++regions_;
  }

  void join(std::size_t a, std::size_t b) {
    const std::uint32_t rootA = root(static_cast<std::uint32_t>(a)), rootB = root(static_cast<std::uint32_t>(b));
    if (rootA == rootB) return;
    runs_[std::max(rootA, rootB)].parent = std::min(rootA, rootB);
    --regions_;
  }

  std::size_t regions() const { return regions_; }

 private:
  std::uint32_t root(std::uint32_t i) {
    while (runs_[i].parent != i) i = runs_[i].parent = runs_[runs_[i].parent].parent;
    return i;
  }

  std::vector<Run> runs_;
  std::size_t regions_ = 0;
};

/** Joins the runs [a, aEnd) and [b, bEnd) of two rows where they overlap or touch at a corner. */
void joinRows(Runs& runs, std::size_t a, std::size_t aEnd, std::size_t b, std::size_t bEnd) {
  while (a < aEnd && b < bEnd) {
    if (runs[a].begin <= runs[b].end && runs[b].begin <= runs[a].end) runs.join(a, b);
    if (runs[a].end < runs[b].end)
      ++a;
    else
      ++b;
  }
}

void countRegions(std::span<const float> voxels, const Shape& shape, float level, const Control& control,
                  Surface& result) {
  Runs runs;
  // First run of every row of this section and the one below; one more entry for the end.
  std::vector<std::size_t> below(shape.y + 1, 0), here(shape.y + 1, 0);
  for (int z = 0; z < shape.z; ++z) {
    control.throwIfCancelled();
    std::swap(below, here);
    for (int y = 0; y < shape.y; ++y) {
      here[y] = runs.size();
      const float* const row = voxels.data() + z * shape.section() + static_cast<std::size_t>(y) * shape.x;
      for (int x = 0; x < shape.x; ++x) {
        if (!(row[x] >= level)) continue;
        const int begin = x;
        while (x < shape.x && row[x] >= level) ++x;
        runs.add(begin, x);
        result.enclosed += x - begin;
      }
      const std::size_t end = here[y + 1] = runs.size();
      if (y > 0) joinRows(runs, here[y - 1], here[y], here[y], end);
      if (z == 0) continue;
      for (int other = std::max(0, y - 1); other <= std::min(shape.y - 1, y + 1); ++other)
        joinRows(runs, below[other], below[other + 1], here[y], end);
    }
  }
  result.regions = runs.regions();
}

}  // namespace

float contourLevel(std::span<const float> voxels, std::size_t count) {
  std::vector<float> copy(voxels.begin(), voxels.end());
  const auto nth = copy.begin() + static_cast<std::ptrdiff_t>(count - 1);
  std::nth_element(copy.begin(), nth, copy.end(), std::greater<>());
  return *nth;
}

Surface surface(std::span<const float> voxels, const Shape& shape, const std::array<double, 3>& spacing, float level,
                int threads, const Control& control) {
  const std::size_t layers = static_cast<std::size_t>(shape.z - 1);
  control.setTotal(static_cast<std::int32_t>(layers + 1));
  std::vector<double> areas(layers + 1);
  Surface result;
  // The regions are one more item beside the layers: a single pass in order, which needs one thread.
  parallelFor(layers + 1, static_cast<std::size_t>(threads), [&](std::size_t item, std::size_t) {
    control.throwIfCancelled();
    if (item == 0)
      countRegions(voxels, shape, level, control, result);
    else
      areas[item] = areaAbove(voxels, shape, spacing, level, static_cast<int>(item - 1));
    control.advance(1);
  });
  for (double area : areas) result.area += area;
  return result;
}

}  // namespace locscale::map
