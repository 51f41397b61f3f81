// What a connection costs that a listener's admission refuses.
#include <algorithm>

#include "calls.h"
#include "ledger/loop_ledger.h"
#include "sluice/admission.h"
#include "support.h"

namespace sluice::test {
namespace {

struct Taking : ListenHandler {
  void OnAccept(Listener& listener, int fd, const Address&) override {
    taken = Socket::Adopt(listener.loop(), fd, &recorder);
  }
  void OnRefused(Listener&, const RefusedConnections&) override { told = true; }
  ~Taking() {
    if (taken) taken->Close();
  }
  Recorder recorder;
  Ref<Socket> taken;
  bool told = false;
};

class RefusalCost : public LoopTest {};

TEST_F(RefusalCost, IsOneAcceptOneCloseAndNoAllocation) {
  Taking handler;
  Error error;
  auto listener = Listener::Listen(loop(), *Address::Ip("127.0.0.1", 0), {}, &handler, &error);
  AdmissionOptions options;
  options.concurrent = 1;
  listener->SetAdmission(std::make_shared<Admission>(options));
  listener->Start();
  Address address = listener->LocalAddress();
  Descriptor admitted(ConnectDescriptor(address));
  ASSERT_TRUE(Until([&] { return static_cast<bool>(handler.taken); }));
  auto refused = [&] {
    int fd = ConnectDescriptor(address);
    loop().RunOnce(-1);
    char byte;
    EXPECT_EQ(__real_recv(fd, &byte, 1, 0), -1);
    EXPECT_EQ(errno, ECONNRESET);
    __real_close(fd);
  };
  for (int i = 0; i < 100; ++i) refused();
  ASSERT_TRUE(Until([&] { return handler.told; }));  // its timer is not set twice in a second
  refused();
  constexpr int kRefusals = 500;
  calls = {};
  for (int i = 0; i < kRefusals; ++i) refused();
  Calls cost = calls;
  EXPECT_EQ(cost.allocations, 0);
  // The accept that finds no further client is one too.
  EXPECT_LE(cost.others, 3 * kRefusals);
  // Nor does a flood of them fill the ring of events.
  auto events = LoopLedger::Of(loop()).ring()->Copy();
  EXPECT_LT(std::count_if(events.begin(), events.end(),
                          [](const Event& one) { return one.kind == EventKind::kRefused; }),
            10);
  listener->Close();
}

}  // namespace
}  // namespace sluice::test
