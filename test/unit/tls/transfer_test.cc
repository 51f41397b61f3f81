// Data through TLS: backpressure, pauses, ends, cuts.
#include <sys/socket.h>

#include <map>

#include "peers.h"

namespace sluice::test {
namespace {

class TlsTransferTest : public LoopTest, public testing::WithParamInterface<int> {
 protected:
  // A pair that speaks the version of the parameter.
  std::unique_ptr<TlsPair> Connect(TlsOptions server = ServerOptions(),
                                   TlsOptions client = ClientOptions()) {
    TlsContextOptions context;
    context.max_version = GetParam();
    client.context = TrustingContext(context);
    auto pair = std::make_unique<TlsPair>(loop(), server, client);
    EXPECT_TRUE(Until([&] { return pair->connected(); }));
    EXPECT_TRUE(pair->secure()) << pair->client.error.message();
    Settle();
    return pair;
  }
};

INSTANTIATE_TEST_SUITE_P(Versions, TlsTransferTest, testing::Values(0x0303, 0x0304),
                         [](const auto& each) { return each.param == 0x0303 ? "Tls12" : "Tls13"; });

std::span<const uint8_t> Bytes(const std::string& text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

TEST_P(TlsTransferTest, SixteenMegabytesEachWayToSlowReaders) {
  auto pair = Connect();
  std::string data = Pattern(16 << 20);
  for (End* end : {&pair->server, &pair->client}) {
    // A reader that rests after each piece.
    end->on_data = [end, this] {
      end->stream->Pause();
      loop().Post([end] { end->stream->Resume(); });
    };
    std::span<const uint8_t> all = Bytes(data);
    EXPECT_FALSE(end->stream->Write({&all, 1}, false));
    end->stream->Shutdown();
  }
  EXPECT_GT(pair->server.stream->queued(), data.size() / 2);
  ASSERT_TRUE(Until([&] { return pair->server.ended && pair->client.ended; }));
  for (End* end : {&pair->server, &pair->client}) {
    EXPECT_TRUE(end->received == data);
    EXPECT_EQ(end->drains, 1);
    EXPECT_EQ(end->stream->queued(), 0u);
    EXPECT_EQ(end->stream->bytes_written(), data.size());
    EXPECT_EQ(end->stream->bytes_read(), data.size());
    EXPECT_FALSE(end->tls()->truncated());
    EXPECT_TRUE(end->shutdown);
  }
}

TEST_P(TlsTransferTest, TryWriteTakesNoMoreThanTheKernelAndWriteGoesOnFromThere) {
  auto pair = Connect();
  pair->server.stream->Pause();
  std::string data = Pattern(8 << 20);
  size_t offset = 0;
  bool waiting = false;
  int shorts = 0;
  std::function<void()> send = [&] {
    while (offset < data.size()) {
      auto piece = Bytes(data).subspan(offset, std::min<size_t>(100'000, data.size() - offset));
      size_t count = pair->client.stream->TryWrite(piece);
      ASSERT_LE(count, piece.size());
      offset += piece.size();
      if (count == piece.size()) {
        EXPECT_EQ(pair->client.stream->queued(), 0u);
        continue;
      }
      ++shorts;
      auto rest = piece.subspan(count);
      if (pair->client.stream->Write({&rest, 1}, false)) continue;
      EXPECT_GT(pair->client.stream->queued(), 0u);
      waiting = true;
      return;
    }
    pair->client.stream->Shutdown();
  };
  pair->client.on_drain = [&] {
    waiting = false;
    EXPECT_EQ(pair->client.stream->queued(), 0u);
    send();
  };
  send();
  EXPECT_TRUE(waiting);
  pair->server.stream->Resume();
  ASSERT_TRUE(Until([&] { return pair->server.ended; }));
  EXPECT_TRUE(pair->server.received == data);
  EXPECT_GT(shorts, 1);
  EXPECT_EQ(pair->client.stream->bytes_written(), data.size());
}

TEST_P(TlsTransferTest, AShortTryWriteMayBeCompletedMuchLater) {
  auto pair = Connect();
  pair->server.stream->Pause();
  std::string data = Pattern(4 << 20);
  size_t count = pair->client.stream->TryWrite(Bytes(data));
  ASSERT_LT(count, data.size());
  pair->server.stream->Resume();
  ASSERT_TRUE(Until([&] { return pair->client.stream->queued() == 0; }));
  Settle();
  EXPECT_EQ(pair->client.drains, 0);  // nobody was told to wait
  auto rest = Bytes(data).subspan(count);
  bool all = pair->client.stream->Write({&rest, 1}, false);
  pair->client.stream->Shutdown();
  ASSERT_TRUE(Until([&] { return pair->server.ended; }));
  EXPECT_TRUE(pair->server.received == data);
  EXPECT_EQ(pair->client.drains, all ? 0 : 1);
}

TEST_P(TlsTransferTest, ManySmallPartsOfOneWriteArriveInOrder) {
  auto pair = Connect();
  std::string data = Pattern(50'000);
  std::vector<std::span<const uint8_t>> parts;
  for (size_t at = 0, step = 0; at < data.size(); at += step, ++step)
    parts.push_back(Bytes(data).subspan(at, std::min(step, data.size() - at)));
  pair->client.stream->Write(parts, true);
  ASSERT_TRUE(Until([&] { return pair->server.received.size() == data.size(); }));
  EXPECT_TRUE(pair->server.received == data);
}

TEST_P(TlsTransferTest, APausedReaderLeavesTheRestInTheKernelAndLosesNothing) {
  auto pair = Connect();
  pair->server.stream->Pause();
  std::string data = Pattern(8 << 20);
  pair->client.Send(data);
  Settle();
  EXPECT_TRUE(pair->server.received.empty());
  EXPECT_GT(pair->client.stream->queued(), 0u);
  int pauses = 0;
  pair->server.on_data = [&] {
    if (pauses++ % 2 == 0) return;
    pair->server.stream->Pause();
    pair->server.stream->Resume();  // at once: what waits comes first
  };
  pair->server.stream->Resume();
  pair->client.stream->Shutdown();
  ASSERT_TRUE(Until([&] { return pair->server.ended; }));
  EXPECT_TRUE(pair->server.received == data);
}

TEST_P(TlsTransferTest, EachSideEndsOnItsOwn) {
  auto pair = Connect();
  pair->client.stream->Shutdown();
  ASSERT_TRUE(Until([&] { return pair->server.ended && pair->client.shutdown; }));
  EXPECT_FALSE(pair->server.tls()->truncated());
  EXPECT_FALSE(pair->client.ended);
  std::string data = Pattern(1 << 20);
  pair->server.Send(data);
  pair->server.stream->Shutdown();
  ASSERT_TRUE(Until([&] { return pair->client.ended; }));
  EXPECT_TRUE(pair->client.received == data);
  EXPECT_EQ(pair->client.errors + pair->server.errors, 0);
}

TEST_P(TlsTransferTest, AnEndWithoutCloseNotifyIsToldApart) {
  auto pair = Connect();
  pair->client.Send("last words");
  pair->client.tls()->lower().Shutdown();
  ASSERT_TRUE(Until([&] { return pair->server.ended; }));
  EXPECT_EQ(pair->server.received, "last words");
  EXPECT_TRUE(pair->server.tls()->truncated());
  TlsOptions strict = ServerOptions();
  strict.fail_on_truncation = true;
  pair = Connect(strict);
  pair->client.tls()->lower().Shutdown();
  ASSERT_TRUE(Until([&] { return pair->server.errors > 0; }));
  EXPECT_EQ(pair->server.error.code(), "ERR_SSL_UNEXPECTED_EOF_WHILE_READING");
  EXPECT_FALSE(pair->server.ended);
}

TEST_P(TlsTransferTest, RecordsBeforeTheEndWaitForAPausedReader) {
  auto pair = Connect();
  std::string data = Pattern(100'000);
  pair->server.on_data = [&] { pair->server.stream->Pause(); };
  pair->client.Send(data);
  pair->client.stream->Shutdown();
  ASSERT_TRUE(Until([&] { return !pair->server.received.empty(); }));
  Settle();
  EXPECT_FALSE(pair->server.ended);
  ASSERT_TRUE(Until([&] {
    pair->server.stream->Resume();
    return pair->server.ended;
  }));
  EXPECT_TRUE(pair->server.received == data);
}

TEST_P(TlsTransferTest, ADamagedRecordIsAnErrorAfterThoseBeforeIt) {
  auto pair = Connect();
  pair->client.Send("good");
  const uint8_t bad[] = {23, 3,  3, 0, 32, 1, 2, 3, 4, 5, 6, 7,  8,  9,  10, 11, 12, 13, 14,
                         15, 16, 1, 2, 3,  4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
  pair->client.tls()->lower().Write(std::span<const uint8_t>(bad));
  ASSERT_TRUE(Until([&] { return pair->server.errors > 0; }));
  EXPECT_EQ(pair->server.received, "good");
  EXPECT_EQ(pair->server.error.code(), "ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC");
  ASSERT_TRUE(Until([&] { return pair->client.errors > 0; }));
  // OpenSSL says "sslv3 alert" before 3.2, then "ssl/tls alert".
  EXPECT_TRUE(pair->client.error.code().ends_with("_ALERT_BAD_RECORD_MAC"));
}

TEST_P(TlsTransferTest, ATurnInsideACallbackDeliversWhatFollows) {
  auto pair = Connect();
  bool nested = false;
  pair->server.on_data = [&] {
    if (nested) return;
    nested = true;
    ASSERT_TRUE(Until([&] { return pair->server.received.size() == 1'000'000; }));
  };
  std::string data = Pattern(1'000'000);
  pair->client.Send(data);
  ASSERT_TRUE(Until([&] { return pair->server.received.size() == data.size(); }));
  EXPECT_TRUE(pair->server.received == data);
}

// ---- Cuts and damage at every byte of the handshake

// Relay passes bytes between two descriptors and stops, or damages one, at an offset of one
// direction.
struct Relay {
  int from[2];    // of the client, of the server
  size_t offset;  // of the byte that is hit
  int direction;  // 0: what the client sends
  bool cut;       // else the byte is changed
  size_t passed[2] = {0, 0};
  bool done = false;

  void Turn() {
    for (int i = 0; i < 2 && !done; ++i) {
      uint8_t buffer[16384];
      ssize_t count = ::recv(from[i], buffer, sizeof buffer, MSG_DONTWAIT);
      if (count == 0) done = true;
      if (count <= 0) continue;
      auto size = static_cast<size_t>(count);
      bool hit = i == direction && passed[i] + size > offset && passed[i] <= offset;
      if (hit && cut) {
        size = offset - passed[i];
        done = true;
      } else if (hit) {
        buffer[offset - passed[i]] ^= 0x41;
      }
      (void)!::send(from[1 - i], buffer, size, MSG_NOSIGNAL | MSG_DONTWAIT);
      passed[i] += size;
    }
    if (done) {
      ::shutdown(from[0], SHUT_RDWR);
      ::shutdown(from[1], SHUT_RDWR);
    }
  }
};

class TlsCutTest : public TlsTransferTest {
 protected:
  // Runs one handshake through the relay; returns how many bytes went each way.
  std::pair<size_t, size_t> Run(size_t offset, int direction, bool cut) {
    static std::map<int, std::shared_ptr<const TlsContext>> contexts;
    auto& context = contexts[GetParam()];
    TlsContextOptions options;
    options.max_version = GetParam();
    if (!context) context = TrustingContext(options);
    TlsOptions client_options = ClientOptions();
    client_options.context = context;
    int near[2], far[2];
    SocketPair(near);
    SocketPair(far);
    Descriptor a(near[1]), b(far[1]);
    End client, server;
    Wrap(loop(), near[0], client_options, &client);
    Wrap(loop(), far[0], ServerOptions(), &server);
    server.tls()->Start();
    client.tls()->Start();
    server.stream->Resume();
    client.stream->Resume();
    client.Send("ping");
    server.on_data = [&] { server.Send("pong"); };
    Relay relay{{a.get(), b.get()}, offset, direction, cut};
    auto over = [](const End& end) { return end.failed() || end.ended; };
    int turns = 0;
    while (!(over(client) && over(server)) && client.received != "pong") {
      loop().RunOnce(0);
      relay.Turn();
      if (over(client) && client.stream->closed()) ::shutdown(a.get(), SHUT_RDWR);
      // A damaged length leaves one side waiting for bytes that its peer does not send.
      if (++turns > 400) relay.done = true;
      if (turns > 2000) {
        ADD_FAILURE() << "hangs at " << offset << " of direction " << direction;
        break;
      }
    }
    if (!cut && relay.passed[direction] > offset && client.received == "pong") ++unharmed_;
    return {relay.passed[0], relay.passed[1]};
  }
  int unharmed_ = 0;
};

INSTANTIATE_TEST_SUITE_P(Versions, TlsCutTest, testing::Values(0x0303, 0x0304),
                         [](const auto& each) { return each.param == 0x0303 ? "Tls12" : "Tls13"; });

TEST_P(TlsCutTest, EveryCutOfTheHandshakeEndsBothSides) {
  auto [up, down] = Run(SIZE_MAX, 0, true);
  ASSERT_GT(up, 300u);
  ASSERT_GT(down, 500u);
  for (size_t at = 0; at < up; ++at) Run(at, 0, true);
  for (size_t at = 0; at < down; ++at) Run(at, 1, true);
}

TEST_P(TlsCutTest, EveryDamagedByteOfTheHandshakeEndsBothSides) {
  auto [up, down] = Run(SIZE_MAX, 0, true);
  for (size_t at = 0; at < up; ++at) Run(at, 0, false);
  for (size_t at = 0; at < down; ++at) Run(at, 1, false);
  // The transcript covers all but the version bytes of record headers, some of which are ignored,
  // and tickets, which are opaque.
  EXPECT_LT(unharmed_, 400);
}

TEST_P(TlsTransferTest, AnEndThatSomebodyWantsDoesNotWaitForAPausedReaderThatShutDown) {
  auto pair = Connect();
  End& server = pair->server;
  server.stream->Shutdown();
  server.on_data = [&] { server.stream->Pause(); };
  pair->client.Send("one");
  pair->client.Send("two");
  ASSERT_TRUE(Until([&] { return !server.received.empty(); }));
  server.stream->record()->End(CloseReason::Of(CloseCode::kLifetime));
  EXPECT_EQ(server.errors, 1);
  EXPECT_TRUE(server.stream->closed());
}

TEST_P(TlsTransferTest, AWriteThatPassesTheHardLimitIsRefusedWholeAndEndsTheConnection) {
  auto pair = Connect();
  auto limits = std::make_shared<ConnectionLimits>();
  limits->hard_bytes = 16 << 20;
  Stream& server = *pair->server.stream;
  server.record()->SetLimits(std::move(limits));
  pair->client.stream->Pause();
  std::string first = Pattern(12 << 20), second(16 << 20, 'y');
  EXPECT_FALSE(server.Write(Bytes(first)));
  EXPECT_FALSE(server.Write(Bytes(second)));
  EXPECT_FALSE(server.Write("z"));
  ASSERT_TRUE(Until([&] { return pair->server.errors == 1; }));
  EXPECT_EQ(server.record()->reason().code, CloseCode::kWriteLimit);
  pair->client.stream->Resume();
  ASSERT_TRUE(Until([&] { return pair->client.ended || pair->client.errors > 0; }));
  EXPECT_EQ(pair->client.received, first.substr(0, pair->client.received.size()));
}

}  // namespace
}  // namespace sluice::test
