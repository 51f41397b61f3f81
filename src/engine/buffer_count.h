// Internal. BufferCount: mends how the engine counts the bytes of ArrayBuffers.
//
// The engine collects when what was made since the last collection, with the bytes of ArrayBuffers,
// is as much as it allows. A collection of young objects frees the ArrayBuffers that none of them
// views any more, but goes on counting them (JSC::GCIncomingRefCountedSet::sweep), so that the next
// one has to be a full one. BufferCount takes off what was freed.
#pragma once

#include <JavaScriptCore/JavaScript.h>

#include <atomic>
#include <cstddef>

namespace sluice::js {

// A BufferCount belongs to a VM and is shared by whoever made it and the ArrayBuffers that Adding()
// was told of. Loop thread, but for Freed().
class BufferCount {
 public:
  // For learns where the VM of context counts; does nothing ever if that is not found.
  static BufferCount* For(JSGlobalContextRef context);
  BufferCount(const BufferCount&) = delete;
  BufferCount& operator=(const BufferCount&) = delete;

  bool known() const { return counted_.load(std::memory_order_relaxed) != nullptr; }
  // What the engine counts now, bytes; known() only.
  size_t bytes() const { return *counted_.load(std::memory_order_relaxed); }

  // Before an ArrayBuffer of size bytes is made whose deallocator calls Freed(size).
  void Adding(size_t size);
  // From the deallocator: the collector has stopped the VM. Any thread. May delete this.
  void Freed(size_t size);
  // Leave before the VM ends. May delete this.
  void Leave();

 private:
  BufferCount() = default;
  ~BufferCount() = default;
  void Release();

  std::atomic<size_t*> counted_{nullptr};
  size_t overhead_ = 0;           // that the engine adds to an ArrayBuffer's size
  std::atomic<size_t> alive_{0};  // as the engine counts them
  std::atomic<size_t> shares_{1};
};

}  // namespace sluice::js
