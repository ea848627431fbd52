#pragma once

#include <napi.h>

#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "kernels/control.h"
#include "kernels/shape.h"

namespace locscale::binding {

template <typename T>
constexpr napi_typedarray_type typedArrayType() {
  using Element = std::remove_const_t<T>;
  if constexpr (std::is_same_v<Element, float>)
    return napi_float32_array;
  else if constexpr (std::is_same_v<Element, double>)
    return napi_float64_array;
  else if constexpr (std::is_same_v<Element, std::int32_t>)
    return napi_int32_array;
  else if constexpr (std::is_same_v<Element, std::uint32_t>)
    return napi_uint32_array;
  else {
    static_assert(std::is_same_v<Element, std::uint8_t>, "no typed array for this element type");
    return napi_uint8_array;
  }
}

/**
 * The one object that every call of the addon gets, unpacked by name. The TypeScript face has checked ranges and
 * sizes; here only the types are checked, because a wrong one would read foreign memory.
 * Typed arrays that were handed out stay alive as long as this object does.
 */
class Arguments {
 public:
  explicit Arguments(const Napi::CallbackInfo& info) : object_(info[0].As<Napi::Object>()) {}

  Napi::Env env() const { return object_.Env(); }
  bool has(const char* name) const { return !object_.Get(name).IsUndefined(); }
  bool isFloat64(const char* name) const { return typed(name).TypedArrayType() == napi_float64_array; }

  /** The memory of a typed array; `T` is const for inputs and mutable for results that JavaScript allocated. */
  template <typename T>
  std::span<T> array(const char* name) {
    const Napi::TypedArray value = typed(name);
    if (value.TypedArrayType() != typedArrayType<T>()) {
      throw Napi::TypeError::New(env(), std::string("Argument ") + name + " has another element type than expected.");
    }
    keptAlive_.push_back(Napi::Persistent(value.As<Napi::Object>()));
    // Asked of the typed array and not of its buffer, so that a SharedArrayBuffer serves as well.
    auto typedValue = value.As<Napi::TypedArrayOf<std::remove_const_t<T>>>();
    return {typedValue.Data(), typedValue.ElementLength()};
  }

  double number(const char* name) const { return object_.Get(name).As<Napi::Number>().DoubleValue(); }

  int integer(const char* name) const { return object_.Get(name).As<Napi::Number>().Int32Value(); }
  int threads() const { return integer("threads"); }

  /** `shape` as [z, y, x]. */
  Shape shape(const char* name = "shape") const {
    const auto zyx = object_.Get(name).As<Napi::Array>();
    const auto axis = [&](std::uint32_t i) { return zyx.Get(i).As<Napi::Number>().Int32Value(); };
    return {axis(0), axis(1), axis(2)};
  }

  Control control() { return Control(array<std::int32_t>("control")); }

 private:
  Napi::TypedArray typed(const char* name) const {
    const Napi::Value value = object_.Get(name);
    if (!value.IsTypedArray()) {
      throw Napi::TypeError::New(env(), std::string("Argument ") + name + " is not a typed array.");
    }
    return value.As<Napi::TypedArray>();
  }

  Napi::Object object_;  // valid during the call only; `keptAlive_` is what lasts
  std::vector<Napi::ObjectReference> keptAlive_;

  template <typename Task>
  friend class TaskWorker;
};

}  // namespace locscale::binding
