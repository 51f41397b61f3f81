#include "grant/unix_pin.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <map>
#include <mutex>

#include "grant/path.h"

namespace sluice::grant {
namespace {

constexpr std::string_view kDescriptors = "/proc/self/fd/";
constexpr size_t kMostShown = 4096;

// The paths of sockets by those that the kernel has of them.
std::mutex bound_mutex;
std::map<std::string, std::string>* bound = nullptr;  // guarded by bound_mutex; never freed

std::string PathOf(int fd) {
  return std::string(kDescriptors) + std::to_string(fd);
}

bool HasProc(int fd) {
  return faccessat(AT_FDCWD, PathOf(fd).c_str(), F_OK, 0) == 0;
}

// Returns false where the path has no room for it.
bool Set(const std::string& path, Address* address) {
  auto made = Address::Unix(path);
  if (made) *address = *made;
  return made.has_value();
}

}  // namespace

UnixPin::~UnixPin() {
  if (fd_ >= 0) close(fd_);
}

int UnixPin::ToConnect(const std::string& real, Address* address) {
  std::string name;
  int directory = OpenParent(real, &name);
  if (directory < 0) return directory;
  fd_ = openat(directory, name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC);
  int error = errno;
  close(directory);
  if (fd_ < 0) return -error;
  if (HasProc(fd_)) Set(PathOf(fd_), address);
  return 0;
}

int UnixPin::ToBind(const std::string& real, Address* address) {
  std::string name;
  fd_ = OpenParent(real, &name);
  if (fd_ < 0) return fd_;
  if (!HasProc(fd_)) return 0;
  std::lock_guard lock(bound_mutex);
  if (bound == nullptr) bound = new std::map<std::string, std::string>;
  // The number of a directory may be that of an earlier one, whose socket has the same name.
  for (std::string path = PathOf(fd_) + "/";; path += "./") {
    if (!Set(path + name, address)) return -ENAMETOOLONG;
    auto found = bound->find(path + name);
    if (found != bound->end() && found->second != real) continue;
    if (found == bound->end() && bound->size() < kMostShown) bound->emplace(path + name, real);
    return 0;
  }
}

Address Shown(const Address& address) {
  if (address.is_ip()) return address;
  std::string path = address.host();
  if (!path.starts_with(kDescriptors)) return address;
  std::lock_guard lock(bound_mutex);
  if (bound == nullptr) return address;
  auto found = bound->find(path);
  if (found == bound->end()) return address;
  return Address::Unix(found->second).value_or(address);
}

}  // namespace sluice::grant
