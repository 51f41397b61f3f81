// Internal. What few connections have, so that idle ones are small.
#pragma once

#include <memory>

#include "sluice/connection.h"
#include "sluice/loop.h"

namespace sluice {

// Limiter is what a connection with limits has.
struct ConnectionRecord::Limiter {
  Limiter(ConnectionRecord& record, Loop& loop)
      : timer(loop, [&record] { record.CheckLimits(); }) {}
  std::shared_ptr<const ConnectionLimits> limits;
  Timer timer;
  uint64_t acknowledged = 0;  // bytes, when it was looked at last
  uint64_t progress = 0;   // when the peer acknowledged some, or bytes began to wait; 0: none wait
  uint64_t over_soft = 0;  // since when; 0: it is not
};

struct ConnectionRecord::Rare {
  AdmissionPlace place;
  uint64_t held = 0;         // bytes that wait, those that Hold told
  uint32_t retransmits = 0;  // segments that the account counted already
  std::unique_ptr<Limiter> limiter;
};

inline ConnectionRecord::Rare& ConnectionRecord::rare() {
  if (!rare_) rare_ = std::make_unique<Rare>();
  return *rare_;
}

inline ConnectionRecord::Limiter* ConnectionRecord::limiter() const {
  return rare_ ? rare_->limiter.get() : nullptr;
}

}  // namespace sluice
