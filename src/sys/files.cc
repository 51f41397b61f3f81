#include "sys/files.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/inotify.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <memory>

namespace sluice::sys {
namespace {

int Result(int result) {
  return result >= 0 ? result : -errno;
}

int NoFollow(const grant::PathGrant& path) {
  return path.follow() ? 0 : AT_SYMLINK_NOFOLLOW;
}

// For calls without an at-form: a path that leads to the very file, whatever is put in its place.
class Pin {
 public:
  // By way of Pin(): what throws here still closes fd_.
  explicit Pin(const grant::PathGrant& path) : Pin() {
    if (!path.pinned()) {
      path_ = path.text();
      return;
    }
    fd_ = openat(path.directory(), path.name(), O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (fd_ < 0) error_ = -errno;
    path_ = "/proc/self/fd/" + std::to_string(fd_);
  }
  ~Pin() {
    if (fd_ >= 0) close(fd_);
  }
  Pin(const Pin&) = delete;
  Pin& operator=(const Pin&) = delete;

  int error() const { return error_; }
  int fd() const { return fd_; }
  const char* path() const { return path_.c_str(); }

 private:
  Pin() = default;
  int fd_ = -1;
  int error_ = 0;
  std::string path_;
};

}  // namespace

int Open(const grant::PathGrant& path, int flags, mode_t mode) {
  if (path.error() != 0) return path.error();
  flags |= O_CLOEXEC | (path.pinned() ? O_NOFOLLOW : 0);
  for (;;) {
    int fd = openat(path.directory(), path.name(), flags, mode);
    if (fd >= 0 || errno != EINTR) return Result(fd);
  }
}

int GetStatus(const grant::PathGrant& path, struct statx* status) {
  if (path.error() != 0) return path.error();
  return Result(statx(path.directory(), path.name(), NoFollow(path),
                      STATX_BASIC_STATS | STATX_BTIME, status));
}

int GetFileSystem(const grant::PathGrant& path, struct statfs* status) {
  if (path.error() != 0) return path.error();
  Pin pin(path);
  if (pin.error() != 0) return pin.error();
  return Result(pin.fd() >= 0 ? fstatfs(pin.fd(), status) : statfs(pin.path(), status));
}

int Access(const grant::PathGrant& path, int mode) {
  if (path.error() != 0) return path.error();
  Pin pin(path);
  if (pin.error() != 0) return pin.error();
  return Result(access(pin.path(), mode));
}

int ReadLink(const grant::PathGrant& path, std::string* target) {
  if (path.error() != 0) return path.error();
  char text[PATH_MAX];
  ssize_t size = readlinkat(path.directory(), path.name(), text, sizeof text);
  if (size < 0) return -errno;
  target->assign(text, static_cast<size_t>(size));
  return 0;
}

int RealPath(const grant::PathGrant& path, std::string* real) {
  if (path.error() != 0) return path.error();
  if (path.pinned()) {
    *real = path.real();
    struct stat status;
    return Result(fstatat(path.directory(), path.name(), &status, AT_SYMLINK_NOFOLLOW));
  }
  std::unique_ptr<char, decltype(&std::free)> found(realpath(path.text().c_str(), nullptr),
                                                    &std::free);
  if (!found) return -errno;
  *real = found.get();
  return 0;
}

int MakeDirectory(const grant::PathGrant& path, mode_t mode) {
  if (path.error() != 0) return path.error();
  return Result(mkdirat(path.directory(), path.name(), mode));
}

int RemoveDirectory(const grant::PathGrant& path) {
  if (path.error() != 0) return path.error();
  return Result(unlinkat(path.directory(), path.name(), AT_REMOVEDIR));
}

int Unlink(const grant::PathGrant& path) {
  if (path.error() != 0) return path.error();
  return Result(unlinkat(path.directory(), path.name(), 0));
}

int Rename(const grant::PathGrant& from, const grant::PathGrant& to) {
  if (from.error() != 0) return from.error();
  if (to.error() != 0) return to.error();
  return Result(renameat(from.directory(), from.name(), to.directory(), to.name()));
}

int MakeLink(const grant::PathGrant& from, const grant::PathGrant& to) {
  if (from.error() != 0) return from.error();
  if (to.error() != 0) return to.error();
  return Result(linkat(from.directory(), from.name(), to.directory(), to.name(), 0));
}

int MakeSymbolicLink(const std::string& target, const grant::PathGrant& link) {
  if (link.error() != 0) return link.error();
  return Result(symlinkat(target.c_str(), link.directory(), link.name()));
}

int ChangeMode(const grant::PathGrant& path, mode_t mode) {
  if (path.error() != 0) return path.error();
  Pin pin(path);
  if (pin.error() != 0) return pin.error();
  return Result(chmod(pin.path(), mode));
}

int ChangeOwner(const grant::PathGrant& path, uid_t user, gid_t group) {
  if (path.error() != 0) return path.error();
  return Result(fchownat(path.directory(), path.name(), user, group, NoFollow(path)));
}

int SetTimes(const grant::PathGrant& path, const timespec times[2]) {
  if (path.error() != 0) return path.error();
  return Result(utimensat(path.directory(), path.name(), times, NoFollow(path)));
}

int WatchPath(int inotify, const grant::PathGrant& path, uint32_t events) {
  if (path.error() != 0) return path.error();
  Pin pin(path);
  if (pin.error() != 0) return pin.error();
  // A pinned path is a link, and what it leads to is what is meant.
  if (!path.pinned() && !path.follow()) events |= IN_DONT_FOLLOW;
  return Result(inotify_add_watch(inotify, pin.path(), events));
}

int ChangeDirectory(const grant::PathGrant& path) {
  if (path.error() != 0) return path.error();
  Pin pin(path);
  if (pin.error() != 0) return pin.error();
  return Result(pin.fd() >= 0 ? fchdir(pin.fd()) : chdir(pin.path()));
}

}  // namespace sluice::sys
