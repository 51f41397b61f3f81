#include "cli/init.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "cli/texts.h"

namespace sluice::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFolder = "service/";

bool IsName(std::string_view name) {
  constexpr std::string_view kFirst = "abcdefghijklmnopqrstuvwxyz0123456789";
  constexpr std::string_view kAll = "abcdefghijklmnopqrstuvwxyz0123456789-_.";
  return !name.empty() && name.size() <= 100 && kFirst.find(name[0]) != kFirst.npos &&
         name.find_first_not_of(kAll) == name.npos;
}

void Replace(std::string& text, std::string_view what, const std::string& by) {
  for (size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size())
    text.replace(at, what.size(), by);
}

// A word of a unit's command line (systemd.service(5), COMMAND LINES).
std::string UnitWord(const std::string& text) {
  std::string word;
  for (char c : text) {
    if (c == '"' || c == '\\') word += '\\';
    if (c == '%') word += '%';
    word += c;
  }
  return text.find_first_of(" \t\"'\\") == text.npos ? word : '"' + word + '"';
}

}  // namespace

std::string InitService(const std::string& folder, const std::string& binary) {
  std::error_code failure;
  fs::path root = fs::absolute(folder, failure).lexically_normal();
  if (!root.has_filename()) root = root.parent_path();
  std::string name = root.filename();
  if (!IsName(name))
    return "'" + name +
           "' is no name for a service: it has lower-case letters, digits, '-', '_' "
           "and '.', and begins with a letter or digit";
  if (fs::exists(root, failure) && !fs::is_empty(root, failure))
    return "'" + folder + "' exists already and is not an empty folder";

  for (const Text& one : Texts()) {
    if (!one.name.starts_with(kFolder)) continue;
    std::string file(one.name.substr(kFolder.size()));
    std::string text(one.text);
    for (std::string* part : {&file, &text}) {
      Replace(*part, "@NAME@", name);
      Replace(*part, "@SLUICE@", UnitWord(binary));
    }
    fs::path path = root / file;
    fs::create_directories(path.parent_path(), failure);
    if (failure) return "cannot make " + path.parent_path().string() + ": " + failure.message();
    errno = 0;
    std::ofstream out(path, std::ios::binary);
    out << text;
    out.close();
    if (!out) return "cannot write " + path.string() + ": " + std::strerror(errno);
  }
  return "";
}

}  // namespace sluice::cli
