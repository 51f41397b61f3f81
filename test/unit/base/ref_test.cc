#include "sluice/ref.h"

#include <gtest/gtest.h>

using sluice::Ref;
using sluice::RefCounted;

namespace {

class Base : public RefCounted {};
class Counted final : public Base {
 public:
  explicit Counted(int* deaths) : deaths_(deaths) {}
  ~Counted() override { ++*deaths_; }

 private:
  int* deaths_;
};

}  // namespace

TEST(Ref, LastOneDestroysTheObject) {
  int deaths = 0;
  Ref<Counted> one(new Counted(&deaths));
  Ref<Counted> two = one;
  one = nullptr;
  EXPECT_EQ(deaths, 0);
  two = nullptr;
  EXPECT_EQ(deaths, 1);
}

TEST(Ref, AssignmentToItselfKeepsTheObject) {
  int deaths = 0;
  Ref<Counted> one(new Counted(&deaths));
  Ref<Counted>& same = one;
  one = same;
  EXPECT_EQ(deaths, 0);
  EXPECT_TRUE(one);
}

TEST(Ref, OfADerivedClassServesAsOneOfItsBase) {
  int deaths = 0;
  Ref<Base> base;
  {
    Ref<Counted> counted(new Counted(&deaths));
    base = counted;
  }
  EXPECT_EQ(deaths, 0);
  base = nullptr;
  EXPECT_EQ(deaths, 1);
}

TEST(Ref, MovedFromIsEmpty) {
  int deaths = 0;
  Ref<Counted> one(new Counted(&deaths));
  Ref<Counted> two = std::move(one);
  EXPECT_FALSE(one);  // NOLINT(bugprone-use-after-move): that it is empty is the behaviour
  EXPECT_TRUE(two);
}
