#include "kernels/threads.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace locscale {

void parallelFor(std::size_t items, std::size_t threads,
                 const std::function<void(std::size_t item, std::size_t worker)>& body) {
  std::atomic<std::size_t> next{0};
  std::exception_ptr failure;
  std::mutex failureMutex;

  const auto work = [&](std::size_t worker) {
    try {
      for (std::size_t item; (item = next.fetch_add(1)) < items;) body(item, worker);
    } catch (...) {
      next.store(items);
      const std::lock_guard lock(failureMutex);
      if (!failure) failure = std::current_exception();
    }
  };

  const std::size_t workers = std::min(std::max<std::size_t>(threads, 1), items);
  std::vector<std::thread> others;
  for (std::size_t worker = 1; worker < workers; ++worker) {
    // A machine at its limit of threads still gets its result, from fewer of them.
    try {
      others.emplace_back(work, worker);
    } catch (const std::system_error&) {
      break;
    }
  }
  work(0);
  for (auto& thread : others) thread.join();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace locscale
