// Internal. Readiness: what a server tells those who send it clients, from threads that wait for no
// task.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "grant/grant.h"
#include "group/group.h"
#include "ledger/account.h"
#include "sluice/admission.h"

namespace sluice::control {

// Readiness is written by the server's task, and read by the threads of its services. Any thread.
class Readiness {
 public:
  // The numbers are those of lib/internal/net/health.js.
  enum class State : uint8_t {
    kStarting,  // it does not listen yet
    kServing,
    kDraining,
    kClosing,  // it does not listen any more
  };

  // task: whose loop accepts; times in ms that its turn may last.
  Readiness(int task, uint64_t ready_ms, uint64_t live_ms)
      : task_(task), ready_ms_(ready_ms), live_ms_(live_ms) {}

  // Serve names what it counts by: a group, or an account where there is none.
  void Serve(std::shared_ptr<Group> group, std::shared_ptr<Account> account);
  void set_state(State state);
  // set_admission tells what limits its handshakes, null for nothing.
  void set_admission(std::shared_ptr<Admission> admission);
  // set_limits: how many connections there may be, 0 for any number; how many load balancers share
  // them; the weight that the program gave, -1 for one by load.
  void set_limits(uint64_t most, uint64_t balancers, int weight);

  // set_patience: how long a turn may last while it is ready, while it is live; 0: as before.
  void set_patience(uint64_t ready_ms, uint64_t live_ms) {
    if (ready_ms > 0) ready_ms_ = ready_ms;
    if (live_ms > 0) live_ms_ = live_ms;
  }

  // WhyNotReady returns "" where clients may come, else "starting", "draining"…
  const char* WhyNotReady() const;
  // Alive returns whether the loop turns.
  bool Alive() const;
  // AgentLine returns what HAProxy's agent-check reads, with its end of line.
  std::string AgentLine();

 private:
  bool Stuck(int task, uint64_t limit) const;
  bool MemberReady(const Group& group) const;
  uint64_t Connections() const;
  uint64_t Most() const;
  double Load();
  int Weight();

  const int task_;
  std::atomic<uint64_t> ready_ms_;
  std::atomic<uint64_t> live_ms_;
  std::atomic<State> state_{State::kStarting};
  std::atomic<uint64_t> serving_since_{0};
  std::atomic<uint64_t> most_{0};
  std::atomic<uint64_t> balancers_{1};
  std::atomic<int> weight_{-1};
  mutable std::mutex mutex_;  // guards what follows
  std::shared_ptr<Group> group_;
  std::shared_ptr<Account> account_;
  std::shared_ptr<Admission> admission_;
  uint64_t asked_ms_ = 0;       // when the load was looked at last
  double busy_seconds_ = 0;     // of all members until then
  double busy_share_ = 0;       // smoothed
  double handshake_queue_ = 0;  // how full it is, smoothed
};

// ServeHealth answers /live and /ready by HTTP, ServeAgent HAProxy's agent-check. Both return null
// and set *error where they cannot.
std::shared_ptr<class Service> ServeHealth(const grant::AddressGrant& address,
                                           std::shared_ptr<Readiness> readiness, Address* bound,
                                           Error* error);
std::shared_ptr<Service> ServeAgent(const grant::AddressGrant& address,
                                    std::shared_ptr<Readiness> readiness, Address* bound,
                                    Error* error);

}  // namespace sluice::control
