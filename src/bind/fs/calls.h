// Internal. How the operations on files tell what a system call returned.
#pragma once

#include <cerrno>

#include "bind/fs/operations.h"
#include "sys/files.h"

namespace sluice::js::fs {

inline int64_t Plain(int result) {
  return result < 0 ? -errno : result;
}

// PathOf asks for leave to use the request's path; no_follow: a symbolic link itself is meant.
inline grant::PathGrant PathOf(const Request& r, unsigned use, bool no_follow = false) {
  return grant::ToPath(r.path, no_follow ? use | grant::kNoFollow : use);
}
// LinkOf and OtherOf are for what a name means, the first of the request's paths or the second.
inline grant::PathGrant LinkOf(const Request& r, unsigned use) {
  return PathOf(r, use, true);
}
inline grant::PathGrant OtherOf(const Request& r, unsigned use) {
  return grant::ToPath(r.other, use | grant::kNoFollow);
}

inline void Fail(Request& request, int64_t result, const char* step) {
  request.result = result;
  request.step = step;
}

}  // namespace sluice::js::fs
