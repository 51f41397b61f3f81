// Internal. Account: the numbers of one member's connections of one kind.
#pragma once

#include <atomic>
#include <cstdint>

#include "ledger/counter.h"
#include "ledger/histogram.h"
#include "sluice/ledger.h"

namespace sluice {

// Account is written by its loop's thread alone, so that counting needs no locked instruction, and
// has its cache lines for itself. Any thread reads Numbers().
class alignas(64) Account {
 public:
  // number is one that no other account of the process has.
  Account(LoopLedger* ledger, AccountKey key, uint64_t number = 0)
      : ledger_(ledger), key_(std::move(key)), number_(number) {}
  Account(const Account&) = delete;
  Account& operator=(const Account&) = delete;

  LoopLedger* ledger() const { return ledger_; }  // null: of no loop. The loop's thread
  const AccountKey& key() const { return key_; }
  uint64_t number() const { return number_; }

  // What moves with every message.
  Counter bytes_in;
  Counter bytes_out;
  Counter write_queue;

  void Open();
  // seconds: how long it was open.
  void Close(CloseCode code, double seconds);
  void Refuse(Refusal refusal);
  // A handshake was done, after so many seconds, or failed.
  void Handshake(bool resumed, bool tls13, double seconds);
  void HandshakeFailed(HandshakeFailure failure);
  // At the end of a TCP connection.
  void RoundTrip(const TcpInfo& info);
  // open returns how many connections are open. Any thread.
  uint64_t open() const { return open_.value(); }
  // opened returns how many were opened. Any thread.
  uint64_t opened() const { return opened_.value(); }
  // Numbers returns all of one moment. Any thread.
  AccountNumbers Numbers() const;

 private:
  void CheckConserved() const;

  Counter opened_;
  Counter open_;
  std::array<Counter, kCloseCodes> closed_;
  std::array<Counter, kRefusals> refused_;
  std::array<Counter, kHandshakeKinds> handshakes_;
  std::array<Counter, kHandshakeFailures> failures_;
  Histogram<kDurationBounds> durations_;
  Histogram<kHandshakeBounds> handshake_durations_;
  Histogram<kRoundTripBounds> round_trips_;
  Counter retransmits_;
  std::atomic<uint32_t> changes_{0};  // odd while opened_, open_ and closed_ change
  LoopLedger* const ledger_;
  const AccountKey key_;
  const uint64_t number_;
};

}  // namespace sluice
