#pragma once

#include <cmath>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

// A test framework in forty lines: TEST(name) { CHECK(condition); } and one main.

namespace locscale::test {

struct Case {
  const char* name;
  std::function<void()> body;
};

inline std::vector<Case>& cases() {
  static std::vector<Case> all;
  return all;
}

inline int& failures() {
  static int count = 0;
  return count;
}

struct Registration {
  Registration(const char* name, std::function<void()> body) { cases().push_back({name, std::move(body)}); }
};

inline void check(bool holds, const char* condition, const char* file, int line) {
  if (holds) return;
  ++failures();
  std::printf("  %s:%d: does not hold: %s\n", file, line, condition);
}

/** Kind of the Failure that `body` throws, or an empty text. */
template <typename Failure>
std::string kindThrownBy(const std::function<void()>& body) {
  try {
    body();
  } catch (const Failure& failure) {
    return failure.kind();
  }
  return {};
}

}  // namespace locscale::test

#define CHECK(condition) ::locscale::test::check((condition), #condition, __FILE__, __LINE__)
#define TEST(name)                                                                     \
  static void test_##name();                                                           \
  static const ::locscale::test::Registration registration_##name(#name, test_##name); \
  static void test_##name()
