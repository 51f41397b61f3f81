// Names of files: links, renaming, what a path leads to.
#include <unistd.h>

#include <climits>
#include <cstdio>
#include <cstdlib>

#include "bind/fs/calls.h"

namespace sluice::js::fs {

void Unlink(Request& r) {
  r.result = Plain(unlink(r.path.c_str()));
}

void Rename(Request& r) {
  r.result = Plain(rename(r.path.c_str(), r.other.c_str()));
}

void RealPath(Request& r) {
  r.answer = Request::Answer::kText;
  char path[PATH_MAX];
  if (realpath(r.path.c_str(), path) == nullptr)
    r.result = -errno;
  else
    r.text = path;
}

void ReadLink(Request& r) {
  r.answer = Request::Answer::kText;
  char path[PATH_MAX];
  r.result = Plain(static_cast<int>(readlink(r.path.c_str(), path, sizeof path)));
  if (r.result >= 0) r.text.assign(path, static_cast<size_t>(r.result));
}

void SymbolicLink(Request& r) {
  r.result = Plain(symlink(r.path.c_str(), r.other.c_str()));
}
void Link(Request& r) {
  r.result = Plain(link(r.path.c_str(), r.other.c_str()));
}

}  // namespace sluice::js::fs
