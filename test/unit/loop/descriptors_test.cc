#include <sys/resource.h>

#include <system_error>

#include "support.h"

namespace sluice::test {
namespace {

// NoDescriptors leaves this process without a free descriptor while it lives.
class NoDescriptors {
 public:
  NoDescriptors() {
    getrlimit(RLIMIT_NOFILE, &before_);
    int lowest = ::dup(STDERR_FILENO);
    ::close(lowest);
    rlimit none = before_;
    none.rlim_cur = static_cast<rlim_t>(lowest);
    EXPECT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  }
  ~NoDescriptors() { setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_;
};

using LoopDescriptorsTest = LoopTest;

TEST_F(LoopDescriptorsTest, ALoopThatGetsNoneIsAnErrorToItsMaker) {
  Error error;
  {
    NoDescriptors none;
    EXPECT_FALSE(LoopDescriptors::Open(&error));
  }
  EXPECT_EQ(error.code(), "EMFILE");
  EXPECT_TRUE(LoopDescriptors::Open(&error));
}

TEST(LoopDescriptors, TheConstructorOfALoopThrowsWhatIsMissing) {
  NoDescriptors none;
  EXPECT_THROW(Loop(), std::system_error);
}

TEST_F(LoopDescriptorsTest, ThoseThatWereOpenedBeforeDoForALoopWhileThereAreNone) {
  EndLoop();
  Error error;
  LoopDescriptors opened = LoopDescriptors::Open(&error);
  NoDescriptors none;
  Loop loop(std::move(opened));
  bool ran = false;
  loop.mailbox()->Post([&] { ran = true; });
  loop.RunOnce(1000);
  EXPECT_TRUE(ran);
}

}  // namespace
}  // namespace sluice::test
