// Internal. How the operations on files tell what a system call returned.
#pragma once

#include <cerrno>

#include "bind/fs/operations.h"

namespace sluice::js::fs {

inline int64_t Plain(int result) {
  return result < 0 ? -errno : result;
}

inline void Fail(Request& request, int64_t result, const char* step) {
  request.result = result;
  request.step = step;
}

}  // namespace sluice::js::fs
