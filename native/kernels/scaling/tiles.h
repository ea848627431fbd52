// How the mask is cut into independent pieces of work.
#pragma once

#include <vector>

#include "kernels/scaling/bit_volume.h"

namespace locscale {

/// A block of voxels that one thread scales on its own: one column of lanes along x, a range of sections z (the outer
/// axis, within one slab) and a range of rows y (the inner axis). Ranges are half-open and fitted to the mask.
struct Tile {
  int x0;
  int z0, z1;
  int y0, y1;
  int slab;
  int band;
};

/// Sections per slab, the unit of progress, cancelling and resuming: results of a slab do not depend on other slabs.
constexpr int kSlabSections = 96;
/// Longest inner range; longer means fewer restarts of the slide, shorter keeps its state in the nearer caches.
constexpr int kInnerRows = 96;
/// Columns (x) per band: band by band a slab becomes final, so that part of it can be shown early. A multiple of all
/// vector widths.
constexpr int kBandColumns = 32;

inline int slabCount(const Shape& shape) { return (shape.z + kSlabSections - 1) / kSlabSections; }
inline int bandCount(const Shape& shape) { return (shape.x + kBandColumns - 1) / kBandColumns; }

/// Cuts the mask into tiles, slab by slab, in a slab band by band, and there large tiles first; slabs and bands with
/// much of the mask come before those with little, which is the middle of most maps. The list depends on the mask and
/// the number of lanes only, never on the number of threads, so results are bitwise equal for any number of threads.
std::vector<Tile> cutTiles(const BitVolume& mask, int lanes, int threads);

}  // namespace locscale
