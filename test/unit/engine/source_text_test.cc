#include "engine/source_text.h"

#include <gtest/gtest.h>

namespace sluice::js {
namespace {

std::u16string Decode(std::string_view bytes) {
  String text = DecodeSource(bytes);
  const JSChar* characters = JSStringGetCharactersPtr(text.get());
  return {characters, characters + JSStringGetLength(text.get())};
}

int Line(const char* source) {
  return UnbalancedLine(String(source).get());
}

TEST(DecodeSource, KeepsNulBytesAndDropsAByteOrderMark) {
  EXPECT_EQ(Decode(std::string_view("a\0b", 3)), std::u16string(u"a\0b", 3));
  EXPECT_EQ(Decode("\xEF\xBB\xBFx"), u"x");
  EXPECT_EQ(Decode(""), u"");
}

TEST(DecodeSource, DecodesEveryLength) {
  EXPECT_EQ(Decode("z\xC3\xBC\xE2\x82\xAC\xF0\x9F\x98\x80"), u"z\u00fc\u20ac\U0001f600");
}

TEST(DecodeSource, ReplacesWhatIsNotUtf8) {
  EXPECT_EQ(Decode("\xFF"), u"\ufffd");
  EXPECT_EQ(Decode("\xC0\x80"), u"\ufffd\ufffd");            // overlong
  EXPECT_EQ(Decode("\xED\xA0\x80"), u"\ufffd\ufffd\ufffd");  // a surrogate
  EXPECT_EQ(Decode("\xF4\x90\x80\x80"), u"\ufffd\ufffd\ufffd\ufffd");
  EXPECT_EQ(Decode("\xE2\x82"), u"\ufffd");  // cut off
  EXPECT_EQ(Decode("\xF0\x9F\x98x"), u"\ufffdx");
}

TEST(UnbalancedLine, FindsABraceThatClosesTooMuch) {
  EXPECT_EQ(Line("a;\n}); f(); (function () {"), 2);
  EXPECT_EQ(Line("'{';\n}, f(), function () { '}'"), 2);
  EXPECT_EQ(Line("/* { */ }, function () { // }"), 1);
}

TEST(UnbalancedLine, LetsBalancedTextPass) {
  EXPECT_EQ(Line("function f() { return { a: '\\'', b: `x` }; }\n// it's {}\n"), 0);
  EXPECT_EQ(Line(""), 0);
}

}  // namespace
}  // namespace sluice::js
