// Internal. NativeObject: what JavaScript holds as an opaque object and the collector destroys.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "engine/value.h"

namespace sluice::js {

// Cost is memory beside the engine's heap that an object of JavaScript keeps: the collector is told
// of it, and it counts for the limit of the heap until the Cost is destroyed, on any thread.
class Cost {
 public:
  Cost(Engine& engine, size_t bytes);
  ~Cost() { total_->fetch_sub(bytes_, std::memory_order_relaxed); }
  Cost(const Cost&) = delete;
  Cost& operator=(const Cost&) = delete;

 private:
  std::shared_ptr<std::atomic<uint64_t>> total_;
  const size_t bytes_;
};

// MemoryClaim is memory beside the engine's heap that work takes for a while.
class MemoryClaim {
 public:
  explicit MemoryClaim(Engine& engine);
  ~MemoryClaim() { total_->fetch_sub(bytes_, std::memory_order_relaxed); }
  MemoryClaim(const MemoryClaim&) = delete;
  MemoryClaim& operator=(const MemoryClaim&) = delete;

  // Take has bytes count for the limit of the heap until the claim ends. Throws std::bad_alloc
  // where that has no room for them; without a limit, where the machine has less memory. Any
  // thread.
  void Take(uint64_t bytes);

 private:
  std::shared_ptr<Task> task_;
  std::shared_ptr<std::atomic<uint64_t>> total_;
  uint64_t bytes_ = 0;
};

// NativeObject may be destroyed on any thread.
class NativeObject {
 public:
  virtual ~NativeObject() = default;
  // cost returns about how many bytes the object keeps, itself and in libraries.
  virtual size_t cost() const = 0;
};

JSObjectRef MakeNative(JSContextRef context, std::shared_ptr<NativeObject> object);
// NativeOf returns what a value holds, or null if it is something else.
std::shared_ptr<NativeObject>* NativeOf(JSContextRef context, JSValueRef value);

// NativeArgument returns argument i, which must hold a T; throws TypeError if it does not.
template <class T>
T* NativeArgument(Call& call, size_t i) {
  auto* held = NativeOf(call.context(), call[i]);
  T* object = held != nullptr ? dynamic_cast<T*>(held->get()) : nullptr;
  if (object == nullptr && !call.failed())
    call.ThrowTypeError("argument " + std::to_string(i + 1) + " is not the object expected",
                        "ERR_INVALID_ARG_TYPE");
  return object;
}

}  // namespace sluice::js
