#include "engine/source_text.h"

#include <cstring>

namespace sluice::js {
namespace {

constexpr char16_t kReplacement = 0xFFFD;

struct Decoded {
  uint32_t character;
  size_t bytes;  // how many it took
};

// How many bytes follow a leading byte, -1 if it is none; low and high bound the first of them
// (Unicode 15, table 3-7).
int Followers(uint8_t lead, uint8_t& low, uint8_t& high) {
  low = 0x80;
  high = 0xBF;
  if (lead >= 0xC2 && lead <= 0xDF) return 1;
  if (lead >= 0xE0 && lead <= 0xEF) {
    if (lead == 0xE0) low = 0xA0;
    if (lead == 0xED) high = 0x9F;
    return 2;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
    return 3;
  }
  return -1;
}

Decoded DecodeOne(const uint8_t* text, size_t length) {
  uint8_t low = 0;
  uint8_t high = 0;
  int followers = Followers(text[0], low, high);
  if (followers < 0) return {kReplacement, 1};
  uint32_t character = text[0] & (0x3Fu >> followers);
  for (size_t i = 1; i <= static_cast<size_t>(followers); ++i) {
    if (i >= length || text[i] < low || text[i] > high) return {kReplacement, i};
    character = (character << 6) | (text[i] & 0x3Fu);
    low = 0x80;
    high = 0xBF;
  }
  return {character, static_cast<size_t>(followers) + 1};
}

bool IsPlain(std::string_view bytes) {
  unsigned char high = 0;
  for (char byte : bytes) high |= static_cast<unsigned char>(byte);
  return high < 0x80 && std::memchr(bytes.data(), 0, bytes.size()) == nullptr;
}

// Braces counts the braces of a source twice: all of them, and those outside of strings, templates
// and comments.
class Braces {
 public:
  // Returns whether either count fell below zero.
  bool Take(JSChar c, JSChar next) {
    if (skip_) {
      skip_ = false;
      return false;
    }
    bool code = quote_ == 0;
    if (code)
      Open(c, next);
    else
      Inside(c, next);
    if (c == '{') {
      ++all_;
      if (code) ++outside_;
    } else if (c == '}') {
      --all_;
      if (code) --outside_;
    }
    return all_ < 0 || outside_ < 0;
  }

 private:
  static constexpr JSChar kLineComment = '/';
  static constexpr JSChar kBlockComment = '*';

  void Open(JSChar c, JSChar next) {
    if (c == '\'' || c == '"' || c == '`') quote_ = c;
    if (c == '/' && next == '/') quote_ = kLineComment;
    if (c == '/' && next == '*') {
      quote_ = kBlockComment;
      skip_ = true;
    }
  }

  void Inside(JSChar c, JSChar next) {
    switch (quote_) {
      case kLineComment:
        if (c == '\n') quote_ = 0;
        break;
      case kBlockComment:
        if (c == '*' && next == '/') {
          quote_ = 0;
          skip_ = true;
        }
        break;
      default:
        if (c == '\\' && next != '{' && next != '}')
          skip_ = true;
        else if (c == quote_ || (c == '\n' && quote_ != '`'))
          quote_ = 0;
    }
  }

  int64_t all_ = 0;
  int64_t outside_ = 0;
  JSChar quote_ = 0;  // what the text is inside of, 0 for code
  bool skip_ = false;
};

}  // namespace

String DecodeSource(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  if (bytes.empty()) return String("");
  if (IsPlain(bytes)) return String(std::string(bytes));
  std::u16string text;
  text.reserve(bytes.size());
  const auto* at = reinterpret_cast<const uint8_t*>(bytes.data());
  for (size_t i = 0; i < bytes.size();) {
    if (at[i] < 0x80) {
      text += static_cast<char16_t>(at[i++]);
      continue;
    }
    Decoded one = DecodeOne(at + i, bytes.size() - i);
    i += one.bytes;
    if (one.character < 0x10000) {
      text += static_cast<char16_t>(one.character);
    } else {
      text += static_cast<char16_t>(0xD7C0 + (one.character >> 10));
      text += static_cast<char16_t>(0xDC00 + (one.character & 0x3FF));
    }
  }
  return String(
      JSStringCreateWithCharacters(reinterpret_cast<const JSChar*>(text.data()), text.size()));
}

int UnbalancedLine(JSStringRef source) {
  const JSChar* text = JSStringGetCharactersPtr(source);
  size_t length = JSStringGetLength(source);
  Braces braces;
  int line = 1;
  for (size_t i = 0; i < length; ++i) {
    if (text[i] == '\n') ++line;
    if (braces.Take(text[i], i + 1 < length ? text[i + 1] : JSChar(0))) return line;
  }
  return 0;
}

JSObjectRef MakeSourceStrings(JSContextRef context, const std::vector<std::string>& list) {
  JSObjectRef array = JSObjectMakeArray(context, 0, nullptr, nullptr);
  unsigned index = 0;
  for (const std::string& text : list)
    JSObjectSetPropertyAtIndex(context, array, index++,
                               JSValueMakeString(context, DecodeSource(text).get()), nullptr);
  return array;
}

}  // namespace sluice::js
