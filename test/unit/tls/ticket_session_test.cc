// Sessions of the tickets that come to clients whose records are their own.
#include "tls/ticket_session.h"

#include "peers.h"

namespace sluice::test {
namespace {

constexpr RecordSuite kSuite = RecordSuite::kAes256Gcm;

class TicketSessionTest : public LoopTest {
 protected:
  void SetUp() override {
    TlsPair pair(loop());
    ASSERT_TRUE(Until([&] { return pair.connected(); }));
    const std::vector<uint8_t> der = pair.client.tls()->session();
    const unsigned char* bytes = der.data();
    connection = SessionPtr(d2i_SSL_SESSION(nullptr, &bytes, static_cast<long>(der.size())));
    ASSERT_NE(connection, nullptr);
  }
  static std::vector<uint8_t> Message(std::vector<uint8_t> lifetime,
                                      const std::vector<uint8_t>& ticket,
                                      const std::vector<uint8_t>& extensions = {}) {
    std::vector<uint8_t> out = std::move(lifetime);
    for (int byte : {0x81, 2, 3, 4, 1, 7})
      out.push_back(static_cast<uint8_t>(byte));  // age_add, a nonce
    Put(out, ticket);
    Put(out, extensions);
    return out;
  }
  SessionPtr Make(std::span<const uint8_t> message) const {
    const std::vector<uint8_t> secret(48, 3);
    return SessionOfTicket(connection.get(), kSuite, secret, message);
  }
  static std::vector<uint8_t> TicketOf(const SSL_SESSION* session) {
    const unsigned char* ticket = nullptr;
    size_t size = 0;
    SSL_SESSION_get0_ticket(session, &ticket, &size);
    return {ticket, ticket + size};
  }
  static void Put(std::vector<uint8_t>& out, const std::vector<uint8_t>& bytes) {
    out.push_back(static_cast<uint8_t>(bytes.size() >> 8));
    out.push_back(static_cast<uint8_t>(bytes.size()));
    out.insert(out.end(), bytes.begin(), bytes.end());
  }

  SessionPtr connection;
};

TEST_F(TicketSessionTest, ItHasTheTicketAndTheRestOfTheConnections) {
  for (size_t size : {1, 100, 127, 128, 255, 256, 1000, 65535}) {
    const std::vector<uint8_t> ticket(size, 9);
    SessionPtr made = Make(Message({0, 0, 0x1c, 0x20}, ticket));
    ASSERT_NE(made, nullptr) << size;
    EXPECT_EQ(TicketOf(made.get()), ticket);
    EXPECT_EQ(SSL_SESSION_get_ticket_lifetime_hint(made.get()), 7200u);
    EXPECT_EQ(SSL_SESSION_get0_cipher(made.get()), SSL_SESSION_get0_cipher(connection.get()));
    EXPECT_STREQ(SSL_SESSION_get0_hostname(made.get()),
                 SSL_SESSION_get0_hostname(connection.get()));
    EXPECT_EQ(X509_cmp(SSL_SESSION_get0_peer(made.get()), SSL_SESSION_get0_peer(connection.get())),
              0);
    EXPECT_EQ(SSL_SESSION_get_timeout(made.get()), SSL_SESSION_get_timeout(connection.get()));
    EXPECT_TRUE(SSL_SESSION_is_resumable(made.get()));
    uint8_t key[64];
    EXPECT_EQ(SSL_SESSION_get_master_key(made.get(), key, sizeof key), 48u);
  }
}

TEST_F(TicketSessionTest, ALaterTicketTakesThePlaceOfAnEarlier) {
  connection = Make(Message({0x80, 0, 0, 0}, {1, 2, 3}));
  ASSERT_NE(connection, nullptr);
  EXPECT_EQ(SSL_SESSION_get_ticket_lifetime_hint(connection.get()), 0x80000000u);
  SessionPtr made =
      Make(Message({0, 0, 0, 0}, {4}, {0, 42, 0, 4, 0, 0, 1, 0, 0xfa, 0xfa, 0, 1, 5}));
  ASSERT_NE(made, nullptr);
  EXPECT_EQ(TicketOf(made.get()), (std::vector<uint8_t>{4}));
  EXPECT_EQ(SSL_SESSION_get_ticket_lifetime_hint(made.get()), 0u);
  EXPECT_EQ(SSL_SESSION_get_max_early_data(made.get()), 256u);
}

TEST_F(TicketSessionTest, AMalformedMessageMakesNone) {
  const std::vector<uint8_t> good = Message({0, 0, 0, 1}, {1, 2, 3}, {0, 42, 0, 4, 0, 0, 1, 0});
  ASSERT_NE(Make(good), nullptr);
  for (size_t size = 0; size < good.size(); ++size)
    EXPECT_EQ(Make(std::span(good).first(size)), nullptr) << size;
  std::vector<uint8_t> longer = good;
  longer.push_back(0);
  EXPECT_EQ(Make(longer), nullptr);
  EXPECT_EQ(Make(Message({0, 0, 0, 1}, {})), nullptr);
  EXPECT_EQ(Make(Message({0, 0, 0, 1}, {1}, {0, 42, 0, 3, 0, 0, 1})), nullptr);
  EXPECT_EQ(Make(Message({0, 0, 0, 1}, {1}, {0, 42, 0, 5, 0, 0, 1, 0, 0})), nullptr);
  EXPECT_EQ(Make(Message({0, 0, 0, 1}, {1}, {0, 1, 0, 2, 0})), nullptr);
}

}  // namespace
}  // namespace sluice::test
