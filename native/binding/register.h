#pragma once

#include <napi.h>

// One function per kernel family puts its calls on the addon's exports.
void registerAudit(Napi::Env env, Napi::Object exports);
void registerContext(Napi::Env env, Napi::Object exports);
void registerFft(Napi::Env env, Napi::Object exports);
void registerFilter(Napi::Env env, Napi::Object exports);
void registerFsc(Napi::Env env, Napi::Object exports);
void registerHandedness(Napi::Env env, Napi::Object exports);
void registerLocalResolution(Napi::Env env, Napi::Object exports);
void registerMap(Napi::Env env, Napi::Object exports);
void registerMask(Napi::Env env, Napi::Object exports);
void registerModelFiles(Napi::Env env, Napi::Object exports);
void registerModelMaps(Napi::Env env, Napi::Object exports);
void registerProcess(Napi::Env env, Napi::Object exports);
void registerPseudoAtoms(Napi::Env env, Napi::Object exports);
void registerRefine(Napi::Env env, Napi::Object exports);
void registerResample(Napi::Env env, Napi::Object exports);
void registerScaling(Napi::Env env, Napi::Object exports);
void registerSymmetry(Napi::Env env, Napi::Object exports);
