#pragma once

#include <napi.h>

#include <new>
#include <string>
#include <utility>
#include <vector>

#include "binding/arguments.h"
#include "kernels/fail.h"

namespace locscale::binding {

/**
 * Runs a task struct off the JavaScript thread and settles a promise. A task has
 *   void execute();                    worker thread: calls kernels, touches no JavaScript, may throw Failure
 *   Napi::Value pack(Napi::Env env);   JavaScript thread: the value of the promise
 * The promise is rejected with an Error whose `kind` is the one of the Failure.
 */
template <typename Task>
class TaskWorker final : public Napi::AsyncWorker {
 public:
  static Napi::Promise launch(Arguments&& arguments, Task&& task) {
    auto* worker = new TaskWorker(std::move(arguments), std::move(task));  // deletes itself when done
    const Napi::Promise promise = worker->deferred_.Promise();
    worker->Queue();
    return promise;
  }

 private:
  TaskWorker(Arguments&& arguments, Task&& task)
      : Napi::AsyncWorker(arguments.env(), "locscale"),
        deferred_(arguments.env()),
        keptAlive_(std::move(arguments.keptAlive_)),
        task_(std::move(task)) {}

  void Execute() override {
    try {
      task_.execute();
    } catch (const Failure& failure) {
      kind_ = failure.kind();
      SetError(failure.what());
    } catch (const std::bad_alloc&) {
      kind_ = "limit.memory";
      SetError("The machine has no memory left for this calculation; close other programs or use a smaller box.");
    } catch (const std::exception& error) {
      SetError(error.what());
    }
  }

  void OnOK() override {
    try {
      deferred_.Resolve(task_.pack(Env()));
    } catch (const Napi::Error& error) {
      deferred_.Reject(error.Value());
    }
  }

  void OnError(const Napi::Error& error) override {
    error.Value().Set("kind", kind_);
    deferred_.Reject(error.Value());
  }

  Napi::Promise::Deferred deferred_;
  std::vector<Napi::ObjectReference> keptAlive_;
  std::string kind_ = "rpc.internal";
  Task task_;
};

template <typename Task>
Napi::Promise launch(Arguments&& arguments, Task&& task) {
  return TaskWorker<std::decay_t<Task>>::launch(std::move(arguments), std::forward<Task>(task));
}

}  // namespace locscale::binding
