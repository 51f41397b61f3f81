// Internal. A folder that nobody else may change, for files whose contents the process trusts.
#pragma once

#include <optional>
#include <string>

namespace sluice::js {

// Every function goes to the folder from the root, by descriptors: each directory on the way must
// belong to root or the user and be writable for nobody else, unless it is sticky, where others can
// replace only what is theirs. The folder and its files must belong to the user. Any thread.
class PrivateFolder {
 public:
  // Open makes what is missing of a path and returns the folder, without symbolic links in its
  // path; nothing if others may change it or the system refuses it.
  static std::optional<PrivateFolder> Open(const std::string& path);

  // path must be one that Open gave.
  explicit PrivateFolder(std::string path) : path_(std::move(path)) {}
  const std::string& path() const { return path_; }

  // Read returns a file's contents; nothing if there is none of the user's own. A name has no
  // slash.
  std::optional<std::string> Read(const std::string& name) const;

  // Write makes or replaces a file in one step: nobody reads a part of it. A folder of kMostFiles
  // is emptied first. A failure leaves no file.
  void Write(const std::string& name, const std::string& text) const;

  static constexpr size_t kMostFiles = 4096;

 private:
  std::string path_;
};

}  // namespace sluice::js
