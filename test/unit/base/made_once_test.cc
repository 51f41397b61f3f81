#include "base/made_once.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(MadeOnce, WhatCouldNotBeMadeIsTriedAgainAndWhatWasIsKept) {
  static MadeOnce<int> value;  // for as long as the process lives
  int asked = 0;
  auto make = [&] { return ++asked < 2 ? nullptr : std::make_unique<int>(asked); };
  EXPECT_EQ(value.Get(make), nullptr);
  const int* made = value.Get(make);
  ASSERT_NE(made, nullptr);
  EXPECT_EQ(*made, 2);
  EXPECT_EQ(value.Get(make), made);
  EXPECT_EQ(asked, 2);
}

}  // namespace
}  // namespace sluice
