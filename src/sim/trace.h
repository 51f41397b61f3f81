// Internal. The trace of a simulation: a line for each event, and a hash over all of them.
#pragma once

#include <cstdint>

#include "sim/shared.h"

namespace sluice::sim {

class Trace {
 public:
  // Add appends "time kind text"; the text as printf(3) does.
  __attribute__((format(printf, 3, 4))) void Add(const char* kind, const char* format, ...);
  // Digest returns a short number for bytes, for traces of what they were.
  static uint32_t Digest(const void* data, size_t size);
  // Flush writes the lines that were not written yet to the file, if there is one.
  void Flush();

  uint64_t hash() const { return hash_; }
  uint64_t events() const { return events_; }
  int fd = -1;  // where the lines go; the same number in all processes. -1: nowhere

 private:
  uint64_t hash_ = 0xcbf29ce484222325;
  uint64_t events_ = 0;
  String lines_;
};

}  // namespace sluice::sim
