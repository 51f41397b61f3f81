#include "bind/module/private_folder.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "base/directory.h"

namespace sluice::js {
namespace {

constexpr mode_t kOthersWrite = S_IWGRP | S_IWOTH;

// An open descriptor; -1 for none.
class Opened {
 public:
  explicit Opened(int fd) : fd_(fd) {}
  Opened(Opened&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Opened& operator=(Opened&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Opened() {
    if (fd_ >= 0) close(fd_);
  }
  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_;
};

bool IsOwn(int fd) {
  struct stat status {};
  return fstat(fd, &status) == 0 && status.st_uid == geteuid() &&
         (status.st_mode & kOthersWrite) == 0;
}

// Whether nobody but root and the user can put something else in the place of a directory's entry.
bool IsSafe(int fd) {
  struct stat status {};
  if (fstat(fd, &status) != 0) return false;
  if (status.st_uid != 0 && status.st_uid != geteuid()) return false;
  return (status.st_mode & kOthersWrite) == 0 || (status.st_mode & S_ISVTX) != 0;
}

std::vector<std::string> Parts(std::string_view path) {
  std::vector<std::string> parts;
  while (!path.empty()) {
    size_t slash = path.find('/');
    if (slash != 0) parts.emplace_back(path.substr(0, slash));
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
  }
  return parts;
}

// To go through: what may not be listed can be on the way.
Opened OpenDirectory(int parent, const char* name) {
  return Opened(openat(parent, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

// The folder of an absolute path; none if it is not private. With make, missing ones are made.
Opened Walk(const std::string& path, bool make) {
  Opened at(open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
  for (const std::string& part : Parts(path)) {
    if (!at || !IsSafe(at.get())) return Opened(-1);
    Opened next = OpenDirectory(at.get(), part.c_str());
    if (!next && errno == ENOENT && make && mkdirat(at.get(), part.c_str(), 0700) == 0)
      next = OpenDirectory(at.get(), part.c_str());
    at = std::move(next);
  }
  return at && IsOwn(at.get()) ? std::move(at) : Opened(-1);
}

// An absolute path whose longest part that exists has no symbolic links.
std::string WithoutLinks(const std::string& path) {
  std::string missing;
  std::string start = path;
  while (!start.empty()) {
    std::unique_ptr<char, decltype(&std::free)> real(realpath(start.c_str(), nullptr), &std::free);
    if (real) return real.get() + missing;
    size_t slash = start.rfind('/');
    if (slash == std::string::npos) return "";
    missing.insert(0, start.substr(slash));
    start.resize(slash);
  }
  return missing;
}

bool WriteAll(int fd, std::string_view text) {
  while (!text.empty()) {
    ssize_t count = write(fd, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    text.remove_prefix(static_cast<size_t>(count));
  }
  return true;
}

// Removes a directory's files if they are too many or too large.
void Bound(const Opened& folder) {
  const Directory listing =
      DirectoryOf(openat(folder.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (listing == nullptr) return;
  std::vector<std::string> names;
  size_t total = 0;
  while (const dirent* entry = readdir(listing.get())) {
    names.emplace_back(entry->d_name);
    struct stat status {};
    if (fstatat(folder.get(), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0)
      total += static_cast<size_t>(status.st_size);
  }
  if (names.size() < PrivateFolder::kMostFiles && total < PrivateFolder::kMostTotal) return;
  for (const std::string& name : names) unlinkat(folder.get(), name.c_str(), 0);
}

}  // namespace

std::optional<PrivateFolder> PrivateFolder::Open(const std::string& path) {
  std::string real = WithoutLinks(path);
  if (real.empty() || real[0] != '/' || !Walk(real, true)) return std::nullopt;
  return PrivateFolder(real);
}

std::optional<Mapping> PrivateFolder::Map(const std::string& name) const {
  Opened folder = Walk(path_, false);
  if (!folder) return std::nullopt;
  Opened file(openat(folder.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat status {};
  if (!file || !IsOwn(file.get()) || fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode))
    return std::nullopt;
  auto size = static_cast<size_t>(status.st_size);
  if (size == 0 || size > kMostBytes) return std::nullopt;
  void* bytes = mmap(nullptr, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file.get(), 0);
  if (bytes == MAP_FAILED) return std::nullopt;
  return Mapping({static_cast<const char*>(bytes), size});
}

void PrivateFolder::Write(const std::string& name, std::string_view bytes) const {
  static std::atomic<unsigned> number{0};
  Opened folder = Walk(path_, false);
  if (!folder || bytes.size() > kMostBytes) return;
  unsigned count = number++;
  if (count % kBetweenLooks == 0) Bound(folder);
  std::string temporary = "." + std::to_string(getpid()) + "." + std::to_string(count);
  Opened file(openat(folder.get(), temporary.c_str(),
                     O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file) return;
  if (!WriteAll(file.get(), bytes) ||
      renameat(folder.get(), temporary.c_str(), folder.get(), name.c_str()) != 0)
    unlinkat(folder.get(), temporary.c_str(), 0);
}

Mapping::~Mapping() {
  if (!bytes_.empty()) munmap(const_cast<char*>(bytes_.data()), bytes_.size());
}

}  // namespace sluice::js
