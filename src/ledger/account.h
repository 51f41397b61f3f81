// Internal. Account: the numbers of one member's connections of one kind.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "ledger/counter.h"
#include "ledger/histogram.h"
#include "sluice/ledger.h"

namespace sluice {

// QueueCap is how many bytes may wait to be written in queues that are counted together. Any
// thread.
class QueueCap {
 public:
  explicit QueueCap(uint64_t limit = 0) : limit_(limit) {}
  // Add returns whether there are too many now.
  bool Add(uint64_t bytes) {
    return IsOver(bytes_.fetch_add(bytes, std::memory_order_relaxed) + bytes);
  }
  void Take(uint64_t bytes) { bytes_.fetch_sub(bytes, std::memory_order_relaxed); }
  uint64_t bytes() const { return bytes_.load(std::memory_order_relaxed); }
  uint64_t limit() const { return limit_.load(std::memory_order_relaxed); }
  void set_limit(uint64_t limit) { limit_.store(limit, std::memory_order_relaxed); }
  bool over() const { return IsOver(bytes()); }
  // excess returns how many must go, once there are too many.
  uint64_t excess() const {
    uint64_t left = limit() / 10 * 9;
    return over() ? bytes() - left : 0;
  }

 private:
  bool IsOver(uint64_t bytes) const { return limit() > 0 && bytes > limit(); }
  std::atomic<uint64_t> bytes_{0};
  std::atomic<uint64_t> limit_;
};

// Account is written by its loop's thread alone, so that counting needs no locked instruction, and
// has its cache lines for itself. Any thread reads Numbers().
class alignas(64) Account {
 public:
  // number is one that no other account of the process has.
  // queues: of the group, null for none.
  Account(LoopLedger* ledger, AccountKey key, uint64_t number = 0,
          std::shared_ptr<QueueCap> queues = {})
      : ledger_(ledger), key_(std::move(key)), number_(number), queues_(std::move(queues)) {}
  Account(const Account&) = delete;
  Account& operator=(const Account&) = delete;

  LoopLedger* ledger() const { return ledger_; }  // null: of no loop. The loop's thread
  const AccountKey& key() const { return key_; }
  uint64_t number() const { return number_; }
  QueueCap* queues() const { return queues_.get(); }

  // What moves with every message.
  Counter bytes_in;
  Counter bytes_out;
  Counter write_queue;

  void Open();
  // seconds: how long it was open.
  void Close(CloseCode code, double seconds);
  void Refuse(Refusal refusal);
  void Exceed(WriteLimit limit) { exceeded_[static_cast<size_t>(limit)].Add(1); }
  // A handshake was done, after so many seconds, or failed.
  void Handshake(bool resumed, bool tls13, double seconds);
  void HandshakeFailed(HandshakeFailure failure);
  // What a TCP connection says of its way, of which so many retransmits were not counted yet.
  void RoundTrip(const TcpInfo& info, uint32_t retransmits);
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
  std::array<Counter, kWriteLimits> exceeded_;
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
  const std::shared_ptr<QueueCap> queues_;
};

}  // namespace sluice
