#include "kernels/scaling/tiles.h"

#include <algorithm>
#include <cstdint>
#include <utility>

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

int64_t area(const Tile& tile) { return static_cast<int64_t>(tile.z1 - tile.z0) * (tile.y1 - tile.y0); }

int64_t area(const std::vector<Tile>& tiles) {
  int64_t sum = 0;
  for (const Tile& tile : tiles) sum += area(tile);
  return sum;
}

// Tiles of one slab and one band, large ones first.
std::vector<Tile> tilesOfBand(const BitVolume& mask, int lanes, int slab, int band) {
  const Shape shape = mask.shape();
  std::vector<Tile> tiles;
  for (int x0 = band * kBandColumns; x0 < std::min(shape.x, (band + 1) * kBandColumns); x0 += lanes) {
    Tile column{x0, slab * kSlabSections, std::min(shape.z, (slab + 1) * kSlabSections), 0, shape.y, slab, band};
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
  std::stable_sort(tiles.begin(), tiles.end(), [](const Tile& a, const Tile& b) { return area(a) > area(b); });
  return tiles;
}

// The groups one after the other, those with the most work first.
std::vector<Tile> joined(std::vector<std::vector<Tile>> groups) {
  std::stable_sort(groups.begin(), groups.end(), [](const auto& a, const auto& b) { return area(a) > area(b); });
  std::vector<Tile> tiles;
  for (const auto& group : groups) tiles.insert(tiles.end(), group.begin(), group.end());
  return tiles;
}

std::vector<Tile> tilesOfSlab(const BitVolume& mask, int lanes, int slab) {
  std::vector<std::vector<Tile>> bands;
  for (int band = 0; band < bandCount(mask.shape()); band++) bands.push_back(tilesOfBand(mask, lanes, slab, band));
  return joined(std::move(bands));
}

}  // namespace

std::vector<Tile> cutTiles(const BitVolume& mask, int lanes, int threads) {
  std::vector<std::vector<Tile>> slabs(slabCount(mask.shape()));
  parallelFor(slabs.size(), threads,
              [&](size_t slab, size_t) { slabs[slab] = tilesOfSlab(mask, lanes, static_cast<int>(slab)); });
  return joined(std::move(slabs));
}

}  // namespace locscale
