#include <cmath>
#include <vector>

#include "kernels/audit/audit_windows.h"
#include "test/check.h"

// Windows that reach beyond every face of a small odd box, through every form: the sanitisers must stay silent.
using namespace locscale;

namespace {

const Shape kShape{9, 12, 7};

std::vector<float> someMap(unsigned seed) {
  std::vector<float> map(kShape.voxels());
  for (std::size_t i = 0; i < map.size(); ++i) map[i] = static_cast<float>((i * seed % 1000) / 500.0 - 1);
  return map;
}

/** Scaled values of the corners and the middle, `threads` at a time. */
std::vector<double> values(ScalingForm form, const std::vector<float>& map, const std::vector<float>& reference,
                           int threads) {
  const std::vector<std::int32_t> voxels{0, 0, 0, 8, 11, 6, 0, 11, 0, 4, 6, 3};
  const std::vector<std::uint8_t> differenceMask(kShape.voxels(), 1);
  audit::AuditInput input;
  input.shape = kShape;
  input.map = map;
  input.reference = reference;
  input.window = 10;
  input.factors.form = form;
  input.factors.voxelSize = 1;
  input.factors.wilsonCutoff = 9;
  input.factors.fscCutoff = 2.5;
  input.factors.nyquistCutoff = 2.1;
  input.factors.theory = {900, 300, 200, 180, 120, 110};
  input.differenceMask = differenceMask;
  input.voxels = voxels;
  input.threads = threads;
  std::vector<double> profiles(4 * audit::kProfiles * 6), numbers(4 * audit::kNumbers), result;
  audit::auditWindows(input, {profiles, numbers}, Control());
  for (int i = 0; i < 4; ++i) result.push_back(numbers[i * audit::kNumbers + audit::kValue]);
  return result;
}

}  // namespace

TEST(audit_of_a_map_against_itself_returns_it) {
  const auto map = someMap(2654435761U);
  const auto found = values(ScalingForm::kAtomic, map, map, 2);
  CHECK(std::abs(found[0] - map.front()) < 1e-12);
  CHECK(std::abs(found[1] - map.back()) < 1e-12);
  CHECK(std::abs(found[3] - map[(4 * 12 + 6) * 7 + 3]) < 1e-12);
}

TEST(audit_of_every_form_is_finite_and_the_same_on_any_number_of_threads) {
  const auto map = someMap(2654435761U), reference = someMap(40503U);
  for (const auto form :
       {ScalingForm::kAtomic, ScalingForm::kTheoretical, ScalingForm::kNoReference, ScalingForm::kHybrid}) {
    const auto found = values(form, map, reference, 1);
    for (const double value : found) CHECK(std::isfinite(value) && value != 0);
    CHECK(found == values(form, map, reference, 3));
  }
}
