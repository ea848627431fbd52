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

HalfMap openHalf(const FscPlan& plan, const char* name, const float* voxels, const Shape& shape, float fill,
                 int threads, const Control& control) {
  const auto found = map::statistics(std::span(voxels, shape.voxels()), threads, control);
  if (found.nonFinite > 0) {
    fail("input.voxels", "The ", name, " half map holds ", found.nonFinite,
         " values that are not finite; every voxel must be a finite number: repair the file first.");
  }
  const double largest = std::max({std::abs(found.min), std::abs(found.max), static_cast<double>(std::abs(fill))});
  // Beyond these bounds the power of two itself would leave the range of float32.
  const int exponent = largest > 0 ? std::clamp(-std::ilogb(largest), -120, 120) : 0;
  HalfMap half{voxels, fill, {}};
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

std::vector<size_t> maskVoxels(const uint8_t* mask, const Shape& shape) {
  std::vector<size_t> voxels;
  for (size_t i = 0; i < shape.voxels(); i++) {
    if (mask[i] != 0) voxels.push_back(i);
  }
  return voxels;
}

}  // namespace

LocalResolutionReport localResolution(const LocalResolutionInput& input, const LocalResolutionOutput& output,
                                      const Control& control) {
  if (input.window < 8 || input.window % 2 != 0 || input.window > 128) {
    fail("input.parameter", "The window is ", input.window, " voxels; it must be an even number from 8 to 128.");
  }
  const Shape& shape = input.shape;
  const FscPlan plan(input.window);
  FscJob job;
  job.shape = shape;
  job.plan = &plan;
  // Looking for values that are not finite counts no units: those of the control block are rows of tiles.
  job.halves[0] = openHalf(plan, "first", input.half1, shape, input.fill1, input.threads, Control());
  job.halves[1] = openHalf(plan, "second", input.half2, shape, input.fill2, input.threads, Control());
  control.throwIfCancelled();
  BitVolume mask(shape);
  parallelFor(shape.z, input.threads, [&](size_t z, size_t) {
    mask.fillSection(static_cast<int>(z), [&](size_t i) { return input.mask[i] != 0; });
  });
  job.mask = &mask;
  job.rule = {input.threshold, input.window * input.voxelSize};
  // Half of the frequencies are summed; by Parseval all of them hold w^3 times the tapered values' squares.
  const double cube = std::pow(input.window, 3);
  job.emptyPower = kEmptyShare * kEmptyShare * cube * plan.taperPower / 2;
  job.resolution = output.resolution;
  job.curves = output.curves;
  const auto voxels = output.curves == nullptr ? std::vector<size_t>() : maskVoxels(input.mask, shape);
  job.curveVoxels = &voxels;
  std::atomic<int64_t> emptyWindows{0}, beyondNyquist{0}, unresolved{0};
  job.emptyWindows = &emptyWindows;
  job.beyondNyquist = &beyondNyquist;
  job.unresolved = &unresolved;

  const std::vector<Tile> tiles = cutTiles(mask, tileLanes(), input.threads);
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
  return {static_cast<int64_t>(mask.count(0, shape.z)), emptyWindows, beyondNyquist, unresolved};
}

}  // namespace locscale::local
