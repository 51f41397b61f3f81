#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <fstream>

#include "support.h"

namespace sluice::test {
namespace {

// A watcher on an eventfd of its own.
class Flag final : public RefCounted, private Watcher {
 public:
  explicit Flag(Loop& loop, int fd = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC))
      : Watcher(loop, *this), fd_(fd) {}
  ~Flag() override {
    Close();
    ++deaths;
  }
  void Signal() const { EXPECT_EQ(::eventfd_write(fd_, 1), 0); }
  void Want(uint32_t interest) { Watch(fd_, interest); }
  void Close() {
    if (fd_ < 0) return;
    Unwatch(closing);
    ::close(fd_);
    fd_ = -1;
  }
  int fd() const { return fd_; }
  using Watcher::kErrors, Watcher::kRead, Watcher::kWrite, Watcher::Unwatch;

  bool closing = false;
  int calls = 0;
  int failure = 0;
  uint32_t last = 0;
  std::function<void()> on_ready, on_end;
  static inline int deaths = 0;

 private:
  void OnReady(uint32_t events) override {
    ++calls;
    last = events;
    if (on_ready) on_ready();
  }
  void OnWatchFailed(int error) override {
    failure = error;
    Close();
  }
  void OnLoopEnd() override {
    Close();
    if (on_end) on_end();
  }
  int fd_;
};

// How many descriptors the loop's epoll holds: lines "tfd:" in its fdinfo.
int Registered() {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code error;
    if (std::filesystem::read_symlink(entry.path(), error) != "anon_inode:[eventpoll]") continue;
    std::ifstream info("/proc/self/fdinfo/" + entry.path().filename().string());
    for (std::string line; std::getline(info, line);) count += line.starts_with("tfd:") ? 1 : 0;
  }
  return count;
}

using WatcherTest = LoopTest;

TEST_F(WatcherTest, IsToldWhatItWants) {
  Ref<Flag> flag(new Flag(loop()));
  flag->Want(Flag::kWrite);
  EXPECT_TRUE(loop().RunOnce(0));
  EXPECT_EQ(flag->last, Flag::kWrite);
  flag->Want(Flag::kRead);
  EXPECT_FALSE(loop().RunOnce(0));
  flag->Signal();
  EXPECT_TRUE(loop().RunOnce(0));
  EXPECT_EQ(flag->last, Flag::kRead);
}

TEST_F(WatcherTest, WithoutInterestIsOutOfEpoll) {
  Ref<Flag> flag(new Flag(loop()));
  int before = Registered();
  flag->Want(Flag::kErrors);
  loop().RunOnce(0);
  EXPECT_EQ(Registered(), before + 1);
  flag->Want(0);
  loop().RunOnce(0);
  EXPECT_EQ(Registered(), before);
}

TEST_F(WatcherTest, InterestThatIsUndoneReachesTheKernelNever) {
  Ref<Flag> flag(new Flag(loop()));
  int before = Registered();
  flag->Want(Flag::kRead);
  flag->Want(0);
  loop().RunOnce(0);
  EXPECT_EQ(Registered(), before);
}

TEST_F(WatcherTest, DestroyedWhileItsEventWaitsInTheBatchIsNotCalled) {
  Ref<Flag> one(new Flag(loop())), two(new Flag(loop()));
  Flag::deaths = 0;
  one->on_ready = [&] { two = nullptr; };
  two->on_ready = [&] { one = nullptr; };
  one->Want(Flag::kWrite);
  two->Want(Flag::kWrite);
  loop().RunOnce(0);
  EXPECT_EQ(Flag::deaths, 1);
  EXPECT_NE(static_cast<bool>(one), static_cast<bool>(two));
}

TEST_F(WatcherTest, EventOfAClosedOneDoesNotReachANewOneInItsPlace) {
  Ref<Flag> one(new Flag(loop())), two(new Flag(loop())), fresh;
  auto replace = [&](Ref<Flag>& other) {
    other->Close();
    fresh = Ref<Flag>(new Flag(loop()));
    fresh->Want(Flag::kRead);  // never ready
  };
  one->on_ready = [&] { replace(two); };
  two->on_ready = [&] { replace(one); };
  one->Want(Flag::kWrite);
  two->Want(Flag::kWrite);
  loop().RunOnce(0);
  loop().RunOnce(0);
  EXPECT_EQ(fresh->calls, 0);
}

