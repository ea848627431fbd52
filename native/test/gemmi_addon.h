#pragma once

#include <napi.h>

namespace locscale::binding {

/** Puts gemmi's density calculator and our own on the exports of the addon for tests and benchmarks. */
void registerGemmi(Napi::Env env, Napi::Object exports);

}  // namespace locscale::binding
