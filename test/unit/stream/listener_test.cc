#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "support.h"

namespace sluice::test {
namespace {

using testing::ElementsAre;

// Keeps what it accepts.
class Accepting : public ListenHandler {
 public:
  void OnAccept(Listener& listener, int fd, const Address& peer) override {
    accepted.emplace_back(fd);
    peers.push_back(peer);
    if (on_accept) on_accept(listener);
  }
  void OnStarved(Listener& listener, const Error& error) override {
    starved.push_back(error.code());
    if (on_starved) on_starved(listener);
  }
  std::vector<Descriptor> accepted;
  std::vector<Address> peers;
  std::vector<std::string> starved;
  std::function<void(Listener&)> on_accept, on_starved;
};

class ListenerTest : public LoopTest {
 protected:
  ~ListenerTest() override {
    if (listener) listener->Close();
  }
  void Listen(const char* host = "127.0.0.1") {
    Error error;
    listener = Listener::Listen(loop(), *Address::Ip(host, 0), {}, &handler, &error);
    ASSERT_TRUE(listener) << error.message();
  }
  void Clients(int count) {
    for (int i = 0; i < count; ++i)
      clients.emplace_back(ConnectDescriptor(listener->LocalAddress()));
  }

  Accepting handler;
  Ref<Listener> listener;
  std::vector<Descriptor> clients;
};

TEST_F(ListenerTest, AcceptsAfterStartAndTellsThePeersAddress) {
  Listen();
  Clients(1);
  EXPECT_EQ(BusyTurns(5), 0);
  listener->Start();
  ASSERT_TRUE(Until([&] { return handler.accepted.size() == 1; }));
  socklen_t size = sizeof(sockaddr_storage);
  sockaddr_storage storage;
  ::getsockname(clients[0].get(), reinterpret_cast<sockaddr*>(&storage), &size);
  EXPECT_EQ(handler.peers[0].text(),
            Address::From(reinterpret_cast<sockaddr*>(&storage), size).text());
}

TEST_F(ListenerTest, AcceptsNoMoreThanItsBudgetInOneTurn) {
  Listen();
  Clients(100);
  listener->Start();
  ASSERT_TRUE(loop().RunOnce(1000));
  EXPECT_GT(handler.accepted.size(), 1u);
  EXPECT_LE(handler.accepted.size(), 64u);
  EXPECT_TRUE(Until([&] { return handler.accepted.size() == 100; }));
}

TEST_F(ListenerTest, StopInOnAcceptLeavesTheOthersInTheBacklog) {
  Listen();
  Clients(3);
  handler.on_accept = [](Listener& self) { self.Stop(); };
  listener->Start();
  ASSERT_TRUE(Until([&] { return !handler.accepted.empty(); }));
  EXPECT_EQ(BusyTurns(5), 0);
  EXPECT_EQ(handler.accepted.size(), 1u);
  listener->Start();
  ASSERT_TRUE(Until([&] { return handler.accepted.size() == 2; }));
}

TEST_F(ListenerTest, CloseInOnAcceptEndsIt) {
  Listen();
  Clients(3);
  handler.on_accept = [&](Listener& self) {
    listener = nullptr;
    self.Close();
  };
  listener->Start();
  ASSERT_TRUE(Until([&] { return !handler.accepted.empty(); }));
  Settle();
  EXPECT_EQ(handler.accepted.size(), 1u);
  EXPECT_FALSE(loop().alive());
}

TEST_F(ListenerTest, AddressInUseIsAnErrorOfTheCall) {
  Listen();
  Error error;
  auto second = Listener::Listen(loop(), listener->LocalAddress(), {}, &handler, &error);
  EXPECT_FALSE(second);
  EXPECT_EQ(error.message(), "listen EADDRINUSE " + listener->LocalAddress().text());
}

TEST_F(ListenerTest, ReusePortLetsTwoListenAtOneAddress) {
  Error error;
  ListenOptions options;
  options.reuse_port = true;
  listener = Listener::Listen(loop(), *Address::Ip("127.0.0.1", 0), options, &handler, &error);
  ASSERT_TRUE(listener);
  auto second = Listener::Listen(loop(), listener->LocalAddress(), options, &handler, &error);
  ASSERT_TRUE(second) << error.message();
  second->Close();
}

TEST_F(ListenerTest, NoAddressIsAnErrorOfTheCall) {
  Error error;
  EXPECT_FALSE(Listener::Listen(loop(), Address(), {}, &handler, &error));
  EXPECT_TRUE(error);
}

TEST_F(ListenerTest, ListensOnAnAbstractUnixName) {
  Error error;
  std::string name = std::string(1, '\0') + "sluice-listener-" + std::to_string(::getpid());
  listener = Listener::Listen(loop(), *Address::Unix(name), {}, &handler, &error);
  ASSERT_TRUE(listener) << error.message();
  EXPECT_EQ(listener->LocalAddress().host(), name);
  listener->Start();
  Clients(1);
  EXPECT_TRUE(Until([&] { return handler.accepted.size() == 1; }));
}

TEST_F(ListenerTest, OpenOneKeepsRunGoingUnlessSetRefSaysNo) {
  Listen();
  EXPECT_TRUE(loop().alive());
  listener->SetRef(false);
  loop().Run();
  listener->SetRef(true);
  EXPECT_TRUE(loop().alive());
  listener->Close();
  listener->Close();
  EXPECT_FALSE(loop().alive());
}

TEST_F(ListenerTest, AdoptedDescriptorThatDoesNotListenIsReportedAndDoesNotSpin) {
  listener = Listener::Adopt(loop(), ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), &handler);
  listener->Start();
  ASSERT_TRUE(loop().RunOnce(1000));
  EXPECT_THAT(handler.starved, ElementsAre("EINVAL"));
  EXPECT_EQ(BusyTurns(20), 0);
}

TEST_F(ListenerTest, LoopsEndClosesIt) {
  Listen();
  listener->Start();
  Settle();
  EndLoop();
  EXPECT_TRUE(listener->closed());
}

// With few descriptors, in a process of its own: returns what is left of its tests' failures.
class Starved : public ListenerTest {
 protected:
  // Opens descriptors until there is none left, but for `spare`.
  void Exhaust(int spare) {
    rlimit limit;
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = 64;
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &limit), 0);
    for (int fd; (fd = ::open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0;) fillers.emplace_back(fd);
    for (int i = 0; i < spare; ++i) fillers.pop_back();
  }
  template <class Body>
  void InChild(Body body) {
    pid_t child = ::fork();
    if (child == 0) {
      body();
      ::_exit(HasFailure() ? 1 : 0);
    }
    int status = -1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0) << "see the child's output above";
  }
  std::vector<Descriptor> fillers;
};

