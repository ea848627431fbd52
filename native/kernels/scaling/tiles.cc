#include "kernels/scaling/tiles.h"

#include <algorithm>

#include "kernels/threads.h"

namespace locscale {
namespace {

struct Range {
  int first = 1 << 30, last = -1;
  void add(int i) {
    first = std::min(first, i);
    last = std::max(last, i);
  }
  bool empty() const { return last < 0; }
};

// Shrinks a tile to the mask inside it; false when there is none.
bool fit(const BitVolume& mask, int lanes, Tile& tile) {
  Range z, y;
  for (int i = tile.z0; i < tile.z1; i++) {
    for (int j = tile.y0; j < tile.y1; j++) {
      if (mask.lanes(i, j, tile.x0, lanes) == 0) continue;
      z.add(i);
      y.add(j);
    }
  }
  if (z.empty()) return false;
  tile.z0 = z.first;
  tile.z1 = z.last + 1;
  tile.y0 = y.first;
  tile.y1 = y.last + 1;
  return true;
}

// Tiles of one slab, large ones first.
std::vector<Tile> tilesOfSlab(const BitVolume& mask, int lanes, int slab) {
  const Shape shape = mask.shape();
  std::vector<Tile> tiles;
  for (int x0 = 0; x0 < shape.x; x0 += lanes) {
    Tile column{x0, slab * kSlabSections, std::min(shape.z, (slab + 1) * kSlabSections), 0, shape.y, slab};
    if (!fit(mask, lanes, column)) continue;
    const int rows = column.y1 - column.y0;
    const int pieces = (rows + kInnerRows - 1) / kInnerRows;
    for (int i = 0; i < pieces; i++) {
      Tile tile = column;
      tile.y0 = column.y0 + rows * i / pieces;
      tile.y1 = column.y0 + rows * (i + 1) / pieces;
      if (fit(mask, lanes, tile)) tiles.push_back(tile);
    }
  }
  std::stable_sort(tiles.begin(), tiles.end(), [](const Tile& a, const Tile& b) {
    return (a.z1 - a.z0) * (a.y1 - a.y0) > (b.z1 - b.z0) * (b.y1 - b.y0);
  });
  return tiles;
}

}  // namespace

std::vector<Tile> cutTiles(const BitVolume& mask, int lanes, int threads) {
  std::vector<std::vector<Tile>> slabs(slabCount(mask.shape()));
  parallelFor(slabs.size(), threads,
              [&](size_t slab, size_t) { slabs[slab] = tilesOfSlab(mask, lanes, static_cast<int>(slab)); });
  std::vector<Tile> tiles;
  for (const auto& slab : slabs) tiles.insert(tiles.end(), slab.begin(), slab.end());
  return tiles;
}

}  // namespace locscale
