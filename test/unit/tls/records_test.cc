// TlsRecords beside published records and OpenSSL's own.
#include "tls/records.h"

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <numeric>

#include "bytes.h"
#include "support.h"

namespace sluice::test {
namespace {

using Opened = TlsRecords::Opened;

TlsRecords::Side SideOf(const Bytes& secret, uint64_t sequence = 0) {
  TlsRecords::Side side;
  std::ranges::copy(secret, side.secret.begin());
  side.sequence = sequence;
  return side;
}

// Two ends of one connection.
struct Ends {
  explicit Ends(RecordSuite suite = RecordSuite::kAes256Gcm, uint64_t sequence = 0)
      : server({suite, true, SideOf(Secret(1), sequence), SideOf(Secret(2), sequence)}),
        client({suite, false, SideOf(Secret(2), sequence), SideOf(Secret(1), sequence)}) {}
  static Bytes Secret(uint8_t first) {
    Bytes secret(48);
    std::iota(secret.begin(), secret.end(), first);
    return secret;
  }
  TlsRecords server;
  TlsRecords client;
};

Bytes Seal(TlsRecords& records, const Bytes& data, TlsRecords::Type type = TlsRecords::kData) {
  Bytes out(data.size() + RecordCipher::kOverhead);
  EXPECT_TRUE(records.Seal(type, data, out.data()));
  return out;
}

Opened Open(TlsRecords& records, const Bytes& record, Bytes* data = nullptr) {
  Bytes out(TlsRecords::OpenSize(record.size()));
  Opened opened = records.Open(record, out.data());
  if (data != nullptr) data->assign(out.begin(), out.begin() + static_cast<long>(opened.size));
  return opened;
}

Opened Tell(const Bytes& content, TlsRecords::Type type = TlsRecords::kHandshake,
            bool to_server = true) {
  Ends ends;
  TlsRecords& from = to_server ? ends.client : ends.server;
  return Open(to_server ? ends.server : ends.client, Seal(from, content, type));
}

// RFC 8448, section 3.
TEST(TlsRecordsTest, ARecordOfTheRfcIsMadeAndOpened) {
  const Bytes secret =
      Hex("9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5");
  const Bytes record = Hex(
      "1703030043a23f7054b62c94d0affafe8228ba55cbefacea42f914aa66bcab3f2b9819a8a5b46b395bd54a9a20"
      "441e2b62974e1f5a6292a2977014bd1e3deae63aeebb21694915e4");
  Bytes payload(50);
  std::iota(payload.begin(), payload.end(), uint8_t{0});
  TlsRecords records({RecordSuite::kAes128Gcm, false, SideOf(secret), SideOf(secret)});
  EXPECT_EQ(Seal(records, payload), record);
  Bytes data;
  EXPECT_EQ(Open(records, record, &data).kind, Opened::kBytes);
  EXPECT_EQ(data, payload);
}

TEST(TlsRecordsTest, EverySuiteIsUsableAndNoOther) {
  SLUICE_NEEDS("SLUICE_TLS_RECORDS");
  for (uint32_t suite : {0x1301u, 0x1302u, 0x1303u}) EXPECT_TRUE(TlsRecords::Usable(suite));
  for (uint32_t suite : {0x1300u, 0x1304u, 0x1305u, 0u}) EXPECT_FALSE(TlsRecords::Usable(suite));
}

TEST(TlsRecordsTest, AChangedBitAnywhereIsRefused) {
  const Bytes text = {'s', 'i', 'x', 't', 'e', 'e', 'n'};
  for (RecordSuite suite :
       {RecordSuite::kAes128Gcm, RecordSuite::kAes256Gcm, RecordSuite::kChaCha20}) {
    Ends ends(suite);
    Bytes record = Seal(ends.client, text);
    for (size_t bit = 0; bit < record.size() * 8; ++bit) {
      Bytes changed = record;
      changed[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
      EXPECT_EQ(Open(ends.server, changed).kind, Opened::kFailure) << bit;
    }
    EXPECT_EQ(Open(ends.server, record).kind, Opened::kBytes);
    EXPECT_EQ(Open(ends.server, record).kind, Opened::kFailure) << "a record told twice";
  }
}

TEST(TlsRecordsTest, WhatIsRefusedLeavesZeros) {
  Ends ends;
  Bytes record = Seal(ends.client, Bytes(100, 'x'));
  record.back() ^= 1;
  Bytes out(TlsRecords::OpenSize(record.size()), 1);
  Opened opened = ends.server.Open(record, out.data());
  EXPECT_EQ(opened.reason, SSL_R_DECRYPTION_FAILED_OR_BAD_RECORD_MAC);
  EXPECT_EQ(opened.alert, SSL_AD_BAD_RECORD_MAC);
  EXPECT_EQ(out, Bytes(out.size(), 0));
}

TEST(TlsRecordsTest, APeerGoesOnWithNewKeysAndIsAnswered) {
  Ends ends;
  EXPECT_EQ(Open(ends.server, Seal(ends.client, {24, 0, 0, 1, 1}, TlsRecords::kHandshake)).kind,
            Opened::kKeyUpdate);
  uint8_t answer[TlsRecords::kKeyUpdateSize];
  EXPECT_TRUE(ends.server.SealKeyUpdate(answer));
  EXPECT_EQ(Open(ends.client, {std::begin(answer), std::end(answer)}).kind, Opened::kNothing);
  Bytes data;
  EXPECT_EQ(Open(ends.client, Seal(ends.server, {7}), &data).kind, Opened::kBytes);
  EXPECT_EQ(data, Bytes{7});
}

TEST(TlsRecordsTest, NewKeysAreDueBeforeTheyAreWornOut) {
  Ends ends(RecordSuite::kAes128Gcm, (1 << 24) - 1);
  EXPECT_FALSE(ends.server.update_due());
  EXPECT_EQ(Open(ends.client, Seal(ends.server, {1})).kind, Opened::kBytes);
  EXPECT_TRUE(ends.server.update_due());
  uint8_t update[TlsRecords::kKeyUpdateSize];
  EXPECT_TRUE(ends.server.SealKeyUpdate(update));
  EXPECT_FALSE(ends.server.update_due());
  EXPECT_EQ(Open(ends.client, {std::begin(update), std::end(update)}).kind, Opened::kNothing);
  EXPECT_EQ(Open(ends.client, Seal(ends.server, {2})).kind, Opened::kBytes);
}

TEST(TlsRecordsTest, NoNumberIsUsedTwice) {
  Ends ends(RecordSuite::kAes128Gcm, UINT64_MAX - 1);
  Bytes record = Seal(ends.client, {1});
  uint8_t out[100];
  EXPECT_FALSE(ends.client.Seal(TlsRecords::kData, record, out));
  EXPECT_EQ(Open(ends.server, record).kind, Opened::kBytes);
  EXPECT_EQ(Open(ends.server, record).kind, Opened::kFailure);
}

TEST(TlsRecordsTest, MessagesMayComeInPartsAndTogether) {
  Ends ends;
  for (uint8_t byte : Bytes{24, 0, 0, 1}) {
    EXPECT_EQ(Open(ends.server, Seal(ends.client, {byte}, TlsRecords::kHandshake)).kind,
              Opened::kNothing);
  }
  EXPECT_EQ(Open(ends.server, Seal(ends.client, {1}, TlsRecords::kHandshake)).kind,
            Opened::kKeyUpdate);
  // Two tickets and the beginning of a third.
  Ends other;
  EXPECT_EQ(Open(other.client, Seal(other.server, {4, 0, 0, 2, 9, 9, 4, 0, 0, 0, 4, 0},
                                    TlsRecords::kHandshake))
                .kind,
            Opened::kNothing);
  EXPECT_EQ(other.client.TakeTickets(), (std::vector<Bytes>{{9, 9}, {}}));
  EXPECT_TRUE(other.client.TakeTickets().empty());
  EXPECT_EQ(Open(other.client, Seal(other.server, {0, 3, 7}, TlsRecords::kHandshake)).kind,
            Opened::kNothing);
  EXPECT_TRUE(other.client.TakeTickets().empty());
  EXPECT_EQ(Open(other.client, Seal(other.server, {8, 9, 4, 0, 0, 1}, TlsRecords::kHandshake)).kind,
            Opened::kNothing);
  EXPECT_TRUE(other.client.TakeTickets().empty());
  EXPECT_EQ(Open(other.client, Seal(other.server, {5}, TlsRecords::kHandshake)).kind,
            Opened::kNothing);
  EXPECT_EQ(other.client.TakeTickets(), (std::vector<Bytes>{{7, 8, 9}, {5}}));
  EXPECT_EQ(Open(other.client, Seal(other.server, {4, 0}, TlsRecords::kHandshake)).kind,
            Opened::kNothing);
  EXPECT_EQ(Open(other.client, Seal(other.server, {1})).reason,
            SSL_R_MIXED_HANDSHAKE_AND_NON_HANDSHAKE_DATA);
}

TEST(TlsRecordsTest, WhatIsNoMessageOfThisTimeIsRefused) {
  EXPECT_EQ(Tell({24, 0, 0, 1, 2}).reason, SSL_R_BAD_KEY_UPDATE);
  EXPECT_EQ(Tell({24, 0, 0, 2}).reason, SSL_R_BAD_KEY_UPDATE);
  EXPECT_EQ(Tell({24, 0, 0, 1, 1, 24}).reason, SSL_R_NOT_ON_RECORD_BOUNDARY);
  EXPECT_EQ(Tell({1, 0, 0, 0}).reason, SSL_R_UNEXPECTED_MESSAGE);
  EXPECT_EQ(Tell({4, 0, 0, 0}).reason, SSL_R_UNEXPECTED_MESSAGE);  // to a server
  EXPECT_EQ(Tell({4, 255, 0, 0}, TlsRecords::kHandshake, false).reason,
            SSL_R_EXCESSIVE_MESSAGE_SIZE);
  EXPECT_EQ(Tell({}).reason, SSL_R_BAD_LENGTH);
  EXPECT_EQ(Tell({1}, TlsRecords::Type{20}).reason, SSL_R_BAD_RECORD_TYPE);
  EXPECT_EQ(Tell({0, 0}, TlsRecords::Type{0}).reason, SSL_R_BAD_RECORD_TYPE);  // zeros alone
}

TEST(TlsRecordsTest, AlertsEndTheConnectionOrSayNothing) {
  EXPECT_EQ(Tell({1, 0}, TlsRecords::kAlert).kind, Opened::kEnd);
  EXPECT_EQ(Tell({2, 40}, TlsRecords::kAlert).reason, SSL_AD_REASON_OFFSET + 40);
  EXPECT_EQ(Tell({2, 40}, TlsRecords::kAlert).alert, TlsRecords::kNoAlert);
  EXPECT_EQ(Tell({1, 0, 0}, TlsRecords::kAlert).reason, SSL_R_INVALID_ALERT);
  Ends ends;
  for (int i = 0; i < 4; ++i)
    EXPECT_EQ(Open(ends.server, Seal(ends.client, {1, 90}, TlsRecords::kAlert)).kind,
              Opened::kNothing);
  EXPECT_EQ(Open(ends.server, Seal(ends.client, {1, 90}, TlsRecords::kAlert)).reason,
            SSL_R_TOO_MANY_WARN_ALERTS);
}

TEST(TlsRecordsTest, EmptyRecordsInARowAreLimited) {
  Ends ends;
  for (int i = 0; i < 32; ++i)
    EXPECT_EQ(Open(ends.server, Seal(ends.client, {})).kind, Opened::kBytes);
  EXPECT_EQ(Open(ends.server, Seal(ends.client, {})).reason, SSL_R_RECORD_TOO_SMALL);
}

TEST(TlsRecordsTest, HeadersAreChecked) {
  const Bytes good = [] {
    Ends ends;
    return Seal(ends.client, {1, 2, 3});
  }();
  auto with = [&](size_t at, uint8_t value) {
    Ends ends;
    Bytes record = good;
    record[at] = value;
    return Open(ends.server, record).reason;
  };
  EXPECT_EQ(with(0, 22), SSL_R_BAD_RECORD_TYPE);
  EXPECT_EQ(with(1, 2), SSL_R_WRONG_VERSION_NUMBER);
  EXPECT_EQ(with(2, 1), SSL_R_WRONG_VERSION_NUMBER);
  EXPECT_EQ(with(3, 0x41), SSL_R_ENCRYPTED_LENGTH_TOO_LONG);
  EXPECT_EQ(with(4, 3), SSL_R_LENGTH_TOO_SHORT);
  Ends ends;
  EXPECT_EQ(Open(ends.server, {23, 3, 3, 0, 0}).reason, SSL_R_LENGTH_TOO_SHORT);
  EXPECT_EQ(Open(ends.server, {23, 3, 3}).kind, Opened::kFailure);
  EXPECT_EQ(Open(ends.server, Seal(ends.client, Bytes(16385))).reason, SSL_R_DATA_LENGTH_TOO_LONG);
}

TEST(TlsRecordsTest, AConnectionGoesOnElsewhere) {
  Ends ends(RecordSuite::kChaCha20);
  EXPECT_EQ(Open(ends.server, Seal(ends.client, {1})).kind, Opened::kBytes);
  uint8_t update[TlsRecords::kKeyUpdateSize];
  EXPECT_TRUE(ends.client.SealKeyUpdate(update));
  EXPECT_EQ(Open(ends.server, {std::begin(update), std::end(update)}).kind, Opened::kNothing);
  EXPECT_EQ(Open(ends.client, Seal(ends.server, {2})).kind, Opened::kBytes);
  TlsRecords::State state;
  ASSERT_TRUE(ends.server.Export(&state));
  TlsRecords other(state);
  Bytes data;
  EXPECT_EQ(Open(other, Seal(ends.client, {3}), &data).kind, Opened::kBytes);
  EXPECT_EQ(data, Bytes{3});
  EXPECT_EQ(Open(ends.client, Seal(other, {4}), &data).kind, Opened::kBytes);
  EXPECT_EQ(data, Bytes{4});
}

TEST(TlsRecordsTest, NothingGoesElsewhereInTheMiddleOfAMessage) {
  Ends ends;
  EXPECT_EQ(Open(ends.server, Seal(ends.client, {24, 0}, TlsRecords::kHandshake)).kind,
            Opened::kNothing);
  TlsRecords::State state;
  EXPECT_FALSE(ends.server.Export(&state));
}

}  // namespace
}  // namespace sluice::test
