// Internal. Paths: clean ones, real ones, patterns of them, and the way from one to the other that
// looks at nothing but what a policy lets it.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace sluice::grant {

// CleanPath returns an absolute path, from the working directory, without ".", ".." and double
// slashes. Symbolic links stay, and a ".." after one is taken as written: for patterns.
std::string CleanPath(std::string_view path);
// RealPathOf returns a clean path with the symbolic links of its longest part that exists resolved.
std::string RealPathOf(const std::string& clean);
// IsBeneath returns whether a clean path is root or in it: /app-secret is not beneath /app.
bool IsBeneath(std::string_view path, std::string_view root);

// PathPattern is a file, or a directory and all in it. What lies in /proc, /sys and /dev is not in
// a pattern that does not begin there, nor what belongs to a process in one of /proc:
// /proc/1/environ is in no other directory than /proc/1. /dev/null, zero, full, random and urandom
// are files as others.
class PathPattern {
 public:
  explicit PathPattern(std::string_view path);
  // Covers returns whether a path is the pattern's; it has no symbolic links, or is as written.
  bool Covers(std::string_view path) const;
  // Denies is Covers without exceptions.
  bool Contains(std::string_view path) const;
  // Leads returns whether the way to the pattern goes through path.
  bool Leads(std::string_view path) const;
  bool Covers(const PathPattern& other) const {
    return Covers(other.clean_) && Covers(other.real_);
  }
  const std::string& text() const { return clean_; }
  const std::string& real() const { return real_; }

 private:
  std::string clean_;
  std::string real_;
};

// Whether a policy lets the way go through a path without symbolic links.
using MayTouch = std::function<bool(const std::string& path)>;

struct RealPath {
  std::string path;     // without symbolic links, but for the last part if it is not followed
  int error = 0;        // or a negative errno value
  bool denied = false;  // may_touch was asked about path, and said no
};

// Resolve walks along a path, symbolic links included, and asks may_touch before it looks at
// anything. What is missing at the end is part of the path.
RealPath Resolve(std::string_view path, bool follow_last, const MayTouch& may_touch);

// OpenParent opens the directory of a real path (O_PATH) unless a symbolic link is in its way by
// now; returns a descriptor, or a negative errno value. name becomes the last part, "." for /.
int OpenParent(const std::string& real, std::string* name);
// OpenStepwise is how OpenParent opens directory where the kernel has no openat2(2).
int OpenStepwise(const std::string& directory);

}  // namespace sluice::grant
