// What the kernel itself refuses a process in User Mode.
#include "grant/landlock.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

#include <fstream>

#include "support.h"

namespace sluice::test {
namespace {

using grant::Policy;
using grant::Scope;

// Each body runs in a process of its own, as nothing takes the rules back.
class LandlockTest : public testing::Test {
 protected:
  template <class Body>
  void Within(Policy& policy, const grant::OwnPlaces& own, Body body) {
    pid_t child = ::fork();
    if (child == 0) {
      if (!grant::Confine(policy, own)) ::_exit(kNone);
      body();
      ::_exit(HasFailure() ? 1 : 0);
    }
    int status = -1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    if (WIFEXITED(status) && WEXITSTATUS(status) == kNone)
      GTEST_SKIP() << "the kernel has no Landlock of version 2";
    EXPECT_EQ(status, 0) << "see the child's output above";
  }
  // The errno value of a call of its own socket, 0 for success.
  static int Bind(uint16_t port) {
    Descriptor fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    Address address = *Address::Ip("127.0.0.1", port);
    return ::bind(fd.get(), address.data(), address.size()) == 0 ? 0 : errno;
  }
  static int Connect(const Address& address) {
    Descriptor fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    return ::connect(fd.get(), address.data(), address.size()) == 0 ? 0 : errno;
  }
  static constexpr int kNone = 77;
  static constexpr uint16_t kOwn = 50'009;  // where the runtime listens
};

TEST_F(LandlockTest, FilesThatNoRuleHasAreRefused) {
  std::string folder = testing::TempDir() + "sluice-landlock-" + std::to_string(::getpid());
  std::filesystem::create_directories(folder + "/in");
  std::ofstream(folder + "/in/file") << "x";
  std::ofstream(folder + "/out") << "x";
  Policy policy;
  ASSERT_EQ(policy.Allow(Scope::kFsRead, folder + "/in"), "");
  Within(policy, {}, [&] {
    EXPECT_GE(::open((folder + "/in/file").c_str(), O_RDONLY | O_CLOEXEC), 0);
    EXPECT_EQ(::open((folder + "/out").c_str(), O_RDONLY | O_CLOEXEC), -1);
    EXPECT_EQ(errno, EACCES);
    EXPECT_EQ(::open((folder + "/in/file").c_str(), O_WRONLY | O_CLOEXEC), -1);
    EXPECT_TRUE(grant::Confined().files);
  });
  std::filesystem::remove_all(folder);
}

TEST_F(LandlockTest, TcpPortsThatNoRuleHasAreRefused) {
  Address open, closed;
  Descriptor first(ListenDescriptor(&open)), second(ListenDescriptor(&closed));
  Policy policy;
  ASSERT_EQ(policy.Allow(Scope::kListen, "127.0.0.1:0"), "");
  ASSERT_EQ(policy.Allow(Scope::kConnect, "127.0.0.1:" + std::to_string(open.port())), "");
  Within(policy, {{}, {{kOwn, kOwn}}}, [&] {
    if (!grant::Confined().connect) ::_exit(kNone);  // of version 4
    EXPECT_EQ(Bind(0), 0);
    EXPECT_EQ(Bind(closed.port()), EACCES);
    EXPECT_NE(Bind(kOwn), EACCES);
    EXPECT_EQ(Connect(open), 0);
    EXPECT_EQ(Connect(closed), EACCES);
  });
}

TEST_F(LandlockTest, APolicyOfEveryPortLeavesTcpAlone) {
  Policy policy;
  ASSERT_EQ(policy.Allow(Scope::kListen, "127.0.0.1"), "");
  ASSERT_EQ(policy.Allow(Scope::kConnect, std::nullopt), "");
  Address open;
  Descriptor listener(ListenDescriptor(&open));
  Within(policy, {}, [&] {
    EXPECT_FALSE(grant::Confined().listen);
    EXPECT_FALSE(grant::Confined().connect);
    EXPECT_EQ(Bind(0), 0);
    EXPECT_EQ(Connect(open), 0);
  });
}

TEST_F(LandlockTest, SignalsStayInTheProcess) {
  Policy policy;
  pid_t parent = ::getpid();
  Within(policy, {}, [&] {
    if (!grant::Confined().signal) ::_exit(kNone);  // of version 6
    EXPECT_EQ(::kill(parent, 0), -1);
    EXPECT_EQ(errno, EPERM);
    EXPECT_EQ(::kill(::getpid(), 0), 0);
  });
}

TEST_F(LandlockTest, APolicyThatRunsProgramsIsNotConfined) {
  Policy policy;
  ASSERT_EQ(policy.Allow(Scope::kRun, std::nullopt), "");
  EXPECT_FALSE(grant::Confine(policy, {}));
}

}  // namespace
}  // namespace sluice::test
