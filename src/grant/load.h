// Internal. Where a program's modules may be loaded from.
#pragma once

#include <string>
#include <vector>

namespace sluice::grant {

// LoadableOf returns, for a program's file, the directory that it is in, and what a search for
// packages looks at above: node_modules and package.json.
std::vector<std::string> LoadableOf(const std::string& file);
// LoadableIn returns that for a directory.
std::vector<std::string> LoadableIn(const std::string& directory);

}  // namespace sluice::grant
