// Internal. binding('sim'): what the programs of a simulation ask of it; outside of one, active is
// false and nothing else may be called.
#include <deque>
#include <map>

#include "engine/value.h"
#include "sim/calls.h"

namespace sluice::js {
namespace {

// wallMs() → ms since 1970
JSValueRef WallMs(Call& call) {
  return call.number_value(sim::WallMs());
}

// random() → a number of [0, 1)
JSValueRef RandomUnit(Call& call) {
  return call.number_value(sim::RandomUnit());
}

// claim(0 always | 1 sometimes | 2 reachable, name, held)
JSValueRef Claim(Call& call) {
  auto kind = static_cast<int>(call.integer(0));
  std::string name = call.string(1);
  if (!call.failed()) sim::Claim(kind, name, call.boolean(2));
  return call.undefined();
}

// calm(): no more faults
JSValueRef Calm(Call& call) {
  sim::Calm();
  return call.undefined();
}

// kill(name, power, restartAfterMs) → whether there is such a host; < 0: it does not start again
JSValueRef Kill(Call& call) {
  std::string name = call.string(0);
  return call.boolean_value(sim::KillHost(name, call.boolean(1), call.integer(2)));
}

// cut(a, b, cut, both) → whether there are such hosts
JSValueRef Cut(Call& call) {
  std::string a = call.string(0), b = call.string(1);
  return call.boolean_value(sim::CutLink(a, b, call.boolean(2), call.boolean(3)));
}

// setLink(a, b, latency, bandwidth, loss) → whether there are such hosts; < 0: as it is
JSValueRef SetLink(Call& call) {
  std::string a = call.string(0), b = call.string(1);
  return call.boolean_value(sim::SetLink(a, b, call.number(2), call.number(3), call.number(4)));
}

std::vector<std::string> Strings(Call& call, size_t i) {
  std::vector<std::string> strings;
  JSObjectRef list = call.object(i);
  if (list == nullptr) return strings;
  double length = JSValueToNumber(call.context(), Get(call.context(), list, "length"), nullptr);
  for (unsigned at = 0; at < length; ++at)
    strings.push_back(Text(call.context(),
                           JSObjectGetPropertyAtIndex(call.context(), list, at, call.exception())));
  return strings;
}

// addHost(name, arguments, ['KEY', 'value', …], restarts, mustEnd) → false if there is one
JSValueRef AddHost(Call& call) {
  std::string name = call.string(0);
  std::vector<std::string> arguments = Strings(call, 1), flat = Strings(call, 2);
  if (call.failed()) return call.undefined();
  std::vector<std::pair<std::string, std::string>> environment;
  for (size_t i = 0; i + 1 < flat.size(); i += 2) environment.emplace_back(flat[i], flat[i + 1]);
  return call.boolean_value(
      sim::AddHost(name, arguments, environment, call.boolean(3), call.boolean(4)));
}

// mayWrite(path, a text or bytes; whether what a link refers to is meant) → whether it leads into
// the scratch folder
JSValueRef MayWrite(Call& call) {
  std::span<uint8_t> bytes = call.is_string(0) ? std::span<uint8_t>() : call.bytes(0);
  std::string path = call.is_string(0) ? call.string(0) : std::string(bytes.begin(), bytes.end());
  return call.boolean_value(sim::MayWrite(path, call.boolean(1)));
}

// addName(name, host) → whether there is such a host
JSValueRef AddName(Call& call) {
  std::string name = call.string(0), host = call.string(1);
  return call.boolean_value(!call.failed() && sim::AddName(name, host));
}

// Threads of this process that wait by Atomics.wait(), by the address. Who runs may touch it.
auto& Waiting() {
  static auto* waiting = new std::map<uintptr_t, std::deque<sim::Thread*>>;
  return *waiting;
}

uintptr_t AddressAt(Call& call) {
  return reinterpret_cast<uintptr_t>(call.bytes(0).data()) + static_cast<size_t>(call.integer(1));
}

// wait(view, offset, ms) → whether somebody notified; ms < 0: without a limit
JSValueRef Wait(Call& call) {
  uintptr_t address = AddressAt(call);
  if (call.failed()) return call.undefined();
  sim::Thread* mine = sim::Running();
  Waiting()[address].push_back(mine);
  bool woken = sim::Park(call.integer(2));
  if (!woken) std::erase(Waiting()[address], mine);
  if (Waiting()[address].empty()) Waiting().erase(address);
  return call.boolean_value(woken);
}

// notify(view, offset, most) → how many were woken
JSValueRef Notify(Call& call) {
  uintptr_t address = AddressAt(call);
  double most = call.number(2), woken = 0;
  if (call.failed()) return call.undefined();
  auto found = Waiting().find(address);
  for (; found != Waiting().end() && !found->second.empty() && woken < most; ++woken) {
    sim::Wake(found->second.front());
    found->second.pop_front();
  }
  return call.number_value(woken);
}

// descriptors() → how many the program has open
JSValueRef Descriptors(Call& call) {
  return call.number_value(static_cast<double>(sim::OpenDescriptors()));
}

// faults() → 'name=level,…' of those that are not 0
JSValueRef FaultLevels(Call& call) {
  return call.string_value(sim::FaultLevels());
}

// address() → the IPv4 address of the host
JSValueRef HostAddress(Call& call) {
  return call.string_value(sim::HostAddress().host());
}

JSValueRef HostName(Call& call) {
  return call.string_value(sim::HostName());
}

// seed() → the seed, as a text
JSValueRef Seed(Call& call) {
  return call.string_value(std::to_string(sim::Seed()));
}

constexpr FunctionEntry kFunctions[] = {
    {"wallMs", Guarded<WallMs>},      {"random", Guarded<RandomUnit>},
    {"claim", Guarded<Claim>},        {"calm", Guarded<Calm>},
    {"kill", Guarded<Kill>},          {"cut", Guarded<Cut>},
    {"setLink", Guarded<SetLink>},    {"addHost", Guarded<AddHost>},
    {"mayWrite", Guarded<MayWrite>},  {"hostName", Guarded<HostName>},
    {"seed", Guarded<Seed>},          {"descriptors", Guarded<Descriptors>},
    {"addName", Guarded<AddName>},    {"address", Guarded<HostAddress>},
    {"wait", Guarded<Wait>},          {"notify", Guarded<Notify>},
    {"faults", Guarded<FaultLevels>},
};

}  // namespace

void BindSim(Binder& binder) {
  binder.Functions(kFunctions);
  binder.Value("active", JSValueMakeBoolean(binder.context(), sim::Active()));
}

}  // namespace sluice::js
