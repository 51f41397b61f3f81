// Internal. ReadSlab: the memory that sockets read into and that Buffers view, so that no byte is
// copied between the kernel and the program.
#pragma once

#include <cstdint>
#include <span>

#include "js/engine.h"

namespace sluice::js {

// ReadSlab hands out space of one slab after the other. A slab belongs to its ArrayBuffer: once
// the collector finds no view of it, the memory goes back to a pool of the process. A slab is as
// large as one large read, so that a small Buffer that a program keeps holds 64 KiB at most.
// Loop thread.
class ReadSlab {
 public:
  static constexpr size_t kSize = 64 * 1024;

  explicit ReadSlab(JSGlobalContextRef context) : context_(context) {}
  ~ReadSlab();

  // Space returns where the next wanted bytes go, in array(); at least a few KiB.
  std::span<uint8_t> Space(size_t wanted);
  // turns says whether Space(wanted) would begin a new slab.
  bool turns(size_t wanted) const;
  // Take keeps the first size bytes of the last space for a view; returns their offset in array().
  size_t Take(size_t size);
  JSObjectRef array() const { return array_; }

 private:
  JSGlobalContextRef context_;
  uint8_t* memory_ = nullptr;
  JSObjectRef array_ = nullptr;
  size_t used_ = 0;
};

}  // namespace sluice::js
