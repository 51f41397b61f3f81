#include "sluice/admission.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "ledger/address_table.h"
#include "ledger/loop_ledger.h"

namespace sluice {
namespace {

constexpr uint32_t kResumedShare = 4;  // one place in so many is for resumed handshakes alone

bool LimitsAddresses(const AdmissionOptions& options) {
  return options.concurrent > 0 || options.rate.count > 0 || options.failures.count > 0;
}

std::mutex all_mutex;  // guards All()
std::vector<Admission*>& AllOfProcess() {
  static auto* all = new std::vector<Admission*>;
  return *all;
}

}  // namespace

Admission::Admission(AdmissionOptions options) {
  Set(std::move(options));
  std::lock_guard lock(all_mutex);
  AllOfProcess().push_back(this);
}

Admission::~Admission() {
  std::lock_guard lock(all_mutex);
  std::erase(AllOfProcess(), this);
}

void Admission::Set(AdmissionOptions options) {
  for (Rate* rate : {&options.rate, &options.handshake_rate, &options.failures})
    rate->ms = std::max(rate->ms, 1u);
  options.table = std::clamp(options.table, 1u, AdmissionOptions::kMostTable);
  options.v4_prefix = std::min(options.v4_prefix, 32u);
  options.v6_prefix = std::min(options.v6_prefix, 128u);
  std::lock_guard lock(mutex_);
  if (table_) {
    table_->Resize(options.table);
  } else if (LimitsAddresses(options)) {
    table_ = std::make_unique<AddressTable>(options.table);
  }
  action_ = options.action;
  options_ = std::move(options);
  handshake_tokens_ = {};
}

uint32_t Admission::handshake_timeout_ms() const {
  std::lock_guard lock(mutex_);
  return options_.handshake_timeout_ms;
}

AdmissionNumbers Admission::Numbers() const {
  std::lock_guard lock(mutex_);
  return {open_,
          table_ ? table_->used() : 0,
          table_ ? table_->full() : 0,
          full_handshakes_ + resumed_handshakes_,
          waiting_,
          MayWait(),
          options_.total};
}

void Admission::set_group(std::string_view group) {
  std::lock_guard lock(mutex_);
  group_ = group;
}

std::vector<std::pair<std::string, AdmissionNumbers>> Admission::All() {
  std::vector<std::pair<std::string, AdmissionNumbers>> found;
  std::lock_guard lock(all_mutex);
  for (const Admission* one : AllOfProcess()) {
    AdmissionNumbers numbers = one->Numbers();
    std::lock_guard own(one->mutex_);
    found.emplace_back(one->group_, numbers);
  }
  return found;
}

// With the lock held.
uint32_t Admission::MayWait() const {
  return options_.handshakes > 0 ? options_.handshakes : options_.handshake_rate.count;
}

// With the lock held.
bool Admission::IsExempt(const IpBytes& ip) const {
  return std::any_of(options_.exempt.begin(), options_.exempt.end(),
                     [&](const AddressRange& prefix) { return prefix.Contains(ip); });
}

bool Admission::MustWait() const {
  if (action() != AdmissionOptions::Action::kWait) return false;
  std::lock_guard lock(mutex_);
  return options_.total > 0 && open_ >= options_.total;
}

std::optional<Refusal> Admission::Admit(const Address& peer, uint64_t now_ms,
                                        AdmissionPlace* place) {
  auto ip = IpBytesOf(peer);
  std::lock_guard lock(mutex_);
  bool exempt = ip && IsExempt(*ip);
  if (!exempt && options_.total > 0 && open_ >= options_.total) return Refusal::kTotal;
  uint32_t number = 0;
  if (ip && !exempt && LimitsAddresses(options_)) {
    unsigned bits = IsV4(*ip) ? options_.v4_prefix + 96 : options_.v6_prefix;
    number = table_->Find(Masked(*ip, bits));
    AddressTable::Entry& entry = (*table_)[number];
    if (entry.banned_until > now_ms) return Refusal::kBanned;
    if (options_.concurrent > 0 && entry.open >= options_.concurrent) return Refusal::kConcurrent;
    if (!entry.bucket.Take(options_.rate, now_ms)) return Refusal::kRate;
    table_->Opened(number);
  }
  if (open_++ == 0) self_ = weak_from_this().lock();
  *place = {this, number, exempt};
  return std::nullopt;
}

void Admission::Leave(uint32_t entry) {
  std::shared_ptr<Admission> last;  // let go of after the lock
  std::lock_guard lock(mutex_);
  SLUICE_CHECK(open_ > 0);
  if (entry != 0) table_->Closed(entry);
  if (--open_ == 0) last = std::move(self_);
}

void LeavePlace(const AdmissionPlace& place) {
  if (place.admission != nullptr) place.admission->Leave(place.entry);
}

// ---- Handshakes

Admission::Turn Admission::BeginHandshake(const AdmissionPlace& place, bool resumes, bool waits,
                                          uint64_t now_ms) {
  std::lock_guard lock(mutex_);
  uint32_t most = options_.handshakes;
  uint32_t running = full_handshakes_ + resumed_handshakes_;
  bool room =
      most == 0 || place.exempt ||
      (running < most && (resumes || full_handshakes_ < std::max(most - most / kResumedShare, 1u)));
  // Who came first goes first: a new one waits behind those who do.
  bool first = waits || waiting_ == 0 || resumes || place.exempt;
  if (room && first && (place.exempt || handshake_tokens_.Take(options_.handshake_rate, now_ms))) {
    ++(resumes ? resumed_handshakes_ : full_handshakes_);
    if (waits) --waiting_;
    return Turn::kNow;
  }
  if (waits) return Turn::kLater;
  if (waiting_ >= MayWait()) return Turn::kNever;
  ++waiting_;
  return Turn::kLater;
}

void Admission::EndHandshake(bool resumes) {
  std::lock_guard lock(mutex_);
  --(resumes ? resumed_handshakes_ : full_handshakes_);
}

void Admission::GiveUpHandshake() {
  std::lock_guard lock(mutex_);
  --waiting_;
}

void Admission::HandshakeFailed(uint32_t number, uint64_t now_ms) {
  std::lock_guard lock(mutex_);
  const Rate& most = options_.failures;
  if (number == 0 || most.count == 0) return;
  AddressTable::Entry& entry = (*table_)[number];
  if (entry.failures == 0 || now_ms - entry.failures_from >= most.ms) {
    entry.failures = 0;
    entry.failures_from = now_ms;
  }
  if (++entry.failures < most.count) return;
  entry.failures = 0;
  entry.banned_until = now_ms + most.ms;
}

}  // namespace sluice
