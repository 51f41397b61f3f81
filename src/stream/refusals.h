// Internal. Listener::Refused: what a listener's admission refused.
#pragma once

#include <array>
#include <memory>

#include "ledger/account.h"
#include "sluice/server.h"

namespace sluice {

// Refused is what was refused and not told yet.
struct Listener::Refused {
  Refused(Listener& listener, std::shared_ptr<Account> where)
      : counted(std::move(where)),
        tell(listener.loop(), [&listener] { listener.TellRefusals(); }),
        look(listener.loop(), [&listener] {
          if (listener.fd_ >= 0 && listener.started_) listener.Start();
        }) {}

  static constexpr size_t kPeers = 8;  // that are told
  struct Reason {
    uint64_t count = 0;
    PackedIp peers[kPeers];
  };
  const std::shared_ptr<Account> counted;
  std::array<Reason, kRefusals> reasons;
  int of_event = 0;  // refused since the listener heard last that clients wait
  uint64_t told_ms = 0;
  Timer tell;
  Timer look;
};

}  // namespace sluice
