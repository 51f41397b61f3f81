#include "engine/view.h"

#include <gtest/gtest.h>

#include "engine/self_check.h"
#include "engine/value.h"

namespace sluice::js {
namespace {

class View : public testing::Test {
 protected:
  View() : context_(JSGlobalContextCreate(nullptr)) {}

  void SetUp() override { SelfCheck(context_); }
  ~View() override { JSGlobalContextRelease(context_); }

  JSValueRef Evaluate(const char* code) {
    JSValueRef value = JSEvaluateScript(context_, String(code).get(), nullptr, nullptr, 1, nullptr);
    EXPECT_NE(value, nullptr) << code;
    return value;
  }

  JSGlobalContextRef context_;
};

TEST_F(View, HasTheBytesThatTheEngineHas) {
  for (const char* code :
       {"Uint8Array.of(1, 2, 3)", "Uint8Array.of(0, 1, 2, 3, 4).subarray(1, 4)",
        "new Uint8Array(Uint8Array.of(9, 1, 2, 3).buffer, 1)",
        "new (class extends Uint8Array {})([1, 2, 3])",
        "{ const a = Uint8Array.of(1, 2, 3); a.buffer; a.name = 'a'; a }",
        "Object.setPrototypeOf(Uint8Array.of(1, 2, 3), null)",
        "Object.defineProperty(Uint8Array.of(1, 2, 3), 'length', { value: 1000 })"}) {
    auto view = ViewOf(Evaluate(code));
    ASSERT_TRUE(view) << code;
    EXPECT_EQ(std::vector<uint8_t>(view->begin(), view->end()), (std::vector<uint8_t>{1, 2, 3}))
        << code;
  }
}

TEST_F(View, OfALongArrayHasAllOfIt) {
  auto view = ViewOf(Evaluate("new Uint8Array(1000000).fill(5)"));
  ASSERT_TRUE(view);
  EXPECT_EQ(view->size(), 1000000u);
  EXPECT_EQ(view->back(), 5);
}

TEST_F(View, OfADetachedArrayIsEmpty) {
  auto view = ViewOf(Evaluate("{ const a = new Uint8Array(8); a.buffer.transfer(); a }"));
  ASSERT_TRUE(view);
  EXPECT_TRUE(view->empty());
}

TEST_F(View, IsNothingForAnythingElse) {
  for (const char* code :
       {"new Uint8Array(new ArrayBuffer(8, { maxByteLength: 16 }))", "new Uint16Array(8)",
        "new DataView(new ArrayBuffer(8))", "new ArrayBuffer(8)", "({})",
        "new Proxy(new Uint8Array(8), {})", "Object.create(Uint8Array.prototype)", "'text'", "5",
        "5.5", "null", "undefined", "true", "10n", "Symbol()", "(() => {})"}) {
    EXPECT_FALSE(ViewOf(Evaluate(code))) << code;
  }
}

class Replaced : public View {
 protected:
  void SetUp() override {}  // a program was first
};

TEST_F(Replaced, WhatAProgramPutsInPlaceOfUint8ArrayIsNotTakenForOne) {
  auto* real = Evaluate("{ const a = new Uint8Array(8).fill(5); a }");
  Evaluate("globalThis.Uint8Array = class { fill() { return this; } }; 0");
  SelfCheck(context_);
  EXPECT_FALSE(ViewOf(Evaluate("new Uint8Array(8)")));
  EXPECT_FALSE(ViewOf(real)) << "nothing is known of it then";
}

}  // namespace
}  // namespace sluice::js
