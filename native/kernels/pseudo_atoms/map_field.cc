#include "kernels/pseudo_atoms/map_field.h"

#include <algorithm>
#include <array>

namespace locscale::pseudo {
namespace {

/** Weights of four neighbouring samples for the value at t (0 ... 1) between the middle two, and for its derivative. */
struct Weights {
  std::array<double, 4> value, slope;

  explicit Weights(double t) {
    const double t2 = t * t, t3 = t2 * t;
    value = {-0.5 * t + t2 - 0.5 * t3, 1 - 2.5 * t2 + 1.5 * t3, 0.5 * t + 2 * t2 - 1.5 * t3, 0.5 * (t3 - t2)};
    slope = {-0.5 + 2 * t - 1.5 * t2, -5 * t + 4.5 * t2, 0.5 + 4 * t - 4.5 * t2, 1.5 * t2 - t};
  }
};

}  // namespace

Voxel nearestVoxel(const Point& p, const Shape& shape) noexcept {
  const auto index = [](double at, int count) {
    return static_cast<int>(std::clamp(std::nearbyint(at), 0.0, count - 1.0));
  };
  return {index(p.x, shape.x), index(p.y, shape.y), index(p.z, shape.z)};
}

Point difference(std::span<const float> map, const Shape& shape, const Voxel& voxel) noexcept {
  const float* at = map.data() + voxel.index(shape);
  const auto along = [&](int i, int count, std::size_t stride) {
    const bool hasLower = i > 0, hasUpper = i + 1 < count;
    const double rise = static_cast<double>(hasUpper ? at[stride] : *at) - (hasLower ? *(at - stride) : *at);
    return hasLower && hasUpper ? 0.5 * rise : rise;
  };
  return {along(voxel.x, shape.x, 1), along(voxel.y, shape.y, shape.x), along(voxel.z, shape.z, shape.section())};
}

double steepest(std::span<const float> map, const Region& region) noexcept {
  double most = 0;
  for (const std::size_t voxel : region.voxels()) {
    const Point p = region.centre(voxel);
    const Point d =
        difference(map, region.shape(), {static_cast<int>(p.x), static_cast<int>(p.y), static_cast<int>(p.z)});
    most = std::max(most, d.dot(d));
  }
  return std::sqrt(most);
}

MapValue interpolate(std::span<const float> map, const Shape& shape, const Point& p) noexcept {
  const double x0 = std::floor(p.x), y0 = std::floor(p.y), z0 = std::floor(p.z);
  const Weights wx(p.x - x0), wy(p.y - y0), wz(p.z - z0);
  const std::size_t section = shape.section(), row = shape.x;
  const float* corner = map.data() + (static_cast<std::size_t>(z0) - 1) * section +
                        (static_cast<std::size_t>(y0) - 1) * row + static_cast<std::size_t>(x0) - 1;
  MapValue sum;
  for (int k = 0; k < 4; ++k) {
    double value = 0, alongX = 0, alongY = 0;
    for (int j = 0; j < 4; ++j) {
      const float* line = corner + k * section + j * row;
      double v = 0, d = 0;
      for (int i = 0; i < 4; ++i) {
        v += wx.value[i] * line[i];
        d += wx.slope[i] * line[i];
      }
      value += wy.value[j] * v;
      alongX += wy.value[j] * d;
      alongY += wy.slope[j] * v;
    }
    sum.value += wz.value[k] * value;
    sum.gradient += Point{wz.value[k] * alongX, wz.value[k] * alongY, wz.slope[k] * value};
  }
  return sum;
}

}  // namespace locscale::pseudo
