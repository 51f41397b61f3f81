#include "grant/load.h"

#include <sys/stat.h>

#include "grant/path.h"

namespace sluice::grant {

std::vector<std::string> LoadableIn(const std::string& directory) {
  std::vector<std::string> list;
  std::string real = RealPathOf(CleanPath(directory));
  // All of a machine is no program's directory.
  if (real != "/") list.push_back(real);
  for (std::string at = real; at.size() > 1;) {
    at.resize(at.rfind('/'));
    list.push_back(at + "/node_modules");
    list.push_back(at + "/package.json");
  }
  return list;
}

std::vector<std::string> LoadableOf(const std::string& file) {
  std::string clean = RealPathOf(CleanPath(file));
  struct stat status {};
  if (stat(clean.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) return LoadableIn(clean);
  size_t slash = clean.rfind('/');
  return LoadableIn(slash == 0 ? "/" : clean.substr(0, slash));
}

}  // namespace sluice::grant
