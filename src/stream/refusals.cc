// What a listener does with connections that its admission refuses.
#include "stream/refusals.h"

#include <utility>

#include "ledger/loop_ledger.h"
#include "sys/sys.h"

namespace sluice {
namespace {

constexpr uint64_t kTellMs = 1000;  // how often a reason is told at most
constexpr uint64_t kLookMs = 10;    // how often a listener that waits looks for a place

}  // namespace

void Listener::SetAdmission(std::shared_ptr<Admission> admission) {
  if (fd_ < 0) return;
  if (!admission) {
    refused_.reset();
    if (started_) Start();
  } else if (!refused_) {
    auto counted = refusals();
    if (!counted) {
      Transport transport = LocalAddress().is_ip() ? Transport::kTcp : Transport::kUnix;
      counted = LoopLedger::Of(loop_).NewAccount({{}, 0, 0, Side::kAccepted, transport});
    }
    refused_ = std::make_unique<Refused>(*this, std::move(counted));
  }
  admission_ = std::move(admission);
}

// It was open for no time at all, and is not kept among those that closed last: a flood of them
// would be all that is left there.
void Listener::Refuse(int fd, const Address& peer, Refusal reason) {
  if (admission_->action() != AdmissionOptions::Action::kClose) sys::SetLingerZero(fd);
  sys::Close(fd);
  refused_->counted->TurnAway(reason);
  ++refused_->of_event;
  Refused::Reason& told = refused_->reasons[static_cast<size_t>(reason)];
  if (told.count < Refused::kPeers) told.peers[told.count] = PackedIp(peer);
  ++told.count;
  if (!refused_->tell.active()) refused_->tell.SetAt(refused_->told_ms + kTellMs);
}

void Listener::TellRefusals() {
  Ref<Listener> keep(this);
  refused_->told_ms = loop_.now();
  for (size_t i = 0; i < kRefusals && refused_; ++i) {
    auto told = std::exchange(refused_->reasons[i], {});
    if (told.count == 0) continue;
    refused_->counted->TellTurnedAway(static_cast<Refusal>(i), told.count);
    RefusedConnections refused{static_cast<Refusal>(i), told.count, {}};
    for (size_t peer = 0; peer < Refused::kPeers && told.peers[peer]; ++peer)
      refused.peers.push_back(told.peers[peer].unpack());
    handler_->OnRefused(*this, refused);
  }
}

// The connections that end may be of other threads, which know nothing of this listener.
void Listener::WaitForPlace() {
  Watch(fd_, 0);
  refused_->look.SetAfter(kLookMs);
}

}  // namespace sluice
