// Names of files: links, renaming, what a path leads to.
#include <string>

#include "bind/fs/calls.h"

namespace sluice::js::fs {
namespace {

// The directory that a path is in, with its last slash.
std::string ParentOf(const std::string& path) {
  size_t slash = path.rfind('/');
  return slash == path.npos ? "" : path.substr(0, slash + 1);
}

}  // namespace

void Unlink(Request& r) {
  r.result = sys::Unlink(LinkOf(r, grant::kWrite));
}

void Rename(Request& r) {
  // What moves must be readable: elsewhere it may become so.
  r.result = sys::Rename(LinkOf(r, grant::kRead | grant::kWrite | grant::kTree),
                         OtherOf(r, grant::kWrite | grant::kTree));
}

void RealPath(Request& r) {
  r.answer = Request::Answer::kText;
  r.result = sys::RealPath(PathOf(r, grant::kRead), &r.text);
}

void ReadLink(Request& r) {
  r.answer = Request::Answer::kText;
  r.result = sys::ReadLink(LinkOf(r, grant::kRead), &r.text);
}

void SymbolicLink(Request& r) {
  grant::PathGrant link = OtherOf(r, grant::kWrite);
  // Other programs may follow it: it leads only where this one may go itself.
  std::string target = r.path.starts_with('/') ? r.path : ParentOf(r.other) + r.path;
  int refused = grant::Restricted()
                    ? grant::ToPath(target, grant::kRead | grant::kWrite | grant::kTree).error()
                    : 0;
  r.result = refused == -kAccessDenied ? refused : sys::MakeSymbolicLink(r.path, link);
}
void Link(Request& r) {
  r.result = sys::MakeLink(LinkOf(r, grant::kRead | grant::kWrite), OtherOf(r, grant::kWrite));
}

}  // namespace sluice::js::fs
