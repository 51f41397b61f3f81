#include "js/read_slab.h"

#include <algorithm>
#include <cstdlib>
#include <mutex>
#include <new>
#include <vector>

namespace sluice::js {
namespace {

constexpr size_t kSmallest = 4 * 1024;  // less space than this starts a new slab
constexpr size_t kAlignment = 16;
constexpr size_t kPooled = 64;  // 4 MiB that stay warm

// The collector may free on any thread.
class Pool {
 public:
  static Pool& Instance() {
    static Pool* pool = new Pool;
    return *pool;
  }
  uint8_t* Get() {
    {
      std::lock_guard lock(mutex_);
      if (!free_.empty()) {
        uint8_t* memory = free_.back();
        free_.pop_back();
        return memory;
      }
    }
    return static_cast<uint8_t*>(::operator new (ReadSlab::kSize, std::align_val_t{4096}));
  }
  void Put(uint8_t* memory) {
    {
      std::lock_guard lock(mutex_);
      if (free_.size() < kPooled) {
        free_.push_back(memory);
        return;
      }
    }
    ::operator delete (memory, std::align_val_t{4096});
  }

 private:
  std::mutex mutex_;  // guards free_
  std::vector<uint8_t*> free_;
};

}  // namespace

ReadSlab::~ReadSlab() {
  if (array_ != nullptr) JSValueUnprotect(context_, array_);
}

bool ReadSlab::turns(size_t wanted) const {
  bool small = wanted <= kSmallest;
  return array_ == nullptr || (used_ > 0 && (!small || kSize - used_ < kSmallest));
}

std::span<uint8_t> ReadSlab::Space(size_t wanted) {
  if (turns(wanted)) {
    if (array_ != nullptr) JSValueUnprotect(context_, array_);
    memory_ = Pool::Instance().Get();
    array_ = JSObjectMakeArrayBufferWithBytesNoCopy(
        context_, memory_, kSize,
        [](void* bytes, void*) { Pool::Instance().Put(static_cast<uint8_t*>(bytes)); }, nullptr,
        nullptr);
    JSValueProtect(context_, array_);
    // Asking for the address pins the memory: a program cannot transfer it to an ArrayBuffer of its
    // own, whose end would free what is read into here.
    (void)JSObjectGetArrayBufferBytesPtr(context_, array_, nullptr);
    used_ = 0;
  }
  return {memory_ + used_, kSize - used_};
}

size_t ReadSlab::Take(size_t size) {
  size_t offset = used_;
  used_ = std::min(kSize, (used_ + size + kAlignment - 1) & ~(kAlignment - 1));
  return offset;
}

}  // namespace sluice::js
