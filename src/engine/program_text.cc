#include "engine/program_text.h"

#include <algorithm>
#include <utility>

namespace sluice::js {
namespace {

constexpr std::u16string_view kMark = u"/*$";
constexpr std::u16string_view kMarkEnd = u"*/";
constexpr std::u16string_view kNewEnd = u"/*$>*/";
constexpr char16_t kQuote = u'\'';

size_t NumberAt(std::u16string_view* text, int base, size_t digits) {
  size_t number = 0;
  while (digits-- > 0 && !text->empty()) {
    char16_t one = text->front();
    size_t digit = one >= u'0' && one <= u'9'   ? one - u'0'
                   : one >= u'a' && one <= u'f' ? one - u'a' + 10
                                                : base;
    if (digit >= static_cast<size_t>(base)) break;
    number = number * base + digit;
    text->remove_prefix(1);
  }
  return number;
}

// What may not stand in a comment is %XXXX there.
std::u16string Unescaped(std::u16string_view text) {
  std::u16string result;
  while (!text.empty()) {
    char16_t one = text.front();
    text.remove_prefix(1);
    result += one == u'%' ? static_cast<char16_t>(NumberAt(&text, 16, 4)) : one;
  }
  return result;
}

class Reader {
 public:
  explicit Reader(std::u16string_view text) : text_(text) {}

  std::u16string Read() {
    size_t mark, end;
    while ((mark = text_.find(kMark, at_)) != text_.npos &&
           (end = text_.find(kMarkEnd, mark + kMark.size())) != text_.npos) {
      result_.append(text_.substr(at_, mark - at_));
      at_ = end + kMarkEnd.size();
      std::u16string_view content = text_.substr(mark + kMark.size(), end - mark - kMark.size());
      char16_t kind = content.empty() ? u'\0' : content.front();
      if (kind == u'<')
        Replace(content.substr(1));
      else if (kind == u'=')
        ReplaceAround(content.substr(1));
      else if (kind != u'>')
        result_.append(text_.substr(mark, at_ - mark));
    }
    result_.append(text_.substr(at_));
    return std::move(result_);
  }

 private:
  void Replace(std::u16string_view before) {
    result_ += Unescaped(before);
    size_t end = text_.find(kNewEnd, at_);
    at_ =
        end != text_.npos ? end + kNewEnd.size() : std::min(text_.find(kQuote, at_), text_.size());
  }

  void ReplaceAround(std::u16string_view content) {
    size_t left = NumberAt(&content, 10, 4);
    content.remove_prefix(std::min<size_t>(content.size(), 1));
    size_t right = NumberAt(&content, 10, 4);
    content.remove_prefix(std::min<size_t>(content.size(), 1));
    size_t quote = result_.rfind(kQuote);
    size_t there = quote == result_.npos ? result_.size() : result_.size() - quote - 1;
    if (there < left) {
      // Without the parenthesis on the left there may be none on the right.
      size_t last = at_ + right - 1;
      if (right > 0 && last < text_.size() && (text_[last] == u')' || text_[last] == kQuote))
        right--;
    }
    result_.resize(result_.size() - std::min(left, there));
    result_ += content;
    at_ = std::min(at_ + right, text_.size());
  }

  std::u16string_view text_;
  size_t at_ = 0;
  std::u16string result_;
};

}  // namespace

bool HasChanges(std::u16string_view text) {
  return text.find(kMark) != text.npos;
}

std::u16string ProgramText(std::u16string_view text) {
  return Reader(text).Read();
}

}  // namespace sluice::js
