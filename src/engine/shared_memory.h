// Internal. SharedMemory: the memory of a SharedArrayBuffer, which tasks have in common.
#pragma once

#include <JavaScriptCore/JavaScript.h>

#include <memory>

namespace sluice::js {

// SharedMemory counts one time for the memory, which the engine keeps while anybody counts it. The
// engine's functions that wait and notify go by the address: they work between tasks by themselves.
class SharedMemory {
 public:
  // Of returns the memory of a SharedArrayBuffer of the calling thread's engine; null for every
  // other value, and where the engine's way to share is not known (Fast::kSharing).
  static std::shared_ptr<SharedMemory> Of(JSContextRef context, JSValueRef value);
  ~SharedMemory();
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;

  // Make returns a new DataView whose `buffer` is a SharedArrayBuffer of this memory; null on
  // failure. On any thread with an engine.
  JSObjectRef Make(JSContextRef context) const;

 private:
  explicit SharedMemory(void* buffer) : buffer_(buffer) {}
  void* const buffer_;  // an ArrayBuffer of the engine's that no VM has
};

}  // namespace sluice::js
