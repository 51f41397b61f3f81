// What files hold: reading, writing, copying.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <cstdlib>
#include <memory>
#include <optional>
#include <vector>

#include "bind/fs/calls.h"

namespace sluice::js::fs {
namespace {

// Linux moves at most this many bytes a call.
constexpr size_t kMaxTransfer = 0x7ffff000;
// The largest file that is read in one piece.
constexpr int64_t kMaxContent = int64_t{1} << 31;
// How much is copied at a time where the kernel does not copy.
constexpr size_t kCopied = 64 * 1024;

template <class Call>
int64_t Retry(Call call) {
  for (;;) {
    int64_t result = call();
    if (result >= 0) return result;
    if (errno != EINTR) return -errno;
  }
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

unsigned UseOf(int flags) {
  unsigned use = (flags & O_ACCMODE) == O_WRONLY ? 0u : grant::kRead;
  if ((flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TRUNC | O_APPEND)) != 0)
    use |= grant::kWrite;
  // A new file is where its name is, not where a link of that name leads.
  bool itself = (flags & O_NOFOLLOW) != 0 || (flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL);
  return itself ? use | grant::kNoFollow : use;
}

int64_t OpenPath(const std::string& path, int64_t numbers, int64_t mode) {
  auto flags = static_cast<int>(numbers);
  return sys::Open(grant::ToPath(path, UseOf(flags)), flags, static_cast<mode_t>(mode));
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

// Transfer moves all parts, in as many calls as the kernel's bound on their number makes of them,
// until one moves less than it was given. Returns the bytes that were moved.
template <class Call>
int64_t Transfer(const Request& r, Call call) {
  std::vector<iovec> parts;
  for (std::span<uint8_t> part : r.parts) parts.push_back({part.data(), part.size()});
  int64_t done = 0;
  for (size_t first = 0; first < parts.size(); first += IOV_MAX) {
    size_t count = std::min<size_t>(parts.size() - first, IOV_MAX);
    int64_t wanted = 0;
    for (size_t i = 0; i < count; ++i) wanted += static_cast<int64_t>(parts[first + i].iov_len);
    int64_t position = r.numbers[0] < 0 ? -1 : r.numbers[0] + done;
    int64_t moved = Retry([&] { return call(&parts[first], static_cast<int>(count), position); });
    if (moved < 0) return done > 0 ? done : moved;
    done += moved;
    if (moved < wanted) break;
  }
  return done;
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

void ReadVector(Request& r) {
  if (r.parts.empty()) return Read(r);
  r.result = Transfer(r, [&](const iovec* parts, int count, int64_t position) {
    return position < 0 ? readv(r.fd, parts, count) : preadv(r.fd, parts, count, position);
  });
}

void WriteVector(Request& r) {
  if (r.parts.empty()) return Write(r);
  r.result = Transfer(r, [&](const iovec* parts, int count, int64_t position) {
    return position < 0 ? writev(r.fd, parts, count) : pwritev(r.fd, parts, count, position);
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

// Copies to a file that is there, or that it makes: *made is leave to remove it then. Throws before
// that only.
void CopyInto(Request& r, std::optional<grant::PathGrant>* made) {
  Descriptor from(OpenPath(r.path, O_RDONLY, 0));
  if (from.get() < 0) {
    r.result = from.get();
    return;
  }
  struct stat source;
  struct stat target;
  r.result = Plain(fstat(from.get(), &source));
  if (r.result < 0) return;
  auto buffer = std::make_unique_for_overwrite<uint8_t[]>(kCopied);
  grant::PathGrant other = grant::ToPath(r.other, grant::kWrite);
  if (other.error() == 0 && sys::Access(other, F_OK) != 0)
    made->emplace(OtherOf(r, grant::kWrite | grant::kQuiet));
  int flags = O_WRONLY | O_CREAT | ((r.numbers[0] & 1) != 0 ? O_EXCL : 0);
  Descriptor to(OpenPath(r.other, flags, source.st_mode & 07777));
  if (to.get() < 0) {
    made->reset();
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
  for (;;) {
    int64_t count = -1;
    if (kernel_copies) {
      count = Retry(
          [&] { return copy_file_range(from.get(), nullptr, to.get(), nullptr, kMaxTransfer, 0); });
      // Across file systems or on special files; what says it is empty may still give bytes.
      if (count <= 0) kernel_copies = false;
    }
    if (!kernel_copies) {
      count = Retry([&] { return read(from.get(), buffer.get(), kCopied); });
      if (count > 0)
        if (int64_t result = WriteAll(to.get(), {buffer.get(), static_cast<size_t>(count)});
            result < 0)
          count = result;
    }
    if (count <= 0) {
      r.result = count;
      return;
    }
  }
}

void CopyFile(Request& r) {
  std::optional<grant::PathGrant> made;
  CopyInto(r, &made);
  if (r.result < 0 && made) sys::Unlink(*made);  // half a copy is none
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
