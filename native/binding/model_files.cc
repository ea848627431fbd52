#include <algorithm>
#include <string>

#include "binding/register.h"
#include "binding/task.h"
#include "kernels/model/model_file.h"

namespace locscale::binding {

namespace {

template <typename Array, typename T>
Array typed(Napi::Env env, const std::vector<T>& values) {
  auto array = Array::New(env, values.size());
  std::copy(values.begin(), values.end(), array.Data());
  return array;
}

Napi::Array texts(Napi::Env env, const std::vector<std::string>& values) {
  auto array = Napi::Array::New(env, values.size());
  for (std::uint32_t i = 0; i < values.size(); ++i) array.Set(i, Napi::String::New(env, values[i]));
  return array;
}

model::Format format(Arguments& arguments) {
  return arguments.integer("pdb") != 0 ? model::Format::pdb : model::Format::mmcif;
}

struct ReadTask {
  model::FileText text;
  model::Format format;
  model::Columns atoms;

  void execute() { atoms = format == model::Format::pdb ? model::readPdb(text) : model::readMmcif(text); }

  Napi::Value pack(Napi::Env env) {
    auto value = Napi::Object::New(env);
    value.Set("positions", typed<Napi::Float64Array>(env, atoms.positions));
    value.Set("bFactors", typed<Napi::Float32Array>(env, atoms.bFactors));
    value.Set("occupancies", typed<Napi::Float32Array>(env, atoms.occupancies));
    value.Set("equivalentB", typed<Napi::Float32Array>(env, atoms.equivalentB));
    value.Set("elements", typed<Napi::Uint8Array>(env, atoms.elements));
    value.Set("alternates", typed<Napi::Uint8Array>(env, atoms.alternates));
    value.Set("names", typed<Napi::Uint32Array>(env, atoms.names));
    value.Set("residues", typed<Napi::Uint32Array>(env, atoms.residues));
    value.Set("rows", typed<Napi::Uint32Array>(env, atoms.rows));
    value.Set("atomNames", texts(env, atoms.atomNames));
    value.Set("residueNames", typed<Napi::Uint32Array>(env, atoms.residueNames));
    value.Set("residueChains", typed<Napi::Uint32Array>(env, atoms.residueChains));
    value.Set("residueNumbers", typed<Napi::Int32Array>(env, atoms.residueNumbers));
    value.Set("insertions", typed<Napi::Uint8Array>(env, atoms.insertions));
    value.Set("heteros", typed<Napi::Uint8Array>(env, atoms.heteros));
    value.Set("compoundNames", texts(env, atoms.compoundNames));
    value.Set("chains", texts(env, atoms.chains));
    value.Set("models", atoms.models);
    return value;
  }
};

Napi::Value readModel(const Napi::CallbackInfo& info) {
  Arguments arguments(info);
  ReadTask task{arguments.array<const std::uint8_t>("text"), format(arguments), {}};
  return launch(std::move(arguments), std::move(task));
}

template <typename T>
std::vector<T> copied(Arguments& arguments, const char* name) {
  const auto values = arguments.array<const T>(name);
  return {values.begin(), values.end()};
}

/** A list of texts comes as the bytes of its lines. */
std::vector<std::string> lines(Arguments& arguments, const char* name) {
  std::vector<std::string> list(1);
  for (const std::uint8_t byte : arguments.array<const std::uint8_t>(name)) {
    if (byte == '\n')
      list.emplace_back();
    else
      list.back().push_back(static_cast<char>(byte));
  }
  return list;
}

struct WriteTask {
  model::Columns atoms;
  model::FileText source;
  model::Format format;
  std::string written;

  void execute() { written = model::writeMmcif(atoms, source, format); }

  Napi::Value pack(Napi::Env env) {
    auto bytes = Napi::Uint8Array::New(env, written.size());
    std::copy(written.begin(), written.end(), bytes.Data());
    return bytes;
  }
};

Napi::Value writeModel(const Napi::CallbackInfo& info) {
  Arguments arguments(info);
  model::Columns atoms;
  atoms.positions = copied<double>(arguments, "positions");
  atoms.bFactors = copied<float>(arguments, "bFactors");
  atoms.occupancies = copied<float>(arguments, "occupancies");
  atoms.elements = copied<std::uint8_t>(arguments, "elements");
  atoms.alternates = copied<std::uint8_t>(arguments, "alternates");
  atoms.names = copied<std::uint32_t>(arguments, "names");
  atoms.residues = copied<std::uint32_t>(arguments, "residues");
  atoms.rows = copied<std::uint32_t>(arguments, "rows");
  atoms.atomNames = lines(arguments, "atomNames");
  atoms.residueNames = copied<std::uint32_t>(arguments, "residueNames");
  atoms.residueChains = copied<std::uint32_t>(arguments, "residueChains");
  atoms.residueNumbers = copied<std::int32_t>(arguments, "residueNumbers");
  atoms.insertions = copied<std::uint8_t>(arguments, "insertions");
  atoms.heteros = copied<std::uint8_t>(arguments, "heteros");
  atoms.compoundNames = lines(arguments, "compoundNames");
  atoms.chains = lines(arguments, "chains");
  WriteTask task{std::move(atoms), arguments.array<const std::uint8_t>("source"), format(arguments), {}};
  return launch(std::move(arguments), std::move(task));
}

}  // namespace

}  // namespace locscale::binding

void registerModelFiles(Napi::Env env, Napi::Object exports) {
  exports.Set("readModel", Napi::Function::New(env, locscale::binding::readModel, "readModel"));
  exports.Set("writeModel", Napi::Function::New(env, locscale::binding::writeModel, "writeModel"));
}
