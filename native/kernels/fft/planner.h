// FFTW's planner is not thread-safe (executing plans is): every planner call of the addon takes this lock.
#pragma once

#include <mutex>

namespace locscale {

inline std::mutex& plannerMutex() {
  static std::mutex mutex;
  return mutex;
}

}  // namespace locscale
