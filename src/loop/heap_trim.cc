#include "loop/heap_trim.h"

#include <malloc.h>

#include <atomic>

#include "base/switch.h"

namespace sluice {
namespace {

bool TrimIsOff() {
  static const bool off = TurnedOff("SLUICE_HEAP_TRIM");
  return off;
}

// The call goes through the heaps of all threads: one at a time is enough.
void Trim() {
  static std::atomic_flag busy;
  if (busy.test_and_set()) return;
  malloc_trim(0);
  busy.clear();
}

}  // namespace

HeapTrim::HeapTrim(Loop& loop) : loop_(loop), timer_(loop, [this] { Look(); }) {}

void HeapTrim::Note() {
  last_ms_ = loop_.now();
  if (++count_ == kBurst && !TrimIsOff()) timer_.SetAfter(kQuietMs);
}

void HeapTrim::Look() {
  const uint64_t due = last_ms_ + kQuietMs;
  if (loop_.now() < due) {
    timer_.SetAt(due);
    return;
  }
  count_ = 0;
  Trim();
}

}  // namespace sluice
