// The ledger: one record of every connection, and numbers that add up.
#include "sluice/ledger.h"

#include <numeric>
#include <thread>

#include "ledger/loop_ledger.h"
#include "sluice/server.h"
#include "support.h"

namespace sluice::test {
namespace {

class LedgerTest : public LoopTest {
 protected:
  struct Server : StreamHandler, ListenHandler {
    void OnAccept(Listener& listener, int fd, const Address& peer) override {
      socket = Socket::Adopt(listener.loop(), fd, this, &peer);
      socket->Resume();
    }
    void OnStarved(Listener&, const Error&) override {}
    void OnData(Stream& stream, std::span<uint8_t> data) override {
      stream.Write(std::span<const uint8_t>(data));
    }
    void OnEnd(Stream& stream) override {
      ended = true;
      if (close_at_end) stream.Close();
    }
    void OnError(Stream&, const Error&) override { failed = true; }
    Ref<Socket> socket;
    bool ended = false, failed = false, close_at_end = true;
  };

  LedgerTest() {
    Error error;
    listener = Listener::Listen(loop(), *Address::Ip("127.0.0.1", 0), {}, &server, &error);
    account = LoopLedger::Of(loop()).NewAccount({"g", 3, 0, Side::kAccepted, Transport::kTcp});
    listener->set_account(account);
    listener->Start();
  }
  ~LedgerTest() override {
    listener->Close();
    if (server.socket) server.socket->Close();
  }
  Descriptor Connect() {
    server.socket = nullptr;
    Descriptor client(ConnectDescriptor(listener->LocalAddress()));
    EXPECT_TRUE(Until([&] { return server.socket.get() != nullptr; }));
    return client;
  }
  ConnectionInfo Last() {
    Ledger::Filter filter;
    filter.account = account->number();
    auto found = Ledger::Recent(filter);
    return found.empty() ? ConnectionInfo() : found.front();
  }

  Server server;
  Ref<Listener> listener;
  std::shared_ptr<Account> account;
};

TEST_F(LedgerTest, AnOpenConnectionIsListedWithItsAddressesAndBytes) {
  Descriptor client = Connect();
  client.Send("hello");
  EXPECT_EQ((Until([&] { return server.socket->bytes_written() == 5; }), client.Receive(5)),
            "hello");
  std::vector<ConnectionInfo> found;
  EXPECT_EQ(Ledger::List(loop(), 0, 100, true, &found), 0u);
  ASSERT_EQ(found.size(), 1u);
  const ConnectionInfo& info = found[0];
  EXPECT_EQ(info.id, server.socket->record()->id());
  EXPECT_EQ(info.group, "g");
  EXPECT_EQ(info.member, 3);
  EXPECT_EQ(info.local.text(), listener->LocalAddress().text());
  EXPECT_EQ(info.bytes_in, 5u);
  EXPECT_EQ(info.bytes_out, 5u);
  EXPECT_NE(info.first_in_ms, 0u);
  EXPECT_NE(info.last_out_ms, 0u);
  EXPECT_FALSE(info.reason);
  EXPECT_TRUE(info.tcp);
}

TEST_F(LedgerTest, TheEndOfThePeerIsTheCauseAlsoWhereTheServerClosesThen) {
  Descriptor client = Connect();
  client.Close();
  ASSERT_TRUE(Until([&] { return server.socket->closed(); }));
  EXPECT_EQ(Last().reason.code, CloseCode::kPeerEnd);
  EXPECT_EQ(Last().reason.by, ClosedBy::kPeer);
}

TEST_F(LedgerTest, AResetIsThePeers) {
  Descriptor client = Connect();
  client.Reset();
  ASSERT_TRUE(Until([&] { return server.failed; }));
  EXPECT_EQ(Last().reason.code, CloseCode::kPeerReset);
}

TEST_F(LedgerTest, TheFirstCauseCounts) {
  Descriptor client = Connect();
  server.socket->Shutdown();
  client.Reset();
  ASSERT_TRUE(Until([&] { return server.failed || server.socket->closed(); }));
  EXPECT_EQ(Last().reason.code, CloseCode::kLocalEnd);
}

TEST_F(LedgerTest, CloseAndResetAreTheLocalSides) {
  Descriptor first = Connect();
  server.socket->Close();
  EXPECT_EQ(Last().reason.code, CloseCode::kLocalDestroy);
  Descriptor second = Connect();
  server.socket->Reset();
  EXPECT_EQ(Last().reason.code, CloseCode::kLocalReset);
}

TEST_F(LedgerTest, AnIdleTimeoutIsWhatItsHandlerNotes) {
  Descriptor client = Connect();
  server.socket->Note(CloseReason::Of(CloseCode::kIdleTimeout));
  server.socket->Close();
  EXPECT_EQ(Last().reason.code, CloseCode::kIdleTimeout);
}

TEST_F(LedgerTest, WhatIsOpenedIsOpenOrClosed) {
  for (int i = 0; i < 3; ++i) {
    Descriptor client = Connect();
    AccountNumbers open = account->Numbers();
    EXPECT_EQ(open.opened, open.open + open.all_closed());
    EXPECT_EQ(open.open, 1u);
    client.Close();
    ASSERT_TRUE(Until([&] { return server.socket->closed(); }));
  }
  AccountNumbers numbers = account->Numbers();
  EXPECT_EQ(numbers.opened, 3u);
  EXPECT_EQ(numbers.open, 0u);
  EXPECT_EQ(numbers.closed[static_cast<size_t>(CloseCode::kPeerEnd)], 3u);
  EXPECT_EQ(LoopLedger::Of(loop()).open(), 0u);
}

TEST_F(LedgerTest, ARecordIsFoundSomeSlotsAtATime) {
  Descriptor client = Connect();
  uint64_t id = server.socket->record()->id();
  LoopLedger& ledger = LoopLedger::Of(loop());
  size_t slot = 0;
  EXPECT_EQ(ledger.Find(id, 1, &slot), server.socket->record());
  slot = 0;
  EXPECT_EQ(ledger.Find(id + 1000, 1, &slot), nullptr);
  EXPECT_EQ(slot, 0u);  // the end
}

TEST_F(LedgerTest, WhereAConnectionWasIsNotTheNextOne) {
  LoopLedger& ledger = LoopLedger::Of(loop());
  Descriptor first = Connect();
  LoopLedger::Place place = LoopLedger::PlaceOf(*server.socket->record());
  EXPECT_EQ(ledger.At(place), server.socket->record());
  server.socket->Close();
  EXPECT_EQ(ledger.At(place), nullptr);
  Descriptor second = Connect();
  EXPECT_EQ(LoopLedger::PlaceOf(*server.socket->record()).slot, place.slot);
  EXPECT_EQ(ledger.At(place), nullptr);
}

TEST_F(LedgerTest, ASampleCountsARoundTripOfEachConnectionOnce) {
  Descriptor client = Connect();
  LoopLedger::Of(loop()).Sample(256);
  auto count = [&] {
    auto counts = account->Numbers().round_trips.counts;
    return std::accumulate(counts.begin(), counts.end(), uint64_t{0});
  };
  EXPECT_EQ(count(), 1u);
}

TEST_F(LedgerTest, WhatWaitsToBeWrittenIsCountedUntilTheEnd) {
  Descriptor client = Connect();
  std::vector<uint8_t> much(8 * 1024 * 1024);
  EXPECT_FALSE(server.socket->Write(much));
  EXPECT_EQ(account->write_queue.value(), server.socket->queued());
  server.socket->Close();
  EXPECT_EQ(account->write_queue.value(), 0u);
}

TEST_F(LedgerTest, AnAttemptThatIsRefusedIsARecordToo) {
  Address nobody = listener->LocalAddress();
  listener->Close();
  Error error;
  struct : StreamHandler {
    void OnConnect(Stream&, const Error& failure) override { number = failure.number; }
    void OnData(Stream&, std::span<uint8_t>) override {}
    void OnEnd(Stream&) override {}
    void OnError(Stream&, const Error&) override {}
    long number = 0;
  } client;
  auto socket =
      Socket::Connect(loop(), nobody, nullptr, &client, &error, {4711, 0, nullptr, nullptr});
  ASSERT_TRUE(socket);
  ASSERT_TRUE(Until([&] { return client.number != 0; }));
  Ledger::Filter filter;
  filter.id = 4711;
  auto found = Ledger::Recent(filter);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].reason.code, CloseCode::kConnectRefused);
  EXPECT_EQ(found[0].side, Side::kMade);
}

