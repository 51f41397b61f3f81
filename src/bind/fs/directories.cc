// Directories: listing, making, removing.
#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string_view>
#include <thread>

#include "base/directory.h"
#include "bind/fs/calls.h"

namespace sluice::js::fs {
namespace {

// List appends the entries of a directory, named relative to the request's path, in the order of
// their names: that of the system differs from one file system to the next.
int64_t List(Request& r, const std::string& relative) {
  std::string path = relative.empty() ? r.path : r.path + "/" + relative;
  int fd = sys::Open(grant::ToPath(path, grant::kRead), O_RDONLY | O_DIRECTORY | O_NONBLOCK);
  if (fd < 0) return fd;
  Directory directory = DirectoryOf(fd);
  if (!directory) return -errno;
  size_t first = r.names.size();
  for (errno = 0; dirent* entry = readdir(directory.get()); errno = 0) {
    std::string name = entry->d_name;
    if (name == "." || name == "..") continue;
    int kind = entry->d_type;
    struct stat status;
    if (kind == DT_UNKNOWN && fstatat(fd, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0)
      kind = static_cast<int>(IFTODT(status.st_mode));
    r.names.emplace_back(relative.empty() ? name : relative + "/" + name, kind);
  }
  int64_t result = -errno;
  // By their bytes, as in Node: programs take migrations or plugins in this order.
  std::sort(r.names.begin() + static_cast<std::ptrdiff_t>(first), r.names.end());
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
  r.result = sys::MakeDirectory(LinkOf(r, grant::kWrite), static_cast<mode_t>(r.numbers[0]));
}

void MakeDirectories(Request& r) {
  r.answer = Request::Answer::kText;
  auto mode = static_cast<mode_t>(r.numbers[0]);
  std::string path = r.path;
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  auto make = [&](const std::string& one) {
    return sys::MakeDirectory(grant::ToPath(one, grant::kWrite | grant::kNoFollow), mode);
  };
  // Up to the first ancestor that is there, then down again.
  std::vector<std::string> missing;
  for (;;) {
    int error = -make(path);
    if (error == 0) {
      r.text = path;
      break;
    }
    if (error == ENOENT && path.find_last_of('/') != std::string::npos && path.size() > 1) {
      missing.push_back(path);
      size_t slash = path.find_last_of('/');
      while (slash > 0 && path[slash - 1] == '/') --slash;
      path = slash == 0 ? "/" : path.substr(0, slash);
      continue;
    }
    if (error == EEXIST || error == EROFS || error == EACCES || error == EPERM) {
      struct statx status;
      bool there = sys::GetStatus(grant::ToPath(path, grant::kWrite), &status) == 0;
      if (there && S_ISDIR(status.stx_mode)) break;
      if (there) error = missing.empty() ? EEXIST : ENOTDIR;
    }
    r.result = -error;
    return;
  }
  for (; !missing.empty(); missing.pop_back()) {
    int error = make(missing.back());
    if (error == 0) {
      if (r.text.empty()) r.text = missing.back();
    } else if (error != -EEXIST) {
      r.result = error;
      return;
    }
  }
}

void MakeTemporary(Request& r) {
  constexpr std::string_view kLetters =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  constexpr int kMostTries = 128;
  r.answer = Request::Answer::kText;
  for (int i = 0; i < kMostTries; ++i) {
    uint8_t bytes[6];
    if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes) {
      r.result = -errno;
      return;
    }
    r.text = r.path;
    for (uint8_t byte : bytes) r.text += kLetters[byte % kLetters.size()];
    r.result = sys::MakeDirectory(grant::ToPath(r.text, grant::kWrite | grant::kNoFollow), 0700);
    if (r.result != -EEXIST) return;
  }
}

void RemoveDirectory(Request& r) {
  r.result = sys::RemoveDirectory(LinkOf(r, grant::kWrite | grant::kTree));
}

namespace {

// RemoveEntries empties the directory of a descriptor, which it closes. It goes by descriptors,
// so that nothing that is moved or linked in meanwhile leads it elsewhere.
int64_t RemoveEntries(int fd, const char** step) {
  Directory directory = DirectoryOf(fd);
  if (!directory) {
    *step = "scandir";
    return -errno;
  }
  int64_t result = 0;
  for (errno = 0; dirent* entry = readdir(directory.get()); errno = 0) {
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
  return result;
}

// Something else still makes files there, or holds them.
bool MayPass(int64_t error) {
  return error == -EBUSY || error == -EMFILE || error == -ENFILE || error == -ENOTEMPTY ||
         error == -EPERM;
}

void TryToRemoveTree(Request& r) {
  bool recursive = r.numbers[0] != 0;
  bool force = r.numbers[1] != 0;
  grant::PathGrant path = LinkOf(r, grant::kWrite | grant::kTree);
  struct statx status;
  if (int error = sys::GetStatus(path, &status)) {
    if (error != -ENOENT || !force) Fail(r, error, "lstat");
    return;
  }
  if (!S_ISDIR(status.stx_mode)) {
    int error = sys::Unlink(path);
    if (error != 0 && (error != -ENOENT || !force)) Fail(r, error, "unlink");
    return;
  }
  if (!recursive) return Fail(r, -EISDIR, "rm");
  int fd = sys::Open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  if (fd < 0) return Fail(r, fd, "scandir");
  const char* step = "";
  if (int64_t result = RemoveEntries(fd, &step); result < 0) return Fail(r, result, step);
  int error = sys::RemoveDirectory(path);
  if (error != 0 && error != -ENOENT) Fail(r, error, "rmdir");
}

}  // namespace

void RemoveTree(Request& r) {
  int64_t retries = r.numbers[0] != 0 ? r.numbers[2] : 0;
  for (int64_t i = 1;; ++i) {
    TryToRemoveTree(r);
    if (i > retries || !MayPass(r.result)) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(r.numbers[3] * i));
    Fail(r, 0, nullptr);
  }
}

}  // namespace sluice::js::fs
