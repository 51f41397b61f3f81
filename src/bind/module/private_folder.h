// Internal. A folder that nobody else may change, for files whose contents the process trusts.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sluice::js {

// A Mapping is what a file holds, in memory that is the mapping's until its end.
class Mapping {
 public:
  explicit Mapping(std::string_view bytes) : bytes_(bytes) {}
  Mapping(Mapping&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}
  Mapping& operator=(Mapping&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~Mapping();
  // bytes begins at a page. Who changes the file in place changes it as well: Write does not.
  std::string_view bytes() const { return bytes_; }

 private:
  std::string_view bytes_;
};

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

  // Map returns a file's contents; nothing if there is none of the user's own, or it is empty or
  // larger than kMostBytes. A name has no slash.
  std::optional<Mapping> Map(const std::string& name) const;

  // Write makes or replaces a file in one step: nobody sees a part of it, or one that changes. A
  // folder of more than kMostFiles or kMostTotal is emptied before the first of kBetweenLooks. A
  // failure leaves no file, nor does one of more than kMostBytes.
  void Write(const std::string& name, std::string_view bytes) const;

  static constexpr size_t kMostFiles = 4096;
  static constexpr size_t kMostBytes = 64 << 20;
  static constexpr size_t kMostTotal = 512 << 20;
  static constexpr unsigned kBetweenLooks = 64;

 private:
  std::string path_;
};

}  // namespace sluice::js
