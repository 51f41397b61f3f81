#include "base/json.h"

#include <cmath>
#include <cstdio>

namespace sluice {
namespace {

// How many bytes of text the UTF-8 character at its begin has; 0 if it is none.
size_t CharacterSize(std::string_view text) {
  auto byte = static_cast<unsigned char>(text[0]);
  size_t size = byte < 0x80                   ? 1
                : byte >= 0xC2 && byte < 0xE0 ? 2
                : byte >= 0xE0 && byte < 0xF0 ? 3
                : byte >= 0xF0 && byte < 0xF5 ? 4
                                              : 0;
  if (size == 0 || size > text.size()) return 0;
  for (size_t i = 1; i < size; ++i)
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) return 0;
  auto second = size > 1 ? static_cast<unsigned char>(text[1]) : 0;
  bool overlong = (byte == 0xE0 && second < 0xA0) || (byte == 0xF0 && second < 0x90);
  bool surrogate = byte == 0xED && second >= 0xA0;
  bool beyond = byte == 0xF4 && second >= 0x90;
  return overlong || surrogate || beyond ? 0 : size;
}

}  // namespace

bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    size_t size = CharacterSize(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

void JsonWriter::Separate() {
  if (!first_ && !keyed_) text_ += ',';
  first_ = keyed_ = false;
}

JsonWriter& JsonWriter::Open(char bracket) {
  Separate();
  text_ += bracket;
  first_ = true;
  return *this;
}

JsonWriter& JsonWriter::Close(char bracket) {
  text_ += bracket;
  first_ = false;
  return *this;
}

JsonWriter& JsonWriter::Key(std::string_view key) {
  Value(key);
  text_ += ':';
  keyed_ = true;
  return *this;
}

JsonWriter& JsonWriter::Value(std::string_view text) {
  Separate();
  text_ += '"';
  while (!text.empty()) {
    size_t size = CharacterSize(text);
    auto byte = static_cast<unsigned char>(text[0]);
    if (size == 0 || byte < 0x20 || byte == 0x7F) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", byte);
      text_ += escape;
      size = 1;
    } else {
      if (byte == '"' || byte == '\\') text_ += '\\';
      text_ += text.substr(0, size);
    }
    text.remove_prefix(size);
  }
  text_ += '"';
  return *this;
}

JsonWriter& JsonWriter::Value(double number) {
  if (!std::isfinite(number)) return Null();
  Separate();
  char digits[32];
  std::snprintf(digits, sizeof digits, "%.10g", number);
  text_ += digits;
  return *this;
}

JsonWriter& JsonWriter::Value(bool value) {
  return Raw(value ? "true" : "false");
}

JsonWriter& JsonWriter::Null() {
  return Raw("null");
}

JsonWriter& JsonWriter::Raw(std::string_view json) {
  Separate();
  text_ += json;
  return *this;
}

}  // namespace sluice