TEST_F(WatcherTest, MayLetGoOfItselfInItsCall) {
  Flag::deaths = 0;
  Ref<Flag> flag(new Flag(loop()));
  flag->on_ready = [&] {
    flag = nullptr;
    EXPECT_EQ(Flag::deaths, 0);
  };
  flag->Want(Flag::kWrite);
  loop().RunOnce(0);
  EXPECT_EQ(Flag::deaths, 1);
}

TEST_F(WatcherTest, IsCalledInANestedTurnAndMayBeCalledAgainByTheOuter) {
  Ref<Flag> one(new Flag(loop())), two(new Flag(loop()));
  int depth = 0;
  auto nest = [&] {
    if (++depth == 1) loop().RunOnce(0);
  };
  one->on_ready = two->on_ready = nest;
  one->Want(Flag::kWrite);
  two->Want(Flag::kWrite);
  loop().RunOnce(0);
  EXPECT_GE(one->calls, 1);
  EXPECT_GE(two->calls, 1);
}

TEST_F(WatcherTest, PlainFileIsReadyInEveryTurnInWhichItIsWanted) {
  char name[] = "/tmp/sluice-unit-XXXXXX";
  int fd = ::mkostemp(name, O_CLOEXEC);
  ::unlink(name);
  Ref<Flag> flag(new Flag(loop(), fd));
  flag->Want(Flag::kRead);
  for (int i = 0; i < 5; ++i) loop().RunOnce(0);
  EXPECT_EQ(flag->calls, 5);
  EXPECT_EQ(flag->last, Flag::kRead);
  flag->Want(Flag::kErrors);
  loop().RunOnce(0);
  EXPECT_EQ(BusyTurns(5), 0);
}

TEST_F(WatcherTest, IsToldThatItsDescriptorCannotBeWatched) {
  int fd = ::eventfd(0, EFD_CLOEXEC);
  Ref<Flag> flag(new Flag(loop(), fd));
  flag->Want(Flag::kRead);
  ::close(fd);
  loop().RunOnce(0);
  EXPECT_EQ(flag->failure, EBADF);
}

TEST_F(WatcherTest, DuplicateOfAClosedDescriptorDoesNotMakeTheLoopSpin) {
  Ref<Flag> flag(new Flag(loop())), other(new Flag(loop()));
  Descriptor duplicate(::fcntl(flag->fd(), F_DUPFD_CLOEXEC, 3));
  flag->Want(Flag::kRead);
  other->Want(Flag::kRead);
  flag->Signal();
  EXPECT_TRUE(loop().RunOnce(0));
  flag->closing = true;
  flag->Close();
  for (int i = 0; i < 100; ++i) loop().RunOnce(0);
  bool fired = false;
  Timer timer(loop(), [&] { fired = true; });
  timer.SetAfter(50);
  int turns = 0;
  for (; !fired && turns < 1000; ++turns) loop().RunOnce(-1);
  EXPECT_TRUE(fired);
  EXPECT_LE(turns, 5);
  other->Signal();
  EXPECT_TRUE(Until([&] { return other->calls > 0; }));
}

TEST_F(WatcherTest, LoopsEndClosesWhatLivesAndLeavesWhatIsHeld) {
  Ref<Flag> held(new Flag(loop()));
  held->Want(Flag::kRead);
  loop().RunOnce(0);
  EndLoop();
  EXPECT_EQ(held->fd(), -1);
}

TEST_F(WatcherTest, OneMayHoldTheOthersAtTheLoopsEnd) {
  std::vector<Ref<Flag>> flags;
  for (int i = 0; i < 4; ++i) flags.emplace_back(new Flag(loop()));
  for (auto& flag : flags) {
    flag->Want(Flag::kRead);
    flag->on_end = [&] { flags.clear(); };
  }
  loop().RunOnce(0);
  EndLoop();
  EXPECT_TRUE(flags.empty());
}

TEST_F(WatcherTest, ManyThatAreClosedBeforeTheirFirstTurnCostLittle) {
  std::vector<Ref<Flag>> flags;
  for (int i = 0; i < 500; ++i) flags.emplace_back(new Flag(loop()));
  for (auto& flag : flags) flag->Want(Flag::kWrite);
  flags.clear();
  EXPECT_FALSE(loop().RunOnce(0));
}

}  // namespace
}  // namespace sluice::test
