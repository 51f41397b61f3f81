// Internal. MadeOnce: a value that is made when it is first asked for, and tried again where that
// failed.
#pragma once

#include <atomic>
#include <memory>

namespace sluice {

// MadeOnce keeps the first T that could be made for as long as the process lives. A static variable
// would remember a failure too; where a descriptor or memory lacked there is one the next time. Any
// thread.
template <class T>
class MadeOnce {
 public:
  // Get returns the value; null if there is none and make(), which returns a std::unique_ptr<T>,
  // made none. Threads may make one each, of which one is kept.
  template <class Make>
  const T* Get(Make make) {
    if (const T* made = made_.load(std::memory_order_acquire)) return made;
    std::unique_ptr<T> mine = make();
    if (!mine) return nullptr;
    const T* other = nullptr;
    if (!made_.compare_exchange_strong(other, mine.get(), std::memory_order_acq_rel)) return other;
    return mine.release();
  }

 private:
  std::atomic<const T*> made_{nullptr};  // never freed
};

}  // namespace sluice
