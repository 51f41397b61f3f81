// Admission: limits of addresses, a table of a fixed size, places for handshakes.
#include "sluice/admission.h"

#include <thread>

#include "ledger/address_table.h"
#include "support.h"

namespace sluice::test {
namespace {

Address Ip(const std::string& text) {
  return Address::Ip(text, 0).value();
}

class AdmissionTest : public testing::Test {
 protected:
  void Use(const AdmissionOptions& options) { admission = std::make_shared<Admission>(options); }
  // "" for who is let in.
  std::string Try(const std::string& peer, uint64_t now = 1) {
    AdmissionPlace place;
    auto refused = admission->Admit(Ip(peer), now, &place);
    if (refused) return std::string(Name(*refused));
    places.push_back(place);
    return "";
  }
  ~AdmissionTest() override {
    for (const AdmissionPlace& place : places) place.admission->Leave(place.entry);
  }
  std::shared_ptr<Admission> admission;
  std::vector<AdmissionPlace> places;
};

TEST_F(AdmissionTest, ABucketLetsInItsCountAndThenByTime) {
  AdmissionOptions options;
  options.rate = {2, 100};
  Use(options);
  EXPECT_EQ(Try("10.0.0.1", 1000), "");
  EXPECT_EQ(Try("10.0.0.1", 1000), "");
  EXPECT_EQ(Try("10.0.0.1", 1049), "rate");
  EXPECT_EQ(Try("10.0.0.1", 1051), "");
  EXPECT_EQ(Try("10.0.0.1", 1052), "rate");
  EXPECT_EQ(Try("10.0.0.1", 900), "rate");  // a clock that stands behind gives nothing
  EXPECT_EQ(Try("10.0.0.2", 1052), "");
}

TEST_F(AdmissionTest, TheAddressThatIsIdleLongestGoesAndNoneThatIsConnected) {
  AdmissionOptions options;
  options.rate = {1, 1'000'000};
  options.table = 2;
  Use(options);
  EXPECT_EQ(Try("10.0.0.1"), "");
  EXPECT_EQ(Try("10.0.0.2"), "");
  places[1].admission->Leave(places[1].entry);
  places.pop_back();
  EXPECT_EQ(Try("10.0.0.3"), "");      // in the place of 2
  EXPECT_EQ(Try("10.0.0.1"), "rate");  // which is known still
  EXPECT_EQ(admission->Numbers().table_full, 0u);
  EXPECT_EQ(Try("10.0.0.4"), "");  // all are connected: one place for all others
  EXPECT_EQ(Try("10.0.0.5"), "rate");
  EXPECT_EQ(admission->Numbers().table_full, 2u);
  EXPECT_EQ(admission->Numbers().addresses, 2u);
}

TEST_F(AdmissionTest, ATableThatGrowsAndShrinksKeepsWhoIsConnected) {
  AdmissionOptions options;
  options.concurrent = 1;
  options.table = 4;
  Use(options);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(Try("10.0.0." + std::to_string(i)), "");
  options.table = 4096;
  admission->Set(options);
  for (int i = 0; i < 1000; ++i)
    EXPECT_EQ(Try("10.1." + std::to_string(i / 250) + "." + std::to_string(i % 250)), "");
  options.table = 1;
  admission->Set(options);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(Try("10.0.0." + std::to_string(i)), "concurrent");
  for (const AdmissionPlace& place : places) place.admission->Leave(place.entry);
  places.clear();
  EXPECT_EQ(admission->Numbers().addresses, 1u);
  EXPECT_EQ(admission->Numbers().open, 0u);
}

// What comes back between two attempts may be little beside what is there.
TEST_F(AdmissionTest, ABucketRefillsAsWellUnderAFloodOfItsOwnAddress) {
  AdmissionOptions options;
  options.rate = {1, 100'000'000};
  Use(options);
  EXPECT_EQ(Try("10.0.0.1", 1), "");
  uint64_t now = 1;
  for (int i = 0; i < 100'000; ++i) EXPECT_EQ(Try("10.0.0.1", ++now), "rate");
  EXPECT_EQ(Try("10.0.0.1", 100'000'002), "");
}

TEST_F(AdmissionTest, AFloodFrom65000AddressesFillsNoMoreThanTheTable) {
  AdmissionOptions options;
  options.rate = {1, 1'000'000};
  options.table = 1024;
  Use(options);
  auto address = [](int i) {
    return Ip("10.0." + std::to_string(i / 256) + "." + std::to_string(i % 256));
  };
  AdmissionPlace held;
  EXPECT_FALSE(admission->Admit(Ip("10.1.0.1"), 1, &held));
  for (int i = 0; i < 65'000; ++i) {
    AdmissionPlace place;
    EXPECT_FALSE(admission->Admit(address(i), 1, &place));
    admission->Leave(place.entry);
    EXPECT_EQ(admission->Admit(address(i), 1, &place), Refusal::kRate);
  }
  EXPECT_EQ(admission->Numbers().addresses, 1024u);
  EXPECT_EQ(admission->Numbers().table_full, 0u);
  EXPECT_EQ(Try("10.1.0.1"), "rate");  // who is connected is known still
  admission->Leave(held.entry);
}

TEST_F(AdmissionTest, FailuresBanAnAddressForATime) {
  AdmissionOptions options;
  options.failures = {2, 100};
  Use(options);
  EXPECT_EQ(Try("10.0.0.1", 1000), "");
  uint32_t entry = places[0].entry;
  admission->HandshakeFailed(entry, 1000);
  admission->HandshakeFailed(entry, 1100);  // of another time
  EXPECT_EQ(Try("10.0.0.1", 1100), "");
  admission->HandshakeFailed(entry, 1150);
  EXPECT_EQ(Try("10.0.0.1", 1249), "banned");
  EXPECT_EQ(Try("10.0.0.2", 1249), "");
  EXPECT_EQ(Try("10.0.0.1", 1250), "");
}

TEST_F(AdmissionTest, AQuarterOfThePlacesIsForResumedHandshakes) {
  AdmissionOptions options;
  options.handshakes = 4;
  Use(options);
  using Turn = Admission::Turn;
  AdmissionPlace place;
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(admission->BeginHandshake(place, false, false, 1), Turn::kNow);
  EXPECT_EQ(admission->BeginHandshake(place, false, false, 1), Turn::kLater);
  EXPECT_EQ(admission->BeginHandshake(place, true, false, 1), Turn::kNow);
  EXPECT_EQ(admission->BeginHandshake(place, true, false, 1), Turn::kLater);
  admission->EndHandshake(false);
  EXPECT_EQ(admission->BeginHandshake(place, false, true, 1), Turn::kNow);
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(admission->BeginHandshake(place, false, false, 1), Turn::kLater);
  EXPECT_EQ(admission->BeginHandshake(place, false, false, 1), Turn::kNever);
  EXPECT_EQ(admission->Numbers().waiting, 4u);
}

TEST_F(AdmissionTest, ItLivesAsLongAsItsConnections) {
  Use({});
  EXPECT_EQ(Try("10.0.0.1"), "");
  std::weak_ptr<Admission> watched = admission;
  admission.reset();
  EXPECT_FALSE(watched.expired());
  places[0].admission->Leave(places[0].entry);
  places.clear();
  EXPECT_TRUE(watched.expired());
}

TEST_F(AdmissionTest, ThreadsMayLetConnectionsGoWhileOthersCome) {
  AdmissionOptions options;
  options.concurrent = 2;
  options.table = 64;
  Use(options);
  auto churn = [this](int seed) {
    for (int i = 0; i < 20'000; ++i) {
      AdmissionPlace place;
      Address peer = Ip("10.0.0." + std::to_string((i * 7 + seed) % 200));
      if (!admission->Admit(peer, static_cast<uint64_t>(i), &place))
        place.admission->Leave(place.entry);
    }
  };
  std::thread other(churn, 1);
  churn(2);
  other.join();
  EXPECT_EQ(admission->Numbers().open, 0u);
  EXPECT_LE(admission->Numbers().addresses, 64u);
}

TEST_F(AdmissionTest, NumbersBeyondTheirBoundsAreTakenAsTheNearest) {
  AdmissionOptions options;
  options.concurrent = 1;
  options.v4_prefix = ~0u;
  options.v6_prefix = ~0u;
  options.table = ~0u;
  options.rate = {~0u, 0};
  Use(options);
  EXPECT_EQ(Try("10.0.0.1"), "");
  EXPECT_EQ(Try("10.0.0.2"), "");
  EXPECT_EQ(Try("10.0.0.1"), "concurrent");
  EXPECT_EQ(Try("2001:db8::1"), "");
  EXPECT_EQ(Try("2001:db8::2"), "");
  options.table = 0;
  admission->Set(options);
  EXPECT_EQ(Try("10.0.0.1"), "concurrent");
}

}  // namespace
}  // namespace sluice::test
