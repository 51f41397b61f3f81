#include "stream/server_drain.h"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace sluice {
namespace {

constexpr uint64_t kRoundMs = 50;   // between looks at what is left
constexpr uint64_t kLateMs = 1000;  // how long other loops may take to see that the deadline passed

constexpr uint64_t kMostMs = INT32_MAX;

uint64_t JitterOf(const DrainOptions& options) {
  return options.jitter.value_or((options.deadline - options.grace) / 10 * 8);
}

}  // namespace

bool ServerDrain::Check(const DrainOptions& options, Error* error) {
  if (options.deadline > 0 && options.deadline <= kMostMs && options.grace <= options.deadline &&
      JitterOf(options) <= options.deadline - options.grace)
    return true;
  *error = Error::System("drain", EINVAL);
  return false;
}

std::shared_ptr<ServerDrain> ServerDrain::Of(const std::weak_ptr<ServerDrain>& drain) {
  auto found = drain.lock();
  return found && !found->over_ ? found : nullptr;
}

std::shared_ptr<ServerDrain> ServerDrain::Begin(Server server, const DrainOptions& options,
                                                DrainDone done) {
  auto drain = std::make_shared<ServerDrain>(std::move(server), options);
  drain->done_.push_back(std::move(done));
  drain->number_ = drain->loop_.Await([drain] {
    for (const DrainDone& tell : std::exchange(drain->done_, {}))
      if (tell) tell(drain->result_);
  });
  return drain;
}

ServerDrain::ServerDrain(Server server, const DrainOptions& options)
    : server_(std::move(server)),
      loop_(server_.listener->loop()),
      options_(options),
      began_(loop_.Refresh()),
      leave_(began_ + options.grace),
      end_(began_ + options.deadline),
      timer_(loop_, [this] { Look(); }) {
  if (server_.listener->closed()) leave_ = began_;
  LoopLedger::Of(loop_).SetDraining(server_.group, true);
  timer_.SetAt(leave_);
}

void ServerDrain::Hasten(const DrainOptions& options, DrainDone done) {
  done_.push_back(std::move(done));
  uint64_t now = loop_.Refresh();
  if (options.deadline >= end_ - std::min(end_, now)) return;
  end_ = now + options.deadline;
  options_.reset = options.reset;
  options_.jitter = std::min(JitterOf(options), JitterOf(options_));
  if (left_)
    Order(now);
  else
    leave_ = std::min(leave_, end_ - *options_.jitter);
  timer_.SetAt(std::min(timer_.when(), std::max(leave_, now)));
}

void ServerDrain::Look() {
  auto keep = shared_from_this();
  uint64_t now = loop_.Refresh();
  if (!left_ && (now < leave_ || !Leave(now))) {
    if (!over_) timer_.SetAt(std::max(leave_, now + 1));
    return;
  }
  if (over_) return;
  if (server_.open() == 0 || now >= end_ + kLateMs)
    Finish(now);
  else
    timer_.SetAt(now + kRoundMs);
}

// Load balancers have had their time. Returns whether it has left.
bool ServerDrain::Leave(uint64_t now) {
  server_.listener->TakeWaiting();
  if (over_) return true;
  // The other half of the time is for who has come.
  if (patience_ == 0) patience_ = now + (end_ - std::min(end_, now)) / 2;
  if (server_.listener->headers_awaited() > 0 && now < patience_) {
    leave_ = now + kRoundMs;
    return false;
  }
  left_ = true;
  for (const auto& account : server_.accounts) before_.push_back(account->Numbers());
  Order(now);
  server_.close();
  return true;
}

void ServerDrain::Order(uint64_t now) {
  SpreadOrders orders{std::min(end_, now + JitterOf(options_)), end_, options_.reset};
  server_.others(orders);
  Spread::Begin(loop_, server_.accounts[0], orders);
}

void ServerDrain::Finish(uint64_t now) {
  over_ = true;
  LoopLedger::Of(loop_).SetDraining(server_.group, false);
  Spread::End(loop_, *server_.accounts[0]);
  for (size_t i = 0; i < before_.size(); ++i) {
    AccountNumbers numbers = server_.accounts[i]->Numbers();
    auto since = [&](CloseCode code) {
      auto place = static_cast<size_t>(code);
      return numbers.closed[place] - before_[i].closed[place];
    };
    result_.ended += since(CloseCode::kDrain);
    result_.forced += since(CloseCode::kDrainDeadline);
    result_.closed += numbers.all_closed() - before_[i].all_closed();
  }
  result_.closed -= result_.ended + result_.forced;
  result_.left = server_.open();
  result_.ms = now - began_;
  loop_.Finish(number_);
}

void ServerDrain::Abandon() {
  over_ = true;
  timer_.Cancel();
  done_.clear();
  LoopLedger::Of(loop_).SetDraining(server_.group, false);
  loop_.Finish(number_);
}

}  // namespace sluice
