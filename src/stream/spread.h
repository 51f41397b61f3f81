// Internal. Spread: ends the connections of an account one after another.
#pragma once

#include <map>
#include <memory>
#include <unordered_set>

#include "ledger/loop_ledger.h"
#include "sluice/stream.h"

namespace sluice {

// When a Spread ends connections. Times of Loop::now(), in ms.
struct SpreadOrders {
  uint64_t until;     // the last connection has its turn
  uint64_t deadline;  // what is open then is reset
  bool reset;         // connections end by RST
};

// Spread gives each connection of an account a time of its own, and tells its handler, which ends
// it (StreamHandler::OnGoAway). It ends the others itself, once nothing moved for a second. It is
// kept by its loop until its deadline. Loop thread.
class Spread {
 public:
  // Begin begins one on loop, whose account it is. Again: the deadline may only come nearer.
  static void Begin(Loop& loop, const std::shared_ptr<Account>& account,
                    const SpreadOrders& orders);
  // End ends it before its time; nothing if there is none.
  static void End(Loop& loop, const Account& account);

  Spread(Loop& loop, std::shared_ptr<Account> account, const SpreadOrders& orders);

 private:
  class All;
  class Lingering;
  struct Turn {
    LoopLedger::Place place;
    enum class State : uint8_t { kWaits, kTold, kEnding } state = State::kWaits;
    std::shared_ptr<Lingering> lingering;  // of one that is ending
  };

  void Hasten(const SpreadOrders& orders);
  void Look();
  void FindNew(uint64_t now);
  void Take(Turn turn, uint64_t now);

  Loop& loop_;
  const std::shared_ptr<Account> account_;
  SpreadOrders orders_;
  uint64_t search_ = 0;                  // when connections that are new are looked for
  std::multimap<uint64_t, Turn> turns_;  // by when they are due
  std::unordered_set<uint64_t> seen_;    // connections that had a turn
  Timer timer_;
};

}  // namespace sluice
