#include "kernels/local_resolution/local_resolution.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <span>
#include <vector>

#include "kernels/fail.h"
#include "kernels/local_resolution/fsc_tile.h"
#include "kernels/map/map.h"
#include "kernels/scaling/flush_to_zero.h"
#include "kernels/scaling/tile_kernel.h"
#include "kernels/threads.h"

namespace locscale::local {
namespace {

/** Tapered values of a window count as nothing below this share of the map's largest value: float32 sums lose them. */
constexpr double kEmptyShare = 1e-6;

HalfMap openHalf(const FscPlan& plan, const char* name, const float* voxels, const Shape& shape, int threads,
                 const Control& control) {
  const auto found = map::statistics(std::span(voxels, shape.voxels()), threads, control);
  if (found.nonFinite > 0) {
    fail("input.voxels", "The ", name, " half map holds ", found.nonFinite,
         " values that are not finite; every voxel must be a finite number: repair the file first.");
  }
  const double largest = std::max(std::abs(found.min), std::abs(found.max));
  // Beyond these bounds the power of two itself would leave the range of float32.
  const int exponent = largest > 0 ? std::clamp(-std::ilogb(largest), -120, 120) : 0;
  HalfMap half{voxels, {}};
  for (int k = 0; k < plan.half; k++) {
    for (int m = 0; m < plan.half; m++) {
      const float* phase = plan.phase(k, m);
      for (int part = 0; part < 2; part++) {
        half.laneTables.push_back(std::ldexp(phase[part] * plan.taper[m], exponent));
      }
    }
  }
  return half;
}

std::vector<size_t> listVoxels(const uint8_t* mask, const Shape& shape) {
  std::vector<size_t> voxels;
  for (size_t i = 0; i < shape.voxels(); i++) {
    if (mask[i] != 0) voxels.push_back(i);
  }
  return voxels;
}

// Which window a voxel is given: its own, or the nearest that lies within the box.
class WindowCentres {
 public:
  WindowCentres(const Shape& shape, int window) : shape_(shape), window_(window), half_(window / 2) {}

  /** Calls `visit(voxel, centre)` for the mask voxels of one section. */
  template <typename Visit>
  void forSection(const uint8_t* mask, size_t z, const Visit& visit) const {
    const size_t row = within(z, shape_.z) * shape_.y;
    size_t voxel = z * shape_.section();
    for (int y = 0; y < shape_.y; y++) {
      const size_t line = (row + within(y, shape_.y)) * shape_.x;
      for (int x = 0; x < shape_.x; x++, voxel++) {
        if (mask[voxel] != 0) visit(voxel, line + within(x, shape_.x));
      }
    }
  }

  std::vector<uint8_t> ofMask(const uint8_t* mask) const {
    std::vector<uint8_t> centres(shape_.voxels());
    for (int z = 0; z < shape_.z; z++) forSection(mask, z, [&](size_t, size_t centre) { centres[centre] = 1; });
    return centres;
  }

 private:
  size_t within(size_t c, int n) const {
    return std::clamp(c, static_cast<size_t>(half_), static_cast<size_t>(n - window_ + half_));
  }

  Shape shape_;
  int window_, half_;
};

}  // namespace

LocalResolutionReport localResolution(const LocalResolutionInput& input, const LocalResolutionOutput& output,
                                      const Control& control) {
  if (input.window < 8 || input.window % 2 != 0 || input.window > 128) {
    fail("input.parameter", "The window is ", input.window, " voxels; it must be an even number from 8 to 128.");
  }
  const Shape& shape = input.shape;
  if (input.window > std::min({shape.z, shape.y, shape.x})) {
    fail("input.parameter", "The window is ", input.window, " voxels wide but the box only ", shape.z, " x ", shape.y,
         " x ", shape.x, " (z, y, x); give a smaller window.");
  }
  const FscPlan plan(input.window);
  FscJob job;
  job.shape = shape;
  job.plan = &plan;
  // Looking for values that are not finite counts no units: those of the control block are rows of tiles.
  job.halves[0] = openHalf(plan, "first", input.half1, shape, input.threads, Control());
  job.halves[1] = openHalf(plan, "second", input.half2, shape, input.threads, Control());
  control.throwIfCancelled();
  const WindowCentres windows(shape, input.window);
  const std::vector<uint8_t> centres = windows.ofMask(input.mask);
  BitVolume centreBits(shape);
  parallelFor(shape.z, input.threads, [&](size_t z, size_t) {
    centreBits.fillSection(static_cast<int>(z), [&](size_t i) { return centres[i] != 0; });
  });
  job.mask = &centreBits;
  job.rule = {input.threshold, input.voxelSize, input.window};
  // Half of the frequencies are summed; by Parseval all of them hold w^3 times the tapered values' squares.
  const double cube = std::pow(input.window, 3);
  job.emptyPower = kEmptyShare * kEmptyShare * cube * plan.taperPower / 2;
  job.resolution = output.resolution;
  const auto listed = output.curves == nullptr ? std::vector<size_t>() : listVoxels(centres.data(), shape);
  std::vector<float> curves(listed.size() * plan.half);
  if (output.curves != nullptr) job.curves = curves.data();
  job.curveVoxels = &listed;

  const std::vector<Tile> tiles = cutTiles(centreBits, tileLanes(), input.threads);
  const auto rows = [](const Tile& tile) { return (tile.z1 - tile.z0) * (tile.y1 - tile.y0); };
  int total = 0;
  for (const Tile& tile : tiles) total += rows(tile);
  control.setTotal(total);
  std::vector<std::unique_ptr<FscWorkspace>> workspaces(std::max(1, input.threads));
  parallelFor(tiles.size(), input.threads, [&](size_t i, size_t worker) {
    const FlushToZero flush;
    if (!workspaces[worker]) workspaces[worker] = makeFscWorkspace(job);
    fscTile(job, tiles[i], *workspaces[worker], control);
    control.advance(rows(tiles[i]));
  });

  // Centres that stand in for voxels near the faces come first: they are voxels that need no other's.
  parallelFor(shape.z, input.threads, [&](size_t z, size_t) {
    windows.forSection(input.mask, z, [&](size_t voxel, size_t centre) {
      if (voxel != centre) output.resolution[voxel] = output.resolution[centre];
    });
  });
  LocalResolutionReport report;
  float* curve = output.curves;
  const auto finest = static_cast<float>(job.rule.finest()), coarsest = static_cast<float>(job.rule.coarsest());
  for (int z = 0; z < shape.z; z++) {
    windows.forSection(input.mask, z, [&](size_t voxel, size_t centre) {
      const float found = output.resolution[voxel];
      report.voxels++;
      if (found == 0) report.emptyWindows++;
      if (found == finest) report.beyondNyquist++;
      if (found == coarsest) report.unresolved++;
      if (curve == nullptr) return;
      const auto order = std::lower_bound(listed.begin(), listed.end(), centre) - listed.begin();
      curve = std::copy_n(curves.data() + static_cast<size_t>(order) * plan.half, plan.half, curve);
    });
  }
  for (size_t i = 0; i < shape.voxels(); i++) {
    if (centres[i] != 0 && input.mask[i] == 0) output.resolution[i] = 0;
  }
  return report;
}

}  // namespace locscale::local