TEST_F(Starved, ListenerRestsWithoutSpinningAndGoesOnWhenThisLoopFreesADescriptor) {
  InChild([&] {
    Loop own;  // the parent's epoll descriptor is shared
    Error error;
    Accepting accepting;
    Recorder recorder;
    auto server = Listener::Listen(own, *Address::Ip("127.0.0.1", 0), {}, &accepting, &error);
    server->Start();
    Pair pair = TcpPair();
    auto other = Socket::Adopt(own, pair.ours.Take(), &recorder);
    own.RunOnce(0);
    Exhaust(1);
    Descriptor client(ConnectDescriptor(server->LocalAddress()));
    while (accepting.starved.empty()) own.RunOnce(1000);
    EXPECT_EQ(accepting.starved[0], "EMFILE");
    int busy = 0;
    for (int i = 0; i < 50; ++i) busy += own.RunOnce(0) ? 1 : 0;
    EXPECT_LE(busy, 2);
    EXPECT_TRUE(accepting.accepted.empty());
    other->Close();
    for (int i = 0; i < 3; ++i) own.RunOnce(0);
    EXPECT_EQ(accepting.accepted.size(), 1u);
    server->Close();
  });
}

TEST_F(Starved, ListenerGoesOnWhenADescriptorIsFreedElsewhere) {
  InChild([&] {
    Loop own;
    Error error;
    Accepting accepting;
    auto server = Listener::Listen(own, *Address::Ip("127.0.0.1", 0), {}, &accepting, &error);
    server->Start();
    Exhaust(1);
    Descriptor client(ConnectDescriptor(server->LocalAddress()));
    while (accepting.starved.empty()) own.RunOnce(1000);
    fillers.pop_back();
    while (accepting.accepted.empty()) own.RunOnce(-1);
    EXPECT_EQ(accepting.accepted.size(), 1u);
    server->Close();
  });
}

TEST_F(Starved, ListenerMayBeClosedWhenItIsTold) {
  InChild([&] {
    Loop own;
    Error error;
    Accepting accepting;
    auto server = Listener::Listen(own, *Address::Ip("127.0.0.1", 0), {}, &accepting, &error);
    server->Start();
    accepting.on_starved = [&](Listener& self) {
      server = nullptr;
      self.Close();
    };
    Exhaust(1);
    Descriptor client(ConnectDescriptor(server->LocalAddress()));
    while (own.alive()) own.RunOnce(1000);
    EXPECT_EQ(accepting.starved.size(), 1u);
    for (int i = 0; i < 5; ++i) own.RunOnce(0);
  });
}

TEST_F(ListenerTest, TakingWhatWaitsOutlivesAHandlerThatLetsTheListenerGo) {
  Listen();
  Clients(3);
  handler.on_accept = [this](Listener& one) {
    one.Close();
    listener = nullptr;
  };
  listener->TakeWaiting();
  EXPECT_EQ(handler.accepted.size(), 1u);
}

TEST_F(ListenerTest, ADescriptorForAClosedListenerIsClosed) {
  Listen();
  listener->Close();
  Pair pair = TcpPair();
  listener->Take(pair.ours.Take());
  EXPECT_TRUE(handler.accepted.empty());
  EXPECT_EQ(pair.peer.Receive(1), "");
}

}  // namespace
}  // namespace sluice::test
