#include "grant/path.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace sluice::grant {
namespace {

bool Everything(const std::string&) {
  return true;
}

class Paths : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_NE(mkdtemp(dir_), nullptr);
    mkdir(At("in").c_str(), 0700);
    mkdir(At("out").c_str(), 0700);
    ASSERT_EQ(symlink("../out", At("in/link").c_str()), 0);
    ASSERT_EQ(symlink("loop", At("in/loop").c_str()), 0);
  }
  void TearDown() override {
    for (const char* name : {"in/link", "in/loop"}) unlink(At(name).c_str());
    for (const char* name : {"in", "out", ""}) rmdir(At(name).c_str());
  }
  std::string At(const std::string& name) const { return std::string(dir_) + "/" + name; }

  char dir_[32] = "/tmp/sluice-unit-XXXXXX";
};

TEST_F(Paths, ACleanPathHasNoDots) {
  EXPECT_EQ(CleanPath("/a//b/./c/../d/"), "/a/b/d");
  EXPECT_EQ(CleanPath("/../.."), "/");
}

TEST_F(Paths, BeneathEndsAtASlash) {
  EXPECT_TRUE(IsBeneath("/app/x", "/app"));
  EXPECT_TRUE(IsBeneath("/app", "/app"));
  EXPECT_FALSE(IsBeneath("/app-secret", "/app"));
  EXPECT_TRUE(IsBeneath("/app", "/"));
}

TEST_F(Paths, ARootDoesNotHoldWhatIsOfProcesses) {
  PathPattern root("/");
  EXPECT_TRUE(root.Covers("/etc/passwd"));
  for (const char* path :
       {"/proc/1/environ", "/proc/self/mem", "/proc/meminfo", "/sys/x", "/dev/mem", "/dev"})
    EXPECT_FALSE(root.Covers(path)) << path;
  EXPECT_TRUE(root.Covers("/dev/null"));
  EXPECT_TRUE(root.Contains("/proc/1/environ"));
  PathPattern proc("/proc");
  EXPECT_TRUE(proc.Covers("/proc/meminfo"));
  EXPECT_FALSE(proc.Covers("/proc/1/environ"));
  EXPECT_TRUE(PathPattern("/proc/1").Covers("/proc/1/environ"));
}

TEST_F(Paths, LinksAndDotsAreFollowedAsTheKernelDoes) {
  EXPECT_EQ(Resolve(At("in/link/../in/x"), true, Everything).path, At("in/x"));
  EXPECT_EQ(Resolve(At("in/link"), false, Everything).path, At("in/link"));
  EXPECT_EQ(Resolve(At("in/link/"), false, Everything).path, At("out"));
  EXPECT_EQ(Resolve(At("in/loop"), true, Everything).error, -ELOOP);
  EXPECT_EQ(Resolve(At("in/absent/../x"), true, Everything).error, -ENOENT);
}

TEST_F(Paths, NothingIsLookedAtThatMayNotBe) {
  std::string in = At("in");
  RealPath real = Resolve(At("in/link/x"), true, [&](const std::string& at) {
    return IsBeneath(at, in) || IsBeneath(in, at);
  });
  EXPECT_TRUE(real.denied);
  EXPECT_EQ(real.path, At("out/x"));
}

TEST_F(Paths, AParentIsOpenedOnlyWithoutLinks) {
  std::string name;
  int fd = OpenParent(At("in/x"), &name);
  EXPECT_GE(fd, 0);
  EXPECT_EQ(name, "x");
  close(fd);
  EXPECT_LT(OpenParent(At("in/link/x"), &name), 0);
}

TEST_F(Paths, WithoutOpenat2TheSameIsSo) {
  int fd = OpenStepwise(At("in"));
  EXPECT_GE(fd, 0);
  close(fd);
  EXPECT_LT(OpenStepwise(At("in/link")), 0);
  EXPECT_LT(OpenStepwise(At("in/link/x")), 0);
  EXPECT_EQ(OpenStepwise(At("absent")), -ENOENT);
}

}  // namespace
}  // namespace sluice::grant
