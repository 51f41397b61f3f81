// Internal. HeapTrim: memory that a burst left behind goes back to the system.
#pragma once

#include "sluice/loop.h"

namespace sluice {

// What handshakes and connections leave in the allocator's heap lies between what is still in use,
// so that the allocator gives none of it back by itself. HeapTrim has it do so (malloc_trim(3)) half a
// second after the last of a burst, which takes milliseconds. Not with SLUICE_HEAP_TRIM=0 in the
// environment. Loop thread.
class HeapTrim {
 public:
  static constexpr uint64_t kQuietMs = 500;
  // So many notes make a burst: of handshakes, a megabyte or two.
  static constexpr uint32_t kBurst = 256;

  explicit HeapTrim(Loop& loop);

  // Note counts the end of a handshake or of a connection.
  void Note();

 private:
  void Look();

  Loop& loop_;
  Timer timer_;
  uint32_t count_ = 0;  // since the last trim
  uint64_t last_ms_ = 0;
};

}  // namespace sluice
