// Internal. Directories that are read by readdir(3).
#pragma once

#include <dirent.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

namespace sluice {

struct CloseDirectory {
  void operator()(DIR* directory) const { closedir(directory); }
};
using Directory = std::unique_ptr<DIR, CloseDirectory>;

// DirectoryOf takes fd over, also on failure: null then, and errno is set.
inline Directory DirectoryOf(int fd) {
  Directory directory(fdopendir(fd));
  if (!directory) {
    int error = errno;
    if (fd >= 0) close(fd);
    errno = error;
  }
  return directory;
}

}  // namespace sluice
