#include "stream/spread.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace sluice {
namespace {

constexpr uint64_t kIdleMs = 1000;     // one that was silent for so long has nothing under way
constexpr uint64_t kLingerMs = 2000;   // how long the peer's end is waited for
constexpr uint64_t kLookAgainMs = 50;  // between looks at what is not written yet
constexpr uint64_t kSearchMs = 1000;   // between looks for connections that are new

// Where in the time of the spread a connection has its turn, from 0 to 1: multiples of the golden
// ratio, without their integers, lie evenly.
double PlaceOf(uint64_t id) {
  constexpr double kGolden = 0.6180339887498949;
  double whole;
  return std::modf(static_cast<double>(id) * kGolden, &whole);
}

}  // namespace

// All are the spreads of a loop.
class Spread::All final : public LoopState {
 public:
  explicit All(Loop&) {}
  std::map<const Account*, std::unique_ptr<Spread>> spreads;
};

// Lingering stands before the handler of a stream that is ended: our end is told, and OnShutdown,
// upon which handlers close, comes when the peer's end did. What it sends until then is read.
class Spread::Lingering final : public StreamHandler,
                                public std::enable_shared_from_this<Lingering> {
 public:
  Lingering(Stream& stream, bool peer_ended)
      : stream_(&stream), program_(stream.handler()), peer_ended_(peer_ended) {
    stream.set_handler(this);
  }
  ~Lingering() {
    if (!stream_->closed() && stream_->handler() == this) stream_->set_handler(program_);
  }
  std::span<uint8_t> OnBuffer(Stream& stream, size_t wanted) override {
    return program_->OnBuffer(stream, wanted);
  }
  void OnData(Stream& stream, std::span<uint8_t> data) override { program_->OnData(stream, data); }
  void OnDrain(Stream& stream) override { program_->OnDrain(stream); }
  void OnIdle(Stream& stream) override { program_->OnIdle(stream); }
  void OnError(Stream& stream, const Error& error) override { program_->OnError(stream, error); }
  Socket* OnCarry(Socket& socket) override { return program_->OnCarry(socket); }
  void OnShutdown(Stream& stream) override {
    shut_down_ = true;
    if (peer_ended_) program_->OnShutdown(stream);
  }
  void OnEnd(Stream& stream) override {
    auto keep = shared_from_this();
    peer_ended_ = true;
    program_->OnEnd(stream);
    if (shut_down_ && !stream.closed() && stream.handler() == this) program_->OnShutdown(stream);
  }

 private:
  const Ref<Stream> stream_;
  StreamHandler* const program_;
  bool peer_ended_;
  bool shut_down_ = false;
};

void Spread::Begin(Loop& loop, const std::shared_ptr<Account>& account,
                   const SpreadOrders& orders) {
  std::unique_ptr<Spread>& spread = loop.State<All>().spreads[account.get()];
  if (spread)
    spread->Hasten(orders);
  else
    spread = std::make_unique<Spread>(loop, account, orders);
}

void Spread::End(Loop& loop, const Account& account) {
  loop.State<All>().spreads.erase(&account);
}

Spread::Spread(Loop& loop, std::shared_ptr<Account> account, const SpreadOrders& orders)
    : loop_(loop), account_(std::move(account)), orders_(orders), timer_(loop, [this] { Look(); }) {
  timer_.SetAfter(0);
}

void Spread::Hasten(const SpreadOrders& orders) {
  if (orders.deadline >= orders_.deadline) return;
  uint64_t now = loop_.Refresh();
  double factor =
      static_cast<double>(orders.until - std::min(orders.until, now)) /
      static_cast<double>(std::max<uint64_t>(orders_.until - std::min(orders_.until, now), 1));
  orders_ = {std::min(orders.until, orders_.until), orders.deadline, orders.reset};
  for (auto& [due, turn] : std::exchange(turns_, {})) {
    bool later = turn.state == Turn::State::kWaits && due > now && factor < 1;
    turns_.emplace(
        later ? now + static_cast<uint64_t>(static_cast<double>(due - now) * factor) : due,
        std::move(turn));
  }
  timer_.SetAfter(0);
}

void Spread::Look() {
  uint64_t now = loop_.Refresh();
  if (now >= orders_.deadline) {
    LoopLedger::Of(loop_).EndAll(*account_, CloseReason::Of(CloseCode::kDrainDeadline), true);
    End(loop_, *account_);
    return;
  }
  if (now >= search_) FindNew(now);
  while (!turns_.empty() && turns_.begin()->first <= now)
    Take(std::move(turns_.extract(turns_.begin()).mapped()), now);
  uint64_t next = std::min(orders_.deadline, search_);
  if (!turns_.empty()) next = std::min(next, turns_.begin()->first);
  timer_.SetAt(std::max(next, now + 1));
}

// Those that a thread handed over before the server closed may be made connections of later.
void Spread::FindNew(uint64_t now) {
  search_ = now + kSearchMs;
  for (LoopLedger::Place place : LoopLedger::Of(loop_).PlacesOf(*account_)) {
    if (!seen_.insert(place.id).second) continue;
    double rest = static_cast<double>(orders_.until - std::min(orders_.until, now));
    turns_.emplace(now + static_cast<uint64_t>(PlaceOf(place.id) * rest), Turn{place, {}, {}});
  }
}

void Spread::Take(Turn turn, uint64_t now) {
  LoopLedger& ledger = LoopLedger::Of(loop_);
  ConnectionRecord* record = ledger.At(turn.place);
  if (record == nullptr) return;
  auto again = [&](uint64_t after) { turns_.emplace(now + after, std::move(turn)); };
  Stream& stream = record->stream();
  if (turn.state == Turn::State::kEnding) {
    if (stream.queued() > 0) return again(kLookAgainMs);
    record->End(CloseReason::Of(CloseCode::kDrain));
    return;
  }
  if (turn.state == Turn::State::kWaits) {
    // The program knows nothing yet of one whose handshake goes on.
    if (record->above() != nullptr && record->above()->ReadyAt() == 0) return again(kLookAgainMs);
    turn.state = Turn::State::kTold;
    if (stream.handler()->OnGoAway(stream, orders_.deadline - now)) return;
    record = ledger.At(turn.place);
    if (record == nullptr) return;
  }
  if (orders_.reset) {
    record->End(CloseReason::Of(CloseCode::kDrain), true);
    return;
  }
  uint64_t quiet = now - std::min(now, record->last_moved());
  if (quiet < kIdleMs) return again(kIdleMs - quiet);
  bool peer_ended = record->reason().code == CloseCode::kPeerEnd;
  record->Note(CloseReason::Of(CloseCode::kDrain));
  turn.state = Turn::State::kEnding;
  turn.lingering = std::make_shared<Lingering>(record->stream(), peer_ended);
  record->stream().Shutdown();
  again(kLingerMs);
}

}  // namespace sluice
