// Directories: listing, making, removing.
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

#include "bind/fs/calls.h"

namespace sluice::js::fs {
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

}  // namespace sluice::js::fs
