#include <napi.h>

#include "binding/register.h"

static Napi::Object initialise(Napi::Env env, Napi::Object exports) {
  registerAudit(env, exports);
  registerContext(env, exports);
  registerFft(env, exports);
  registerFilter(env, exports);
  registerFsc(env, exports);
  registerHandedness(env, exports);
  registerLocalResolution(env, exports);
  registerMap(env, exports);
  registerMask(env, exports);
  registerModelFiles(env, exports);
  registerModelMaps(env, exports);
  registerProcess(env, exports);
  registerPseudoAtoms(env, exports);
  registerRefine(env, exports);
  registerResample(env, exports);
  registerScaling(env, exports);
  registerSymmetry(env, exports);
  return exports;
}

NODE_API_MODULE(locscale_native, initialise)
