#include "sim/trace.h"

#include <unistd.h>

#include <algorithm>
#include <cinttypes>
#include <cstdarg>
#include <cstdio>
#include <string_view>

#include "sim/world.h"

namespace sluice::sim {
namespace {

constexpr size_t kFlushAt = 256 * 1024;

}  // namespace

void Trace::Add(const char* kind, const char* format, ...) {
  char line[512];
  int length = std::snprintf(line, sizeof line, "%" PRIu64 ".%06" PRIu64 " %s ",
                             world->now / 1'000'000'000, world->now / 1000 % 1'000'000, kind);
  va_list arguments;
  va_start(arguments, format);
  auto used = static_cast<size_t>(length);
  length += std::vsnprintf(line + used, sizeof line - used, format, arguments);
  va_end(arguments);
  size_t size = std::min(static_cast<size_t>(length), sizeof line - 2);
  line[size++] = '\n';
  for (size_t i = 0; i < size; ++i)
    hash_ = (hash_ ^ static_cast<unsigned char>(line[i])) * 0x100000001b3;
  ++events_;
  if (fd < 0) return;
  lines_.append(line, size);
  if (lines_.size() >= kFlushAt) Flush();
}

uint32_t Trace::Digest(const void* data, size_t size) {
  uint32_t hash = 0x811c9dc5;
  for (char c : std::string_view(static_cast<const char*>(data), size))
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x01000193;
  return hash;
}

void Trace::Flush() {
  size_t done = 0;
  while (fd >= 0 && done < lines_.size()) {
    ssize_t count = ::write(fd, lines_.data() + done, lines_.size() - done);
    if (count <= 0) break;
    done += static_cast<size_t>(count);
  }
  lines_.clear();
}

}  // namespace sluice::sim
