// Internal. binding('sim'): what the programs of a simulation ask of it; outside of one, active is
// false and nothing else may be called.
#include "sim/calls.h"

#include "engine/value.h"

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
  return call.boolean_value(
      sim::SetLink(a, b, call.number(2), call.number(3), call.number(4)));
}

std::vector<std::string> Strings(Call& call, size_t i) {
  std::vector<std::string> strings;
  JSObjectRef list = call.object(i);
  if (list == nullptr) return strings;
  double length = JSValueToNumber(call.context(), Get(call.context(), list, "length"), nullptr);
  for (unsigned at = 0; at < length; ++at)
    strings.push_back(Text(call.context(), JSObjectGetPropertyAtIndex(call.context(), list, at,
                                                                      call.exception())));
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

// mayWrite(path) → whether it lies in the scratch folder
JSValueRef MayWrite(Call& call) {
  return call.boolean_value(sim::MayWrite(call.string(0)));
}

// descriptors() → how many the program has open
JSValueRef Descriptors(Call& call) {
  return call.number_value(static_cast<double>(sim::OpenDescriptors()));
}

JSValueRef HostName(Call& call) {
  return call.string_value(sim::HostName());
}

// seed() → the seed, as a text
JSValueRef Seed(Call& call) {
  return call.string_value(std::to_string(sim::Seed()));
}

constexpr FunctionEntry kFunctions[] = {
    {"wallMs", Guarded<WallMs>},     {"random", Guarded<RandomUnit>},
    {"claim", Guarded<Claim>},       {"calm", Guarded<Calm>},
    {"kill", Guarded<Kill>},         {"cut", Guarded<Cut>},
    {"setLink", Guarded<SetLink>},   {"addHost", Guarded<AddHost>},
    {"mayWrite", Guarded<MayWrite>}, {"hostName", Guarded<HostName>},
    {"seed", Guarded<Seed>},         {"descriptors", Guarded<Descriptors>},
};

}  // namespace

void BindSim(Binder& binder) {
  binder.Functions(kFunctions);
  binder.Value("active", JSValueMakeBoolean(binder.context(), sim::Active()));
}

}  // namespace sluice::js
