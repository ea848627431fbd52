#pragma once

#include <cstddef>
#include <functional>

namespace locscale {

/**
 * Calls `body(item, worker)` for item = 0 ... items-1 on up to `threads` threads, handing items out in order.
 * `worker` (0 ... threads-1) names the calling thread, for scratch buffers. The first exception stops the handing out
 * and is thrown again here, after every thread has ended. Which thread gets which item is not fixed: for results
 * that do not depend on the number of threads, keep sums per item.
 */
void parallelFor(std::size_t items, std::size_t threads,
                 const std::function<void(std::size_t item, std::size_t worker)>& body);

}  // namespace locscale
