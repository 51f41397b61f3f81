// Internal. JsonWriter: JSON text, piece by piece.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

namespace sluice {

// IsUtf8 returns whether text is UTF-8 throughout.
bool IsUtf8(std::string_view text);

// JsonWriter puts commas and quotes where they belong; what is opened must be closed. Bytes of
// texts that are no UTF-8 become the characters of their values.
class JsonWriter {
 public:
  JsonWriter& Open(char bracket);   // '{' or '['
  JsonWriter& Close(char bracket);  // '}' or ']'
  JsonWriter& Key(std::string_view key);
  JsonWriter& Value(std::string_view text);
  JsonWriter& Value(const char* text) { return Value(std::string_view(text)); }
  JsonWriter& Value(double number);
  JsonWriter& Value(bool value);
  template <class T>
  requires(std::is_integral_v<T> && !std::is_same_v<T, bool>) JsonWriter& Value(T number) {
    Separate();
    text_ += std::to_string(number);
    return *this;
  }
  JsonWriter& Null();
  template <class T>
  JsonWriter& Member(std::string_view key, const T& value) {
    return Key(key).Value(value);
  }
  // Raw puts what is JSON already.
  JsonWriter& Raw(std::string_view json);

  const std::string& text() const { return text_; }
  std::string Take() { return std::move(text_); }

 private:
  void Separate();

  std::string text_;
  bool first_ = true;  // nothing is in what was opened last
  bool keyed_ = false;
};

}  // namespace sluice
