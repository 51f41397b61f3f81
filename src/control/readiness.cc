#include "control/readiness.h"

#include <algorithm>
#include <cerrno>
#include <cmath>

#include "control/http.h"
#include "control/numbers.h"
#include "control/service.h"
#include "engine/task.h"
#include "sys/sys.h"

namespace sluice::control {
namespace {

constexpr double kSmoothSeconds = 5;  // over which the load is averaged
constexpr double kRampSeconds = 10;   // in which a fresh server comes to its weight
constexpr int kStep = 5;              // per cent: smaller changes would only reshuffle clients
constexpr int kFull = 100;

std::shared_ptr<js::Task> TaskOf(const Group& group, int index, int master) {
  if (index == 0) return js::Task::Find(master);
  for (int id : js::Task::List()) {
    auto task = js::Task::Find(id);
    if (task && task->options().group.get() == &group && task->options().member == index)
      return task;
  }
  return nullptr;
}

}  // namespace

void Readiness::Serve(std::shared_ptr<Group> group, std::shared_ptr<Account> account) {
  std::lock_guard lock(mutex_);
  group_ = std::move(group);
  account_ = std::move(account);
}

void Readiness::set_admission(std::shared_ptr<Admission> admission) {
  std::lock_guard lock(mutex_);
  admission_ = std::move(admission);
}

void Readiness::set_state(State state) {
  if (state == State::kServing && state_ != State::kServing) serving_since_ = sys::MonotonicMs();
  state_ = state;
}

void Readiness::set_limits(uint64_t most, uint64_t balancers, int weight) {
  most_ = most;
  balancers_ = std::max<uint64_t>(balancers, 1);
  weight_ = weight;
}

bool Readiness::Stuck(int id, uint64_t limit) const {
  auto task = js::Task::Find(id);
  if (!task) return true;
  uint64_t since = task->busy_since.load(std::memory_order_relaxed);
  uint64_t now = sys::MonotonicMs();
  return since != 0 && now > since && now - since > limit;
}

// A group with subs is not ready by its master alone.
bool Readiness::MemberReady(const Group& group) const {
  if (group.subs() == 0) return true;
  for (int index : group.Ready()) {
    if (index == 0) continue;
    auto task = TaskOf(group, index, task_);
    if (task && !Stuck(task->id(), ready_ms_)) return true;
  }
  return false;
}

const char* Readiness::WhyNotReady() const {
  switch (state_.load()) {
    case State::kStarting:
      return "starting";
    case State::kDraining:
      return "draining";
    case State::kClosing:
      return "closing";
    case State::kServing:
      break;
  }
  if (Stuck(task_, ready_ms_)) return "stuck";
  std::shared_ptr<Group> group;
  {
    std::lock_guard lock(mutex_);
    group = group_;
  }
  return group && !MemberReady(*group) ? "no member ready" : "";
}

bool Readiness::Alive() const {
  return !Stuck(task_, live_ms_);
}

// With the lock held.
uint64_t Readiness::Connections() const {
  if (!group_) return account_ ? account_->open() : 0;
  uint64_t sum = 0;
  for (int index = 0; index <= group_->subs(); ++index) sum += group_->numbers(index).connections;
  return sum;
}

// With the lock held: how many connections there may be, 0 for any number.
uint64_t Readiness::Most() const {
  if (most_ > 0 || !admission_) return most_;
  return admission_->Numbers().total;
}

// With the lock held: the larger of how much of the time since it was asked last the members were
// busy, and of how full the queue of handshakes is; both smoothed.
double Readiness::Load() {
  double busy = 0;
  int members = 0;
  auto add = [&](const std::shared_ptr<js::Task>& task) {
    if (!task) return;
    busy += BusySeconds(*task);
    ++members;
  };
  if (group_)
    for (int index : group_->Ready()) add(TaskOf(*group_, index, task_));
  else
    add(js::Task::Find(task_));
  AdmissionNumbers numbers = admission_ ? admission_->Numbers() : AdmissionNumbers();
  uint64_t now = sys::MonotonicMs();
  double seconds = static_cast<double>(now - asked_ms_) / 1e3;
  if (asked_ms_ != 0 && seconds > 0 && members > 0) {
    double part = 1 - std::exp(-seconds / kSmoothSeconds);
    double share = std::clamp((busy - busy_seconds_) / seconds / members, 0.0, 1.0);
    double queue =
        numbers.may_wait > 0 ? std::min(1.0, 1.0 * numbers.waiting / numbers.may_wait) : 0;
    busy_share_ += (share - busy_share_) * part;
    handshake_queue_ += (queue - handshake_queue_) * part;
  }
  asked_ms_ = now;
  busy_seconds_ = busy;
  return std::max(busy_share_, handshake_queue_);
}

int Readiness::Weight() {
  std::lock_guard lock(mutex_);
  double load = Load();
  if (uint64_t most = Most(); most > 0)
    load = std::max(load,
                    std::min(1.0, static_cast<double>(Connections()) / static_cast<double>(most)));
  int own = weight_;
  double weight = own >= 0 ? own : kFull * (1 - load);
  double seconds = static_cast<double>(sys::MonotonicMs() - serving_since_) / 1e3;
  weight *= std::min(1.0, seconds / kRampSeconds);
  int stepped = static_cast<int>(std::lround(weight / kStep)) * kStep;
  return std::clamp(own == 0 ? 0 : std::max(stepped, 1), 0, kFull);
}

std::string Readiness::AgentLine() {
  State state = state_;
  if (state == State::kDraining) return "up drain 0%\n";
  if (state == State::kClosing) return "stopped #closing\n";
  std::string_view why = WhyNotReady();
  if (!why.empty()) return "down #" + std::string(why) + "\n";
  std::string line = "up ready " + std::to_string(Weight()) + "%";
  std::unique_lock lock(mutex_);
  uint64_t most = Most();
  lock.unlock();
  if (most > 0) line += " maxconn:" + std::to_string(std::max<uint64_t>(1, most / balancers_));
  return line + "\n";
}

// ---- Services

namespace {

std::shared_ptr<Service> Start(const grant::AddressGrant& address, std::function<void(int)> serve,
                               Address* bound, Error* error) {
  int fd = ListenAt(address, bound, error);
  if (fd < 0) return nullptr;
  auto service = StartService(fd, Crowd::kDropOldest, std::move(serve));
  if (service) return service;
  *error = Error::System("listen", EAGAIN, address.address().text());
  sys::Close(fd);
  return nullptr;
}

HttpAnswer HealthAnswer(const Readiness& readiness, std::string_view path) {
  auto answer = [](const char* problem, const char* well) -> HttpAnswer {
    bool good = *problem == '\0';
    return {good ? "200 OK" : "503 Service Unavailable", kPlainText,
            std::string(good ? well : problem) + "\n"};
  };
  if (path == "/live") return answer(readiness.Alive() ? "" : "stuck", "live");
  if (path == "/ready") return answer(readiness.WhyNotReady(), "ready");
  return {"404 Not Found", kPlainText, "there are /live and /ready\n"};
}

// The line is sent at once, whatever agent-send says.
void AnswerAgent(int client, Readiness& readiness) {
  Send(client, readiness.AgentLine());
  FinishSending(client);
}

}  // namespace

std::shared_ptr<Service> ServeHealth(const grant::AddressGrant& address,
                                     std::shared_ptr<Readiness> readiness, Address* bound,
                                     Error* error) {
  auto answer = [readiness = std::move(readiness)](const HttpRequest& request) {
    return HealthAnswer(*readiness, request.path);
  };
  return Start(
      address, [answer](int client) { ServeHttp(client, answer); }, bound, error);
}

std::shared_ptr<Service> ServeAgent(const grant::AddressGrant& address,
                                    std::shared_ptr<Readiness> readiness, Address* bound,
                                    Error* error) {
  return Start(
      address, [readiness = std::move(readiness)](int client) { AnswerAgent(client, *readiness); },
      bound, error);
}

}  // namespace sluice::control
