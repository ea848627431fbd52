#pragma once

#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace locscale {

/** An error with a kind of the protocol's error table (`input.parameter`, `job.cancelled`, `limit.memory`, ...). */
class Failure final : public std::runtime_error {
 public:
  Failure(std::string_view kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}
  const std::string& kind() const noexcept { return kind_; }

 private:
  std::string kind_;
};

/**
 * The one way out of a kernel that cannot go on: joins the parts into one sentence and throws.
 * Example: `fail("input.parameter", "The window is ", w, " voxels; it must be even.")`.
 */
template <typename... Parts>
[[noreturn]] void fail(std::string_view kind, const Parts&... parts) {
  std::ostringstream sentence;
  (sentence << ... << parts);
  throw Failure(kind, sentence.str());
}

}  // namespace locscale
