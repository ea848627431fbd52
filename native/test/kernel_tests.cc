// Tests of the kernels without JavaScript, built with the address and undefined-behaviour sanitisers (see Makefile).
#include "test/check.h"

int main() {
  using namespace locscale::test;
  for (const Case& test : cases()) {
    const int before = failures();
    test.body();
    std::printf("%s %s\n", failures() == before ? "ok" : "FAILED", test.name);
  }
  std::printf("%zu tests, %d failed checks\n", cases().size(), failures());
  return cases().empty() || failures() > 0 ? 1 : 0;
}
