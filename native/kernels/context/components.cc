#include "kernels/context/components.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

#include "kernels/threads.h"

namespace locscale::context {

namespace {

/** The runs of one section, and how many each of its rows has. */
struct Section {
  std::vector<Run> runs;
  std::vector<std::uint32_t> counts;
};

void findRuns(const float* row, int n, float threshold, std::vector<Run>& runs) {
  int x = 0;
  while (x < n) {
    while (x < n && !(row[x] >= threshold)) ++x;
    if (x == n) return;
    const int begin = x;
    while (x < n && row[x] >= threshold) ++x;
    runs.push_back({begin, x});
  }
}

/** Sets of runs; the representative of a set is its first run. */
class Sets {
 public:
  explicit Sets(std::size_t count) : parent_(count) { std::iota(parent_.begin(), parent_.end(), 0u); }

  std::uint32_t find(std::uint32_t run) {
    while (parent_[run] != run) {
      parent_[run] = parent_[parent_[run]];
      run = parent_[run];
    }
    return run;
  }

  void join(std::uint32_t one, std::uint32_t other) {
    one = find(one);
    other = find(other);
    if (one < other)
      parent_[other] = one;
    else
      parent_[one] = other;
  }

 private:
  std::vector<std::uint32_t> parent_;
};

/** Joins the runs of two rows that are neighbours where they share faces. */
void joinRows(const Components& found, std::size_t row, std::size_t other, Sets& sets) {
  std::uint32_t a = found.rows[row], b = found.rows[other];
  while (a < found.rows[row + 1] && b < found.rows[other + 1]) {
    const Run& first = found.runs[a];
    const Run& second = found.runs[b];
    if (first.begin < second.end && second.begin < first.end) sets.join(a, b);
    if (first.end < second.end)
      ++a;
    else
      ++b;
  }
}

void include(Component& component, const Run& run, int z, int y) {
  Box& box = component.box;
  if (component.voxels == 0) box = {z, z + 1, y, y + 1, run.begin, run.end};
  box = {std::min(box.z0, z),     std::max(box.z1, z + 1),     std::min(box.y0, y),
         std::max(box.y1, y + 1), std::min(box.x0, run.begin), std::max(box.x1, run.end)};
  component.voxels += run.end - run.begin;
}

}  // namespace

Components findComponents(std::span<const float> map, const Shape& shape, float threshold, int threads,
                          const Control& control) {
  std::vector<Section> sections(shape.z);
  parallelFor(shape.z, threads, [&](std::size_t z, std::size_t) {
    control.throwIfCancelled();
    Section& section = sections[z];
    section.counts.reserve(shape.y);
    for (int y = 0; y < shape.y; ++y) {
      const std::size_t before = section.runs.size();
      findRuns(&map[(z * shape.y + y) * shape.x], shape.x, threshold, section.runs);
      section.counts.push_back(static_cast<std::uint32_t>(section.runs.size() - before));
    }
  });

  Components found;
  std::size_t total = 0;
  for (const Section& section : sections) total += section.runs.size();
  found.runs.reserve(total);
  found.rows.reserve(static_cast<std::size_t>(shape.z) * shape.y + 1);
  found.rows.push_back(0);
  for (const Section& section : sections) {
    found.runs.insert(found.runs.end(), section.runs.begin(), section.runs.end());
    for (const std::uint32_t count : section.counts) found.rows.push_back(found.rows.back() + count);
  }

  Sets sets(total);
  for (int z = 0; z < shape.z; ++z) {
    control.throwIfCancelled();
    for (int y = 0; y < shape.y; ++y) {
      const std::size_t row = static_cast<std::size_t>(z) * shape.y + y;
      if (y > 0) joinRows(found, row, row - 1, sets);
      if (z > 0) joinRows(found, row, row - shape.y, sets);
    }
  }

  // Numbered by their first run, then sorted by size.
  constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
  std::vector<std::uint32_t> number(total, none);
  found.of.resize(total);
  for (int z = 0; z < shape.z; ++z) {
    for (int y = 0; y < shape.y; ++y) {
      const std::size_t row = static_cast<std::size_t>(z) * shape.y + y;
      for (std::uint32_t run = found.rows[row]; run < found.rows[row + 1]; ++run) {
        std::uint32_t& label = number[sets.find(run)];
        if (label == none) {
          label = static_cast<std::uint32_t>(found.components.size());
          found.components.emplace_back();
        }
        found.of[run] = label;
        include(found.components[label], found.runs[run], z, y);
      }
    }
  }
  std::vector<std::uint32_t> order(found.components.size());
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return found.components[a].voxels > found.components[b].voxels;
  });
  std::vector<std::uint32_t> rank(order.size());
  std::vector<Component> sorted;
  sorted.reserve(order.size());
  for (const std::uint32_t label : order) {
    rank[label] = static_cast<std::uint32_t>(sorted.size());
    sorted.push_back(found.components[label]);
  }
  for (std::uint32_t& label : found.of) label = rank[label];
  found.components = std::move(sorted);
  return found;
}

}  // namespace locscale::context
