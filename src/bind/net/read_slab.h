// Internal. ReadSlab: the memory that sockets read into and that Buffers view, so that no byte is
// copied between the kernel and the program.
#pragma once

#include <cstdint>
#include <span>

#include "engine/buffer_count.h"
#include "engine/engine.h"
#include "sluice/loop.h"

namespace sluice::js {

// ReadSlab hands out space of one slab after the other. A slab belongs to its ArrayBuffer: once
// the collector finds no view of it, the memory goes back to a pool of the process. Ordinary slabs
// are of 64 KiB, so that a small Buffer that a program keeps holds no more than that; streams that
// fill them have large ones. Loop thread.
class ReadSlab {
 public:
  static constexpr size_t kSize = 64 * 1024;
  static constexpr size_t kLargeSize = 1024 * 1024;

  explicit ReadSlab(Engine& engine);
  ~ReadSlab();

  // Space returns where the next wanted bytes go, in array(); at least a few KiB.
  std::span<uint8_t> Space(size_t wanted);
  // turns says whether Space(wanted) would be in another array.
  bool turns(size_t wanted) const;
  // Take keeps the first size bytes of the last space for a view; returns their offset in array().
  size_t Take(size_t size);
  JSObjectRef array() const { return current_->array; }

 private:
  struct Slab {
    size_t size;
    size_t least;  // less space than this starts a new slab
    uint8_t* memory = nullptr;
    JSObjectRef array = nullptr;
    size_t used = 0;
  };

  static bool Full(const Slab& slab, size_t wanted);
  void Renew(Slab& slab);
  void Trim();

  JSGlobalContextRef context_;
  BufferCount* count_;  // until Leave()
  Slab small_{kSize, 4 * 1024};
  Slab large_{kLargeSize, kLargeSize / 4};
  Slab* current_ = &small_;
  Timer trim_;
};

}  // namespace sluice::js
