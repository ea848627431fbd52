#include <complex>
#include <numbers>
#include <random>
#include <thread>
#include <vector>

#include "kernels/fft/fft3.h"
#include "test/check.h"

using namespace locscale;

namespace {

template <typename Real>
std::vector<Real> randomMap(const Shape& shape, unsigned seed) {
  std::mt19937 generator(seed);
  std::uniform_real_distribution<Real> uniform(-1, 1);
  std::vector<Real> map(shape.voxels());
  for (Real& value : map) value = uniform(generator);
  return map;
}

std::complex<double> coefficient(const std::vector<double>& map, const Shape& shape, int kz, int ky, int kx) {
  std::complex<double> sum = 0;
  std::size_t i = 0;
  for (int z = 0; z < shape.z; ++z) {
    for (int y = 0; y < shape.y; ++y) {
      for (int x = 0; x < shape.x; ++x) {
        const double turns = static_cast<double>(kz) * z / shape.z + static_cast<double>(ky) * y / shape.y +
                             static_cast<double>(kx) * x / shape.x;
        sum += std::polar(map[i++], -2 * std::numbers::pi * turns);
      }
    }
  }
  return sum;
}

const Shape kShapes[] = {{4, 6, 8}, {5, 3, 7}, {9, 4, 5}, {1, 1, 6}, {3, 1, 1}, {2, 2, 1}};

}  // namespace

TEST(fft_equals_the_definition) {
  for (const Shape& shape : kShapes) {
    const auto map = randomMap<double>(shape, 1);
    std::vector<std::complex<double>> spectrum(shape.halfSpectrum());
    fft::forward<double, double>(map, shape, spectrum, 2, Control());
    for (int z = 0; z < shape.z; ++z) {
      for (int y = 0; y < shape.y; ++y) {
        for (int x = 0; x < shape.halfX(); ++x) {
          const auto at = (static_cast<std::size_t>(z) * shape.y + y) * shape.halfX() + x;
          CHECK(std::abs(spectrum[at] - coefficient(map, shape, z, y, x)) < 1e-12);
        }
      }
    }
  }
}

template <typename Real>
static void checkRoundTrip(Real tolerance) {
  for (const Shape& shape : kShapes) {
    for (int threads = 1; threads <= 3; ++threads) {
      const auto map = randomMap<Real>(shape, 2);
      std::vector<std::complex<Real>> spectrum(shape.halfSpectrum());
      std::vector<Real> back(shape.voxels());
      fft::forward<Real, Real>(map, shape, spectrum, threads, Control());
      fft::inverse<Real>(spectrum, shape, back, threads, Control());
      for (std::size_t i = 0; i < map.size(); ++i) CHECK(std::abs(back[i] - map[i]) < tolerance);
    }
  }
}

TEST(fft_comes_back_through_the_inverse) {
  checkRoundTrip<float>(2e-6F);
  checkRoundTrip<double>(1e-14);
}

TEST(fft_plans_are_made_and_used_by_many_threads_at_once) {
  std::vector<std::thread> callers;
  for (int edge = 3; edge < 11; ++edge) {
    callers.emplace_back([edge] {
      const Shape shape{edge, edge + 1, edge + 2};
      const auto map = randomMap<float>(shape, 3);
      for (int repeat = 0; repeat < 5; ++repeat) {
        std::vector<std::complex<float>> spectrum(shape.halfSpectrum());
        fft::forward<float, float>(map, shape, spectrum, 2, Control());
      }
    });
  }
  for (auto& caller : callers) caller.join();
}

TEST(fft_stops_when_cancelled) {
  std::vector<std::int32_t> words{1, 0, 0};
  const Control control(words);
  const Shape shape{4, 4, 4};
  std::vector<float> map(shape.voxels());
  std::vector<std::complex<float>> spectrum(shape.halfSpectrum());
  CHECK(test::kindThrownBy<Failure>([&] { fft::forward<float, float>(map, shape, spectrum, 2, control); }) ==
        "job.cancelled");
}
