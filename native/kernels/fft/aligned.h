#pragma once

#include <fftw3.h>

#include <cstddef>
#include <memory>
#include <new>

namespace locscale::fft {

/** Scratch memory aligned as FFTW's SIMD code likes it; not initialised. */
template <typename T>
class AlignedArray {
 public:
  AlignedArray() = default;
  explicit AlignedArray(std::size_t size) { ensure(size); }

  /** Makes room for `size` elements; the contents are lost when it has to grow. */
  void ensure(std::size_t size) {
    if (size <= size_) return;
    data_.reset();
    data_.reset(static_cast<T*>(fftw_malloc(size * sizeof(T))));
    if (!data_) throw std::bad_alloc();
    size_ = size;
  }

  T* data() noexcept { return data_.get(); }
  T& operator[](std::size_t i) noexcept { return data_.get()[i]; }

 private:
  struct Free {
    void operator()(T* memory) const { fftw_free(memory); }
  };
  std::unique_ptr<T[], Free> data_;
  std::size_t size_ = 0;
};

}  // namespace locscale::fft
