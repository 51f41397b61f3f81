#include "grant/path.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <deque>
#include <memory>

namespace sluice::grant {
namespace {

constexpr int kMostLinks = 40;  // as the kernel's (path_resolution(7))

std::string WorkingDirectory() {
  char path[PATH_MAX];
  return getcwd(path, sizeof path) != nullptr ? path : "/";
}

std::deque<std::string> Parts(std::string_view path) {
  std::deque<std::string> parts;
  while (!path.empty()) {
    size_t slash = path.find('/');
    if (slash != 0) parts.emplace_back(path.substr(0, slash));
    path.remove_prefix(slash == path.npos ? path.size() : slash + 1);
  }
  return parts;
}

void ToParent(std::string& path) {
  size_t slash = path.rfind('/');
  path.resize(slash == path.npos ? 0 : slash);
}

std::string OrRoot(std::string path) {
  return path.empty() ? "/" : std::move(path);
}

// The part of a path that a pattern must begin with to hold it; "" for any.
std::string_view OwnRoot(std::string_view path) {
  constexpr std::string_view kHarmless[] = {"/dev/null", "/dev/zero", "/dev/full", "/dev/random",
                                            "/dev/urandom"};
  if (std::find(std::begin(kHarmless), std::end(kHarmless), path) != std::end(kHarmless)) return "";
  for (std::string_view root : {"/sys", "/dev", "/proc"}) {
    if (!IsBeneath(path, root)) continue;
    size_t end = path.find('/', root.size() + 1);
    std::string_view entry = path.substr(0, end);
    std::string_view name = entry.substr(std::min(root.size() + 1, entry.size()));
    bool process = root == "/proc" && !name.empty() &&
                   (std::isdigit(static_cast<unsigned char>(name[0])) != 0 || name == "self" ||
                    name == "thread-self");
    return process ? entry : root;
  }
  return "";
}

bool IsIn(std::string_view path, std::string_view root) {
  if (!IsBeneath(path, root)) return false;
  std::string_view own = OwnRoot(path);
  return own.empty() || IsBeneath(root, own);
}

}  // namespace

std::string CleanPath(std::string_view path) {
  std::string whole = path.starts_with('/') ? "" : WorkingDirectory() + "/";
  whole += path;
  std::string clean;
  for (const std::string& part : Parts(whole)) {
    if (part == "..")
      ToParent(clean);
    else if (part != ".")
      clean += "/" + part;
  }
  return OrRoot(std::move(clean));
}

std::string RealPathOf(const std::string& clean) {
  return Resolve(clean, true, [](const std::string&) { return true; }).path;
}

bool IsBeneath(std::string_view path, std::string_view root) {
  if (root == "/") return path.starts_with('/');
  return path.starts_with(root) && (path.size() == root.size() || path[root.size()] == '/');
}

PathPattern::PathPattern(std::string_view path) : clean_(CleanPath(path)) {
  // Of what the pattern means now: a link that is put there later leads elsewhere.
  real_ = RealPathOf(clean_);
}

bool PathPattern::Covers(std::string_view path) const {
  return IsIn(path, clean_) || IsIn(path, real_);
}
bool PathPattern::Contains(std::string_view path) const {
  return IsBeneath(path, clean_) || IsBeneath(path, real_);
}
bool PathPattern::Leads(std::string_view path) const {
  return IsBeneath(clean_, path) || IsBeneath(real_, path);
}

RealPath Resolve(std::string_view path, bool follow_last, const MayTouch& may_touch) {
  std::string whole = path.starts_with('/') ? "" : WorkingDirectory() + "/";
  whole += path;
  auto left = Parts(whole);
  if (whole.ends_with('/')) follow_last = true;
  std::string at;
  int links = 0;
  bool missing = false;
  while (!left.empty()) {
    std::string part = std::move(left.front());
    left.pop_front();
    if (part == ".") continue;
    if (part == "..") {
      if (missing) return {OrRoot(at), -ENOENT};
      ToParent(at);
      continue;
    }
    at += "/" + part;
    if (!may_touch(at)) {
      for (const std::string& rest : left) at += "/" + rest;
      return {CleanPath(at), -EACCES, true};
    }
    if (missing || (left.empty() && !follow_last)) continue;
    char target[PATH_MAX];
    ssize_t size = readlink(at.c_str(), target, sizeof target);
    if (size < 0) {
      if (errno != EINVAL && errno != ENOENT) return {at, -errno};
      missing = errno == ENOENT;
      continue;
    }
    if (++links > kMostLinks) return {at, -ELOOP};
    auto inner = Parts({target, static_cast<size_t>(size)});
    left.insert(left.begin(), inner.begin(), inner.end());
    if (target[0] == '/')
      at.clear();
    else
      ToParent(at);
  }
  return {OrRoot(std::move(at))};
}

int OpenStepwise(const std::string& directory) {
  constexpr int kFlags = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  const auto parts = Parts(directory);  // before there is a descriptor: it may throw
  int at = open("/", kFlags);
  if (at < 0) return -errno;
  for (const std::string& part : parts) {
    int next = openat(at, part.c_str(), kFlags);
    int error = errno;
    close(at);
    // Of a link, with O_DIRECTORY, it is ENOTDIR.
    if (next < 0) return -error;
    at = next;
  }
  return at;
}

int OpenParent(const std::string& real, std::string* name) {
  size_t slash = real.rfind('/');
  std::string directory = slash == 0 || slash == real.npos ? "/" : real.substr(0, slash);
  *name = real == "/" ? "." : real.substr(slash + 1);
  open_how how{};
  how.flags = O_PATH | O_DIRECTORY | O_CLOEXEC;
  // Stronger than RESOLVE_BENEATH: a path without ".." and links ends where it is written.
  how.resolve = RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  auto fd = static_cast<int>(syscall(SYS_openat2, AT_FDCWD, directory.c_str(), &how, sizeof how));
  if (fd >= 0) return fd;
  return errno == ENOSYS || errno == EPERM ? OpenStepwise(directory) : -errno;
}

}  // namespace sluice::grant
