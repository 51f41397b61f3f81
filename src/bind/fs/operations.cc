#include "bind/fs/operations.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace sluice::js::fs {
namespace {

// Linux moves at most this many bytes a call.
constexpr size_t kMaxTransfer = 0x7ffff000;
// The largest file that is read in one piece.
constexpr int64_t kMaxContent = int64_t{1} << 31;

template <class Call>
int64_t Retry(Call call) {
  for (;;) {
    int64_t result = call();
    if (result >= 0) return result;
    if (errno != EINTR) return -errno;
  }
}

int64_t Plain(int result) {
  return result < 0 ? -errno : result;
}

// Descriptor closes itself.
class Descriptor {
 public:
  explicit Descriptor(int64_t fd) : fd_(static_cast<int>(fd)) {}
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

int64_t OpenPath(const std::string& path, int64_t flags, int64_t mode) {
  return Retry([&] {
    return open(path.c_str(), static_cast<int>(flags) | O_CLOEXEC, static_cast<mode_t>(mode));
  });
}

int64_t WriteAll(int fd, std::span<const uint8_t> bytes) {
  while (!bytes.empty()) {
    int64_t count =
        Retry([&] { return write(fd, bytes.data(), std::min(bytes.size(), kMaxTransfer)); });
    if (count < 0) return count;
    bytes = bytes.subspan(static_cast<size_t>(count));
  }
  return 0;
}

void Fail(Request& request, int64_t result, const char* step) {
  request.result = result;
  request.step = step;
}

}  // namespace

void Request::Free::operator()(uint8_t* block) const {
  std::free(block);
}

void Open(Request& r) {
  r.result = OpenPath(r.path, r.numbers[0], r.numbers[1]);
}
void Close(Request& r) {
  r.result = Plain(close(r.fd));
}

void Read(Request& r) {
  size_t size = std::min(r.bytes.size(), kMaxTransfer);
  r.result = Retry([&] {
    return r.numbers[0] < 0 ? read(r.fd, r.bytes.data(), size)
                            : pread(r.fd, r.bytes.data(), size, r.numbers[0]);
  });
}

void Write(Request& r) {
  size_t size = std::min(r.bytes.size(), kMaxTransfer);
  r.result = Retry([&] {
    return r.numbers[0] < 0 ? write(r.fd, r.bytes.data(), size)
                            : pwrite(r.fd, r.bytes.data(), size, r.numbers[0]);
  });
}

void ReadFile(Request& r) {
  r.answer = Request::Answer::kContent;
  Descriptor own(r.fd >= 0 ? -1 : OpenPath(r.path, r.numbers[0], 0666));
  int fd = r.fd;
  if (fd < 0) {
    fd = own.get();
    if (fd < 0) return Fail(r, fd, "open");
  }
  struct stat status;
  if (fstat(fd, &status) != 0) return Fail(r, -errno, "fstat");
  if (S_ISREG(status.st_mode) && status.st_size > kMaxContent)
    return Fail(r, status.st_size, "size");
  // Files of /proc say they are empty, and files may grow: read until the end. One byte more than
  // the size finds it without another round.
  size_t capacity = S_ISREG(status.st_mode) && status.st_size > 0
                        ? static_cast<size_t>(status.st_size) + 1
                        : 8192;
  size_t size = 0;
  for (;;) {
    auto* grown = static_cast<uint8_t*>(std::realloc(r.content.get(), capacity));
    if (grown == nullptr) return Fail(r, -ENOMEM, "read");
    (void)r.content.release();
    r.content.reset(grown);
    while (size < capacity) {
      int64_t count =
          Retry([&] { return read(fd, grown + size, std::min(capacity - size, kMaxTransfer)); });
      if (count < 0) return Fail(r, count, "read");
      if (count == 0) {
        r.result = static_cast<int64_t>(size);
        return;
      }
      size += static_cast<size_t>(count);
    }
    if (size > static_cast<size_t>(kMaxContent)) return Fail(r, static_cast<int64_t>(size), "size");
    capacity *= 2;
  }
}

void WriteFile(Request& r) {
  Descriptor own(r.fd >= 0 ? -1 : OpenPath(r.path, r.numbers[0], r.numbers[1]));
  int fd = r.fd >= 0 ? r.fd : own.get();
  if (fd < 0) return Fail(r, fd, "open");
  if (int64_t result = WriteAll(fd, r.bytes); result < 0) return Fail(r, result, "write");
  if (r.numbers[2] != 0 && fsync(fd) != 0) return Fail(r, -errno, "fsync");
}

namespace {

void FillStat(Request& r, int fd, int flags) {
  struct statx s;
  int result = statx(fd, r.path.c_str(), flags, STATX_BASIC_STATS | STATX_BTIME, &s);
  if (result != 0) {
    r.result = -errno;
    return;
  }
  r.answer = Request::Answer::kStat;
  // Where the file system does not keep the time of birth, the time of change stands in.
  const statx_timestamp& birth = (s.stx_mask & STATX_BTIME) != 0 ? s.stx_btime : s.stx_ctime;
  const int64_t values[kStatFields] = {
      static_cast<int64_t>(makedev(s.stx_dev_major, s.stx_dev_minor)),
      s.stx_mode,
      s.stx_nlink,
      s.stx_uid,
      s.stx_gid,
      static_cast<int64_t>(makedev(s.stx_rdev_major, s.stx_rdev_minor)),
      s.stx_blksize,
      static_cast<int64_t>(s.stx_ino),
      static_cast<int64_t>(s.stx_size),
      static_cast<int64_t>(s.stx_blocks),
      s.stx_atime.tv_sec,
      s.stx_atime.tv_nsec,
      s.stx_mtime.tv_sec,
      s.stx_mtime.tv_nsec,
      s.stx_ctime.tv_sec,
      s.stx_ctime.tv_nsec,
      birth.tv_sec,
      birth.tv_nsec,
  };
  std::copy(std::begin(values), std::end(values), r.stat);
}

}  // namespace

void Stat(Request& r) {
  FillStat(r, AT_FDCWD, r.numbers[0] != 0 ? AT_SYMLINK_NOFOLLOW : 0);
}

void FdStat(Request& r) {
  r.path.clear();
  FillStat(r, r.fd, AT_EMPTY_PATH);
}

void StatFs(Request& r) {
  struct statfs s;
  r.result = Plain(statfs(r.path.c_str(), &s));
  if (r.result < 0) return;
  r.answer = Request::Answer::kStat;
  const int64_t values[] = {static_cast<int64_t>(s.f_type),   static_cast<int64_t>(s.f_bsize),
                            static_cast<int64_t>(s.f_blocks), static_cast<int64_t>(s.f_bfree),
                            static_cast<int64_t>(s.f_bavail), static_cast<int64_t>(s.f_files),
                            static_cast<int64_t>(s.f_ffree)};
  std::copy(std::begin(values), std::end(values), r.stat);
}

void Access(Request& r) {
  r.result = Plain(access(r.path.c_str(), static_cast<int>(r.numbers[0])));
}

namespace {

// List appends the entries of a directory, named relative to the request's path.
int64_t List(Request& r, const std::string& relative) {
  std::string path = relative.empty() ? r.path : r.path + "/" + relative;
  DIR* directory = opendir(path.c_str());
  if (directory == nullptr) return -errno;
  for (errno = 0; dirent* entry = readdir(directory); errno = 0) {
    std::string name = entry->d_name;
    if (name == "." || name == "..") continue;
    int kind = entry->d_type;
    struct stat status;
    if (kind == DT_UNKNOWN &&
        fstatat(dirfd(directory), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0)
      kind = static_cast<int>(IFTODT(status.st_mode));
    r.names.emplace_back(relative.empty() ? name : relative + "/" + name, kind);
  }
  int64_t result = -errno;
  closedir(directory);
  return result;
}

}  // namespace

void ReadDirectory(Request& r) {
  r.answer = Request::Answer::kNames;
  r.result = List(r, "");
  if (r.numbers[0] == 0) return;
  // The vector grows while it is walked: a directory's entries follow what was found before it.
  for (size_t i = 0; i < r.names.size() && r.result == 0; ++i)
    if (r.names[i].second == DT_DIR) r.result = List(r, std::string(r.names[i].first));
}

void MakeDirectory(Request& r) {
  r.result = Plain(mkdir(r.path.c_str(), static_cast<mode_t>(r.numbers[0])));
}

void MakeDirectories(Request& r) {
  r.answer = Request::Answer::kText;
  auto mode = static_cast<mode_t>(r.numbers[0]);
  std::string path = r.path;
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  // Up to the first ancestor that is there, then down again.
  std::vector<std::string> missing;
  for (;;) {
    if (mkdir(path.c_str(), mode) == 0) {
      r.text = path;
      break;
    }
    int error = errno;
    if (error == ENOENT && path.find_last_of('/') != std::string::npos && path.size() > 1) {
      missing.push_back(path);
      size_t slash = path.find_last_of('/');
      while (slash > 0 && path[slash - 1] == '/') --slash;
      path = slash == 0 ? "/" : path.substr(0, slash);
      continue;
    }
    struct stat status;
    if (error == EEXIST || error == EROFS || error == EACCES || error == EPERM) {
      bool there = stat(path.c_str(), &status) == 0;
      if (there && S_ISDIR(status.st_mode)) break;
      if (there) error = missing.empty() ? EEXIST : ENOTDIR;
    }
    r.result = -error;
    return;
  }
  for (; !missing.empty(); missing.pop_back()) {
    if (mkdir(missing.back().c_str(), mode) == 0) {
      if (r.text.empty()) r.text = missing.back();
    } else if (errno != EEXIST) {
      r.result = -errno;
      return;
    }
  }
}

void MakeTemporary(Request& r) {
  r.text = r.path + "XXXXXX";
  if (mkdtemp(r.text.data()) == nullptr)
    r.result = -errno;
  else
    r.answer = Request::Answer::kText;
}

void Unlink(Request& r) {
  r.result = Plain(unlink(r.path.c_str()));
}
void RemoveDirectory(Request& r) {
  r.result = Plain(rmdir(r.path.c_str()));
}

namespace {

// RemoveEntries empties the directory of a descriptor, which it closes. It goes by descriptors,
// so that nothing that is moved or linked in meanwhile leads it elsewhere.
int64_t RemoveEntries(int fd, const char** step) {
  DIR* directory = fdopendir(fd);
  if (directory == nullptr) {
    *step = "scandir";
    int error = errno;
    close(fd);
    return -error;
  }
  int64_t result = 0;
  for (errno = 0; dirent* entry = readdir(directory); errno = 0) {
    std::string name = entry->d_name;
    if (name == "." || name == "..") continue;
    if (unlinkat(fd, name.c_str(), 0) == 0 || errno == ENOENT) continue;
    *step = "unlink";
    result = -errno;
    if (errno != EISDIR && errno != EPERM) break;
    int child = openat(fd, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (child < 0) {
      // Still the error of unlink if this is no directory.
      if (errno != ENOTDIR) result = -errno;
      break;
    }
    result = RemoveEntries(child, step);
    if (result < 0) break;
    *step = "rmdir";
    if (unlinkat(fd, name.c_str(), AT_REMOVEDIR) != 0 && errno != ENOENT) {
      result = -errno;
      break;
    }
  }
  closedir(directory);
  return result;
}

}  // namespace

void RemoveTree(Request& r) {
  bool recursive = r.numbers[0] != 0;
  bool force = r.numbers[1] != 0;
  struct stat status;
  if (lstat(r.path.c_str(), &status) != 0) {
    if (errno != ENOENT || !force) Fail(r, -errno, "lstat");
    return;
  }
  if (!S_ISDIR(status.st_mode)) {
    if (unlink(r.path.c_str()) != 0 && (errno != ENOENT || !force)) Fail(r, -errno, "unlink");
    return;
  }
  if (!recursive) return Fail(r, -EISDIR, "rm");
  int fd = open(r.path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return Fail(r, -errno, "scandir");
  const char* step = "";
  if (int64_t result = RemoveEntries(fd, &step); result < 0) return Fail(r, result, step);
  if (rmdir(r.path.c_str()) != 0 && errno != ENOENT) Fail(r, -errno, "rmdir");
}

void Rename(Request& r) {
  r.result = Plain(rename(r.path.c_str(), r.other.c_str()));
}

void CopyFile(Request& r) {
  Descriptor from(OpenPath(r.path, O_RDONLY, 0));
  if (from.get() < 0) {
    r.result = from.get();
    return;
  }
  struct stat source;
  struct stat target;
  r.result = Plain(fstat(from.get(), &source));
  if (r.result < 0) return;
  int flags = O_WRONLY | O_CREAT | ((r.numbers[0] & 1) != 0 ? O_EXCL : 0);
  Descriptor to(OpenPath(r.other, flags, source.st_mode & 07777));
  if (to.get() < 0) {
    r.result = to.get();
    return;
  }
  r.result = Plain(fstat(to.get(), &target));
  if (r.result < 0) return;
  // Truncating only now keeps a file that is copied onto itself.
  if (source.st_dev == target.st_dev && source.st_ino == target.st_ino) return;
  if (ftruncate(to.get(), 0) != 0 && errno != EINVAL) {
    r.result = -errno;
    return;
  }
  (void)fchmod(to.get(), source.st_mode & 07777);
  bool kernel_copies = true;
  std::vector<uint8_t> buffer;
  for (;;) {
    int64_t count = -1;
    if (kernel_copies) {
      count = Retry(
          [&] { return copy_file_range(from.get(), nullptr, to.get(), nullptr, kMaxTransfer, 0); });
      // Across file systems or on special files; what says it is empty may still give bytes.
      if (count <= 0) {
        kernel_copies = false;
        buffer.resize(64 * 1024);
      }
    }
    if (!kernel_copies) {
      count = Retry([&] { return read(from.get(), buffer.data(), buffer.size()); });
      if (count > 0)
        if (int64_t result = WriteAll(to.get(), {buffer.data(), static_cast<size_t>(count)});
            result < 0)
          count = result;
    }
    if (count <= 0) {
      r.result = count;
      return;
    }
  }
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

void ChangeMode(Request& r) {
  r.result = Plain(chmod(r.path.c_str(), static_cast<mode_t>(r.numbers[0])));
}
void FdChangeMode(Request& r) {
  r.result = Plain(fchmod(r.fd, static_cast<mode_t>(r.numbers[0])));
}

void ChangeOwner(Request& r) {
  r.result = Plain(fchownat(AT_FDCWD, r.path.c_str(), static_cast<uid_t>(r.numbers[0]),
                            static_cast<gid_t>(r.numbers[1]),
                            r.numbers[2] != 0 ? AT_SYMLINK_NOFOLLOW : 0));
}
void FdChangeOwner(Request& r) {
  r.result =
      Plain(fchown(r.fd, static_cast<uid_t>(r.numbers[0]), static_cast<gid_t>(r.numbers[1])));
}

namespace {

timespec Time(double seconds) {
  // Far beyond what any file system keeps, and exact to convert.
  constexpr double kMost = 9007199254740991;
  if (std::isnan(seconds)) seconds = 0;
  double whole = std::clamp(std::floor(seconds), -kMost, kMost);
  if (std::abs(whole) == kMost) seconds = whole;
  return {static_cast<time_t>(whole), static_cast<long>((seconds - whole) * 1e9)};
}

}  // namespace

void SetTimes(Request& r) {
  timespec times[2] = {Time(r.times[0]), Time(r.times[1])};
  r.result = Plain(
      utimensat(AT_FDCWD, r.path.c_str(), times, r.numbers[0] != 0 ? AT_SYMLINK_NOFOLLOW : 0));
}
void FdSetTimes(Request& r) {
  timespec times[2] = {Time(r.times[0]), Time(r.times[1])};
  r.result = Plain(futimens(r.fd, times));
}

void FdTruncate(Request& r) {
  r.result = Retry([&] { return ftruncate(r.fd, r.numbers[0]); });
}
void FdSync(Request& r) {
  r.result = Plain(fsync(r.fd));
}
void FdDataSync(Request& r) {
  r.result = Plain(fdatasync(r.fd));
}

}  // namespace sluice::js::fs
