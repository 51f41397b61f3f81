#include "base/json_parser.h"

#include <cctype>

namespace sluice {
namespace {

class Parser {
 public:
  Parser(std::string_view text, int deepest) : rest_(text), deepest_(deepest) {}

  std::optional<JsonObject> Run() {
    JsonObject members;
    if (!Object(members, "", 0)) return std::nullopt;
    Space();
    if (!rest_.empty()) return std::nullopt;
    return members;
  }

 private:
  void Space() {
    while (!rest_.empty() &&
           (rest_[0] == ' ' || rest_[0] == '\t' || rest_[0] == '\r' || rest_[0] == '\n'))
      rest_.remove_prefix(1);
  }
  bool Take(char c) {
    Space();
    if (rest_.empty() || rest_[0] != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool Object(JsonObject& members, const std::string& before, int depth) {
    if (!Take('{')) return false;
    if (Take('}')) return true;
    do {
      std::string key;
      if (!Text(key) || !Take(':') || !Value(members, before + key, depth)) return false;
    } while (Take(','));
    return Take('}');
  }

  bool Array(JsonObject& members, const std::string& name, int depth) {
    if (!Take('[')) return false;
    if (Take(']')) {
      members[name + "[]"];
      return true;
    }
    size_t index = 0;
    do {
      if (!Value(members, name + "[" + std::to_string(index++) + "]", depth)) return false;
    } while (Take(','));
    return Take(']');
  }

  bool Value(JsonObject& members, const std::string& name, int depth) {
    Space();
    if (rest_.empty()) return false;
    if (rest_[0] == '{') return depth < deepest_ && Object(members, name + ".", depth + 1);
    if (rest_[0] == '[') return depth + 1 < deepest_ && Array(members, name, depth + 1);
    std::string value;
    if (rest_[0] == '"' ? !Text(value) : !Word(value)) return false;
    members[name] = std::move(value);
    return true;
  }

  bool Word(std::string& out) {
    size_t size = 0;
    auto plain = [](char c) {
      return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '+' || c == '.';
    };
    while (size < rest_.size() && plain(rest_[size])) ++size;
    out = rest_.substr(0, size);
    rest_.remove_prefix(size);
    bool number = size > 0 && (out[0] == '-' || (out[0] >= '0' && out[0] <= '9'));
    return number || out == "true" || out == "false" || out == "null";
  }

  bool Text(std::string& out) {
    if (!Take('"')) return false;
    while (!rest_.empty() && rest_[0] != '"') {
      char c = rest_[0];
      if (static_cast<unsigned char>(c) < 0x20) return false;
      rest_.remove_prefix(1);
      if (c != '\\')
        out += c;
      else if (!Escape(out))
        return false;
    }
    if (rest_.empty()) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool Escape(std::string& out) {
    if (rest_.empty()) return false;
    char c = rest_[0];
    rest_.remove_prefix(1);
    constexpr std::string_view kFrom = "\"\\/bfnrt", kTo = "\"\\/\b\f\n\r\t";
    if (size_t at = kFrom.find(c); at != kFrom.npos) {
      out += kTo[at];
      return true;
    }
    unsigned code = 0;
    if (c != 'u' || rest_.size() < 4) return false;
    for (int i = 0; i < 4; ++i) {
      auto digit = static_cast<unsigned char>(rest_[static_cast<size_t>(i)]);
      if (std::isxdigit(digit) == 0) return false;
      code =
          code * 16 + static_cast<unsigned>(digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
    }
    rest_.remove_prefix(4);
    if (code >= 0x80) return false;  // no name of ours needs one
    out += static_cast<char>(code);
    return true;
  }

  std::string_view rest_;
  const int deepest_;
};

}  // namespace

std::optional<JsonObject> ParseJson(std::string_view text, int deepest) {
  return Parser(text, deepest).Run();
}

}  // namespace sluice
