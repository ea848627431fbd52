#include "kernels/scaling/scale_windows.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cmath>
#include <optional>
#include <vector>

#include "kernels/fail.h"
#include "kernels/scaling/flush_to_zero.h"
#include "kernels/scaling/tile_kernel.h"
#include "kernels/threads.h"

namespace locscale {
namespace {

struct Scan {
  float largest = 0;  ///< |value|
  int64_t zeros = 0;
  int64_t notFinite = 0;
};

// Few enough voxels that 32-bit counters, which fill vectors better, cannot overflow.
constexpr size_t kScanBlock = 1 << 16;

// Works on the bits: without the sign they are ordered as the magnitudes are, and whole numbers vectorise everywhere.
void scanBlock(const float* voxels, size_t count, Scan& scanned) {
  constexpr int32_t kInfinity = 0x7F800000;
  int32_t largest = 0, zeros = 0, notFinite = 0;
  for (size_t i = 0; i < count; i++) {
    const int32_t magnitude = std::bit_cast<int32_t>(voxels[i]) & 0x7FFFFFFF;
    largest = std::max(largest, magnitude);
    zeros += magnitude == 0 ? 1 : 0;
    notFinite += magnitude >= kInfinity ? 1 : 0;
  }
  scanned.largest = std::max(scanned.largest, std::bit_cast<float>(std::min(largest, kInfinity)));
  scanned.zeros += zeros;
  scanned.notFinite += notFinite;
}

Scan scan(const float* voxels, const Shape& shape, int threads) {
  std::vector<Scan> sections(shape.z);
  parallelFor(shape.z, threads, [&](size_t z, size_t) {
    const float* section = voxels + z * shape.section();
    for (size_t i = 0; i < shape.section(); i += kScanBlock) {
      scanBlock(section + i, std::min(kScanBlock, shape.section() - i), sections[z]);
    }
  });
  Scan all;
  for (const Scan& part : sections) {
    all.largest = std::max(all.largest, part.largest);
    all.zeros += part.zeros;
    all.notFinite += part.notFinite;
  }
  return all;
}

void requireFinite(const char* name, const Scan& scanned) {
  if (scanned.notFinite == 0) return;
  fail("input.voxels", "The ", name, " holds ", scanned.notFinite,
       " values that are not finite; every voxel must be a finite number: repair the file first.");
}

MapView makeView(const WindowPlan& plan, const float* voxels, float fill, const Scan& scanned) {
  MapView view;
  view.voxels = voxels;
  view.fill = fill;
  // Beyond these bounds the power of two itself would leave the range of float32.
  const int exponent = scanned.largest > 0 ? std::clamp(-std::ilogb(scanned.largest), -120, 120) : 0;
  view.unit = std::ldexp(1.0f, -exponent);
  view.laneTwiddles = plan.twiddles;
  for (float& twiddle : view.laneTwiddles) twiddle = std::ldexp(twiddle, exponent);
  return view;
}

// Voxels whose window holds a non-zero value; nothing when there are too few zeros to fill a window (an eighth of it,
// where windows reach beyond the corner of a box whose fill is 0).
std::optional<BitVolume> signalWindows(const Shape& shape, const MapView& view, const Scan& scanned, int half,
                                       int threads) {
  const int64_t needed = static_cast<int64_t>(half) * half * half;
  if (view.fill != 0 || scanned.zeros < needed) return std::nullopt;
  BitVolume bits(shape);
  parallelFor(shape.z, threads, [&](size_t z, size_t) {
    bits.fillSection(static_cast<int>(z), [&](size_t i) { return view.voxels[i] != 0; });
  });
  bits.spreadOverWindows(half, threads);
  return bits;
}

// Mask voxels of every slab, and those of them without signal in their window.
void countVoxels(const BitVolume& mask, const ScalingJob& job, SlabCounts* slabs) {
  BitVolume scalable = mask;
  if (job.mapSignal != nullptr) scalable.keepOnly(*job.mapSignal);
  if (job.referenceSignal != nullptr) scalable.keepOnly(*job.referenceSignal);
  const int sections = mask.shape().z;
  for (int slab = 0; slab < slabCount(mask.shape()); slab++) {
    const int first = slab * kSlabSections, end = std::min(sections, first + kSlabSections);
    slabs[slab].scaledVoxels = static_cast<int32_t>(mask.count(first, end));
    slabs[slab].emptyWindows = slabs[slab].scaledVoxels - static_cast<int32_t>(scalable.count(first, end));
  }
}

}  // namespace

void scaleWindows(const ScaleWindowsInput& input, const ScaleWindowsOutput& output, const Control& control) {
  if (input.window < 4 || input.window % 2 != 0 || input.window > 128) {
    fail("input.parameter", "The window is ", input.window, " voxels; it must be an even number from 4 to 128.");
  }
  const Shape& shape = input.shape;
  const Scan mapScan = scan(input.map, shape, input.threads);
  const bool referenced = input.factors.form != ScalingForm::kNoReference;
  const Scan referenceScan = referenced ? scan(input.reference, shape, input.threads) : Scan();
  requireFinite("map", mapScan);
  requireFinite("reference map", referenceScan);
  control.throwIfCancelled();

  BitVolume mask(shape);
  parallelFor(shape.z, input.threads, [&](size_t z, size_t) {
    mask.fillSection(static_cast<int>(z), [&](size_t i) { return input.mask[i] != 0; });
  });

  const WindowPlan plan(input.window, input.profile);
  ScalingJob job;
  job.shape = shape;
  job.plan = &plan;
  job.map = makeView(plan, input.map, input.mapFill, mapScan);
  if (referenced) job.reference = makeView(plan, input.reference, input.referenceFill, referenceScan);
  const ScaleFactorRule rule(input.factors, plan, job.map.unit, job.reference.unit);
  job.rule = &rule;
  std::optional<BitVolume> difference;
  if (input.factors.form == ScalingForm::kHybrid) {
    difference.emplace(shape);
    parallelFor(shape.z, input.threads, [&](size_t z, size_t) {
      difference->fillSection(static_cast<int>(z), [&](size_t i) { return input.differenceMask[i] != 0; });
    });
    job.difference = &*difference;
  }
  std::vector<std::atomic<int32_t>> failedFits(slabCount(shape));
  job.failedFits = failedFits.data();
  job.mask = &mask;
  job.cutoffs = input.cutoffs;
  job.cellEdge = static_cast<float>(input.window * input.cutoffVoxelSize);
  job.scaled = output.scaled;
  job.bfactors = output.bfactors;
  job.qualities = output.qualities;
  const auto mapSignal = signalWindows(shape, job.map, mapScan, plan.half, input.threads);
  const auto referenceSignal =
      referenced ? signalWindows(shape, job.reference, referenceScan, plan.half, input.threads) : std::nullopt;
  if (mapSignal) job.mapSignal = &*mapSignal;
  if (referenceSignal) job.referenceSignal = &*referenceSignal;
  control.throwIfCancelled();

  const std::vector<Tile> tiles = cutTiles(mask, tileLanes(), input.threads);
  const auto rows = [](const Tile& tile) { return (tile.z1 - tile.z0) * (tile.y1 - tile.y0); };
  const int bands = bandCount(shape);
  const auto blockOf = [bands](const Tile& tile) { return tile.slab * bands + tile.band; };
  std::vector<std::atomic<int>> tilesLeft(slabCount(shape) * bands), blocksLeft(slabCount(shape));
  int total = 0;
  for (const Tile& tile : tiles) {
    if (tilesLeft[blockOf(tile)]++ == 0) blocksLeft[tile.slab]++;
    total += rows(tile);
  }
  control.setTotal(total);
  countVoxels(mask, job, output.slabs);
  for (size_t block = 0; block < tilesLeft.size(); block++) {
    if (tilesLeft[block] == 0) control.finishSlab(block);  // nothing to scale there
  }

  std::vector<std::unique_ptr<TileWorkspace>> workspaces(std::max(1, input.threads));
  parallelFor(tiles.size(), input.threads, [&](size_t i, size_t worker) {
    const FlushToZero flush;
    if (!workspaces[worker]) workspaces[worker] = makeTileWorkspace(job);
    scaleTile(job, tiles[i], *workspaces[worker], control);
    control.advance(rows(tiles[i]));
    const int block = blockOf(tiles[i]), slab = tiles[i].slab;
    if (--tilesLeft[block] != 0) return;
    if (--blocksLeft[slab] == 0) output.slabs[slab].failedFits = failedFits[slab];
    control.finishSlab(block);
  });
}

}  // namespace locscale
