// Internal. binding('health'): what servers tell load balancers, from threads that wait for no
// task.
#include <cerrno>
#include <vector>

#include "bind/net/state.h"
#include "control/readiness.h"
#include "control/service.h"
#include "engine/task.h"
#include "engine/value.h"
#include "sluice/server.h"

namespace sluice::js {
namespace {

using control::Readiness;

// The servers of this task that somebody asks about. The services end with it.
struct HealthState final : BindingState {
  struct Entry {
    std::shared_ptr<Readiness> readiness;
    std::vector<std::shared_ptr<control::Service>> services;
    void Stop() {
      for (const auto& service : services) service->Stop();
      services.clear();
    }
  };
  explicit HealthState(Engine&) {}
  ~HealthState() override {
    for (Entry& entry : entries) entry.Stop();
  }
  Entry* Find(int64_t number) {
    auto place = static_cast<size_t>(number);
    return number >= 0 && place < entries.size() ? &entries[place] : nullptr;
  }
  std::vector<Entry> entries;
};

HealthState::Entry* EntryOf(Call& call) {
  return call.engine().State<HealthState>().Find(call.integer(0));
}

// open(ms that a turn may last while it is ready, while it is live) → number of a server
JSValueRef Open(Call& call) {
  auto& entries = call.engine().State<HealthState>().entries;
  entries.push_back({std::make_shared<Readiness>(call.engine().task().id(),
                                                 static_cast<uint64_t>(call.integer(0)),
                                                 static_cast<uint64_t>(call.integer(1))),
                     {}});
  return call.number_value(static_cast<double>(entries.size() - 1));
}

// serve(number, host, port, whether for HAProxy's agent-check) → the port, or -errno
JSValueRef Serve(Call& call) {
  auto* entry = EntryOf(call);
  auto address = Address::Ip(call.string(1), static_cast<uint16_t>(call.integer(2)));
  if (entry == nullptr || !address) return call.number_value(-EINVAL);
  Address bound;
  Error error;
  auto service =
      call.boolean(3)
          ? control::ServeAgent(grant::ToBind(*address), entry->readiness, &bound, &error)
          : control::ServeHealth(grant::ToBind(*address), entry->readiness, &bound, &error);
  if (!service) return call.number_value(-static_cast<double>(error.number));
  entry->services.push_back(std::move(service));
  return call.number_value(bound.port());
}

// setState(number, a Readiness::State, number of its listener or 0)
JSValueRef SetState(Call& call) {
  auto* entry = EntryOf(call);
  if (entry == nullptr) return call.undefined();
  NetState& state = State(call);
  auto id = static_cast<uint32_t>(call.integer(2));
  Group* group = state.group(id);
  Listener* listener = state.listener(id);
  if (group != nullptr || listener != nullptr)
    entry->readiness->Serve(group != nullptr ? group->shared_from_this() : nullptr,
                            listener != nullptr ? listener->account() : nullptr);
  entry->readiness->set_state(static_cast<Readiness::State>(call.integer(1)));
  return call.undefined();
}

// setLimits(number, most connections or 0, load balancers, weight or -1, number of its listener or
// 0)
JSValueRef SetLimits(Call& call) {
  auto* entry = EntryOf(call);
  if (entry == nullptr) return call.undefined();
  entry->readiness->set_limits(static_cast<uint64_t>(call.integer(1)),
                               static_cast<uint64_t>(call.integer(2)),
                               static_cast<int>(call.integer(3)));
  if (Listener* listener = State(call).listener(static_cast<uint32_t>(call.integer(4))))
    entry->readiness->set_admission(listener->admission());
  return call.undefined();
}

// setPatience(number, ms that a turn may last while it is ready, while it is live; 0: as it is)
JSValueRef SetPatience(Call& call) {
  if (auto* entry = EntryOf(call))
    entry->readiness->set_patience(static_cast<uint64_t>(call.integer(1)),
                                   static_cast<uint64_t>(call.integer(2)));
  return call.undefined();
}

// why(number) → '' where it is ready, else why it is not
JSValueRef Why(Call& call) {
  auto* entry = EntryOf(call);
  return call.string_value(entry != nullptr ? entry->readiness->WhyNotReady() : "closed");
}

// close(number) ends its services
JSValueRef Close(Call& call) {
  if (auto* entry = EntryOf(call)) entry->Stop();
  return call.undefined();
}

constexpr FunctionEntry kFunctions[] = {
    {"open", Guarded<Open>},           {"serve", Guarded<Serve>},
    {"setState", Guarded<SetState>},   {"setPatience", Guarded<SetPatience>},
    {"setLimits", Guarded<SetLimits>}, {"why", Guarded<Why>},
    {"close", Guarded<Close>},
};

}  // namespace

void BindHealth(Binder& binder) {
  binder.Functions(kFunctions);
}

}  // namespace sluice::js
