#include "engine/program_text.h"

#include <gtest/gtest.h>

namespace sluice::js {
namespace {

TEST(ProgramText, WhatWasAddedGoes) {
  EXPECT_EQ(ProgramText(u"await /*$<*/f(/*$>*/a/*$<*/,1)/*$>*/;"), u"await a;");
}

TEST(ProgramText, WhatWasReplacedComesBack) {
  EXPECT_EQ(ProgramText(u"/*$<import . meta*/$$meta/*$>*/.url"), u"import . meta.url");
  EXPECT_EQ(ProgramText(u"/*$<a%002a/%000ab%0025*/x/*$>*/"), u"a*/\nb%");
}

TEST(ProgramText, NamesOfImportsComeBack) {
  EXPECT_EQ(ProgramText(u"x;;(0,$$0/*$=7,5,foo*/.bar)(1)"), u"x;foo(1)");
  EXPECT_EQ(ProgramText(u"{a:$$0/*$=5,2,a*/.b}"), u"{a}");
}

TEST(ProgramText, APartThatBeginsOrEndsInAChangeIsRead) {
  EXPECT_EQ(ProgramText(u"(In '$$0/*$=6,5,foo*/.bar', 'b')"), u"(In 'foo', 'b')");
  EXPECT_EQ(ProgramText(u"(evaluating 'await /*$<*/f(' )"), u"(evaluating 'await ' )");
  EXPECT_EQ(ProgramText(u"(evaluating 'x)/*$>*/.y')"), u"(evaluating 'x).y')");
  EXPECT_EQ(ProgramText(u"async () => /*$<*/f(/*$>*/a/*$<*/)"), u"async () => a");
}

TEST(ProgramText, OtherTextStays) {
  for (const char16_t* text : {u"", u"a /* b */ '/*$ '", u"/*$", u"/*$*/", u"/*$=*/", u"/*$=9,9,*/",
                               u"/*$<%*/", u"/*$other*/ x"})
    EXPECT_LE(ProgramText(text).size(), std::u16string_view(text).size());
  EXPECT_EQ(ProgramText(u"/*$other*/ x"), u"/*$other*/ x");
  EXPECT_FALSE(HasChanges(u"a /* b */"));
}

}  // namespace
}  // namespace sluice::js
