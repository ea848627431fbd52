#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

#include "kernels/fail.h"

namespace locscale {

/**
 * View of the control block, the only state that a running kernel shares with the JavaScript thread:
 * 32-bit words [cancel, done, total, slab 0, slab 1, ...]. JavaScript sets `cancel` and reads the rest.
 * `done` and `total` count in whatever unit the kernel likes (rows, tiles, voxels).
 */
class Control {
 public:
  static constexpr std::size_t kCancel = 0, kDone = 1, kTotal = 2, kFirstSlab = 3;

  /** Without words: a kernel that nobody watches. */
  Control() noexcept = default;
  explicit Control(std::span<std::int32_t> words) noexcept : words_(words) {}

  bool cancelled() const noexcept {
    return words_.size() > kCancel && at(kCancel).load(std::memory_order_relaxed) != 0;
  }

  /** Polled once a slab, row or plane; the promise is rejected with the kind `job.cancelled`. */
  void throwIfCancelled() const {
    if (cancelled()) fail("job.cancelled", "The calculation was cancelled.");
  }

  void setTotal(std::int32_t units) const noexcept {
    if (words_.size() > kTotal) at(kTotal).store(units, std::memory_order_relaxed);
  }

  void advance(std::int32_t units) const noexcept {
    if (words_.size() > kDone) at(kDone).fetch_add(units, std::memory_order_relaxed);
  }

  /** Publishes slab `index`: whoever sees the word set also sees the voxels written before. */
  void finishSlab(std::size_t index) const noexcept {
    if (words_.size() > kFirstSlab + index) at(kFirstSlab + index).store(1, std::memory_order_release);
  }

 private:
  using Word = std::atomic<std::int32_t>;
  // The words belong to a JavaScript ArrayBuffer; Atomics there and std::atomic here both act on the plain 4 bytes.
  static_assert(sizeof(Word) == sizeof(std::int32_t) && Word::is_always_lock_free);

  Word& at(std::size_t index) const noexcept { return reinterpret_cast<Word&>(words_[index]); }

  std::span<std::int32_t> words_;
};

}  // namespace locscale
