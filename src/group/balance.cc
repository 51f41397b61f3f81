// Which member gets the next connection.
#include "group/group.h"

#include "base/mutant.h"

namespace sluice {

std::shared_ptr<Member> Group::Choose() {
  std::lock_guard lock(mutex_);
  if (closed_) return nullptr;
  std::shared_ptr<Member> chosen;
  size_t place = next_;
  uint64_t least = 0;
  for (size_t i = 0; i < members_.size(); ++i) {
    size_t position = (next_ + i) % members_.size();
    const auto& one = members_[position];
    if (one->state_ != Member::State::kReady) continue;
    uint64_t load = balance_ == Balance::kLeastConnections ? Connections(*one) : 0;
    if (chosen && load >= least) continue;
    chosen = one;
    least = load;
    place = position + 1;
    if (balance_ == Balance::kRoundRobin) break;
  }
  if (!Mutant(13)) next_ = place % members_.size();
  return chosen;
}

}  // namespace sluice
