#include <algorithm>

#include "kernels/map/map.h"
#include "kernels/threads.h"

namespace locscale::map {

namespace {
constexpr std::size_t kBlock = std::size_t{1} << 18;  // voxels between two looks at the cancel flag: about 0.1 ms
}

void combineHalfMaps(std::span<const float> half1, std::span<const float> half2, std::span<float> full, int threads,
                     const Control& control) {
  const std::size_t blocks = (full.size() + kBlock - 1) / kBlock;
  control.setTotal(static_cast<std::int32_t>(blocks));
  parallelFor(blocks, threads, [&](std::size_t block, std::size_t) {
    control.throwIfCancelled();
    const std::size_t begin = block * kBlock, end = std::min(begin + kBlock, full.size());
    for (std::size_t i = begin; i < end; ++i) full[i] = (half1[i] + half2[i]) / 2;
    control.advance(1);
  });
}

}  // namespace locscale::map