TEST_F(LedgerTest, TheNumbersOfALoopThatEndedStayInTheSums) {
  auto sum = [] {
    AccountNumbers all;
    for (const AccountLine& line : Ledger::Accounts())
      if (line.key.group == "ended") all += line.numbers;
    return all;
  };
  std::thread([] {
    Loop other;
    Pair pair = UnixPair();
    auto own = LoopLedger::Of(other).NewAccount({"ended", 1, 0, Side::kAccepted, Transport::kUnix});
    Server handler;
    Address peer;
    Socket::Adopt(other, pair.ours.Take(), &handler, &peer, {0, 0, own.get(), nullptr});
  }).join();
  EXPECT_EQ(sum().opened, 1u);
  EXPECT_EQ(sum().open, 0u);
  EXPECT_EQ(sum().closed[static_cast<size_t>(CloseCode::kTaskEnd)], 1u);
}

TEST_F(LedgerTest, MetricsTellWhatAccountsCounted) {
  std::thread([] {
    Loop other;
    Pair pair = UnixPair();
    auto own =
        LoopLedger::Of(other).NewAccount({"metrics", 1, 0, Side::kAccepted, Transport::kUnix});
    Server handler;
    Address peer;
    Socket::Adopt(other, pair.ours.Take(), &handler, &peer, {0, 0, own.get(), nullptr});
  }).join();
  std::string text = Ledger::MetricsText();
  for (const char* line : {
           "# TYPE sluice_connections_closed_total counter\n",
           "sluice_connections_closed_total{group=\"metrics\",side=\"accepted\",member=\"1\","
           "reason=\"task-end\"} 1\n",
           "# TYPE process_open_fds gauge\n",
       })
    EXPECT_NE(text.find(line), text.npos) << line << text;
}

TEST(CloseReasonTest, EveryCodeHasANameAndIsFoundByIt) {
  for (size_t i = 1; i < kCloseCodes; ++i) {
    auto code = static_cast<CloseCode>(i);
    EXPECT_NE(Name(code), "");
    EXPECT_EQ(CloseCodeOf(Name(code)), code);
    EXPECT_NE(CloseReason::Of(code).by, ClosedBy::kNobody);
  }
}

}  // namespace
}  // namespace sluice::test
