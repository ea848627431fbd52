#include <napi.h>

#include "binding/register.h"

static Napi::Object initialise(Napi::Env env, Napi::Object exports) {
  registerFft(env, exports);
  registerFsc(env, exports);
  registerMap(env, exports);
  registerProcess(env, exports);
  registerScaling(env, exports);
  return exports;
}

NODE_API_MODULE(locscale_native, initialise)
