#pragma once

#include <cstddef>
#include <cstdint>
#include <random>

namespace locscale::pseudo {

/**
 * Random numbers that are the same everywhere for one seed: the standard fixes the engine to the bit, but not its
 * distributions, so these are our own.
 */
class Random {
 public:
  explicit Random(std::uint32_t seed) : engine_(seed) {}

  /** Evenly in [0, 1). */
  double share() { return static_cast<double>(engine_() >> 11) * 0x1p-53; }
  /** Evenly in [-reach, reach). */
  double within(double reach) { return reach * (2 * share() - 1); }
  /** One of 0 ... count - 1; the bias, count / 2^53, is of no account. */
  std::size_t below(std::size_t count) { return static_cast<std::size_t>(share() * static_cast<double>(count)); }

 private:
  std::mt19937_64 engine_;
};

}  // namespace locscale::pseudo
