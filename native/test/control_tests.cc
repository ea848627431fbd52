#include <array>
#include <atomic>
#include <stdexcept>

#include "kernels/control.h"
#include "kernels/threads.h"
#include "test/check.h"

using namespace locscale;

TEST(control_counts_and_cancels) {
  std::array<std::int32_t, 5> words{};
  const Control control(words);
  control.setTotal(7);
  control.advance(2);
  control.advance(3);
  CHECK(words[Control::kTotal] == 7);
  CHECK(words[Control::kDone] == 5);
  CHECK(!control.cancelled());
  words[Control::kCancel] = 1;
  CHECK(control.cancelled());
  CHECK(test::kindThrownBy<Failure>([&] { control.throwIfCancelled(); }) == "job.cancelled");
}

TEST(control_publishes_only_slabs_that_have_a_word) {
  std::array<std::int32_t, 5> words{};
  const Control control(words);
  control.finishSlab(1);
  control.finishSlab(2);  // behind the last word: must not be written
  CHECK(words[Control::kFirstSlab] == 0);
  CHECK(words[Control::kFirstSlab + 1] == 1);
}

TEST(control_without_words_is_inert) {
  const Control control;
  control.setTotal(1);
  control.advance(1);
  control.finishSlab(0);
  CHECK(!control.cancelled());
}

TEST(parallel_for_hands_out_every_item_once) {
  for (const std::size_t threads : {0, 1, 3, 64}) {
    std::array<std::atomic<int>, 50> seen{};
    std::atomic<bool> strayWorker{false};
    parallelFor(seen.size(), threads, [&](std::size_t item, std::size_t worker) {
      seen[item].fetch_add(1);
      if (worker >= std::max<std::size_t>(threads, 1)) strayWorker = true;
    });
    for (const auto& count : seen) CHECK(count == 1);
    CHECK(!strayWorker);
  }
  parallelFor(0, 4, [](std::size_t, std::size_t) { CHECK(false); });
}

TEST(parallel_for_passes_on_the_first_failure_and_stops) {
  std::atomic<int> calls{0};
  const auto kind = test::kindThrownBy<Failure>([&] {
    parallelFor(1'000'000, 4, [&](std::size_t item, std::size_t) {
      calls.fetch_add(1);
      if (item == 10) fail("input.parameter", "item ", item);
    });
  });
  CHECK(kind == "input.parameter");
  CHECK(calls < 1'000'000);
}
