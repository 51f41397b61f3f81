// Internal. ServerDrain: how a server leaves, from its grace to its deadline.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "sluice/drain.h"
#include "sluice/server.h"
#include "stream/spread.h"

namespace sluice {

// ServerDrain stops accepting when its grace is over, has a Spread on each loop of the server end
// the connections there, and tells when none is left. Its loop keeps it. Loop thread.
class ServerDrain : public std::enable_shared_from_this<ServerDrain> {
 public:
  // What leaves.
  struct Server {
    Ref<Listener> listener;
    std::string group;  // "" for none
    // Of its connections, the first those of the listener's loop.
    std::vector<std::shared_ptr<Account>> accounts;
    std::function<uint64_t()> open;                   // how many there are, with those under way
    std::function<void()> close;                      // it accepts no more
    std::function<void(const SpreadOrders&)> others;  // orders for its other loops
  };

  // Check returns whether options are such as Begin takes; sets *error, EINVAL, if not.
  static bool Check(const DrainOptions& options, Error* error);
  // Of returns the one that goes on, or null.
  static std::shared_ptr<ServerDrain> Of(const std::weak_ptr<ServerDrain>& drain);
  static std::shared_ptr<ServerDrain> Begin(Server server, const DrainOptions& options,
                                            DrainDone done);
  ServerDrain(Server server, const DrainOptions& options);

  // Hasten: it was asked for again. The deadline may only come nearer.
  void Hasten(const DrainOptions& options, DrainDone done);
  // Abandon ends it without a word: its server is gone.
  void Abandon();

 private:
  void Look();
  bool Leave(uint64_t now);
  void Order(uint64_t now);
  void Finish(uint64_t now);

  Server server_;
  Loop& loop_;
  DrainOptions options_;
  const uint64_t began_;
  uint64_t leave_;         // when grace is over
  uint64_t end_;           // the deadline
  uint64_t patience_ = 0;  // until when PROXY headers may still come
  bool left_ = false;
  bool over_ = false;
  std::vector<AccountNumbers> before_;  // of accounts, when it left
  std::vector<DrainDone> done_;
  DrainResult result_;
  uint64_t number_ = 0;  // of Loop::Await
  Timer timer_;
};

}  // namespace sluice
