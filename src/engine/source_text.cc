#include "engine/source_text.h"

namespace sluice::js {
namespace {

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
  return String(bytes);
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
