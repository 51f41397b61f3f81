// Internal. Limits of a server's listener, for lib/internal/net/admission.js.
#include "bind/net/admission.h"

#include <algorithm>
#include <utility>

#include "bind/net/state.h"
#include "engine/value.h"

namespace sluice::js {
namespace {

// What lib/internal/net/admission.js gives, in its order.
enum class Limit {
  kRateCount,
  kRateMs,
  kConcurrent,
  kTotal,
  kHandshakes,
  kHandshakeRateCount,
  kHandshakeRateMs,
  kHandshakeTimeout,
  kV4,
  kV6,
  kFailuresCount,
  kFailuresMs,
  kTable,
  kAction,
};

}  // namespace

// setAdmission(id of a listener, limits by their numbers, exempt prefixes) → undefined, or the
// prefix that is none. Id 0: only looks.
JSValueRef SetAdmission(Call& call) {
  JSContextRef context = call.context();
  JSObjectRef limits = call.object(1);
  JSObjectRef exempt = call.object(2);
  if (call.failed()) return call.undefined();
  auto limit = [&](Limit which) {
    JSValueRef value =
        JSObjectGetPropertyAtIndex(context, limits, static_cast<unsigned>(which), call.exception());
    return value != nullptr ? static_cast<uint32_t>(JSValueToNumber(context, value, nullptr)) : 0;
  };
  AdmissionOptions options;
  options.rate = {limit(Limit::kRateCount), limit(Limit::kRateMs)};
  options.concurrent = limit(Limit::kConcurrent);
  options.total = limit(Limit::kTotal);
  options.handshakes = limit(Limit::kHandshakes);
  options.handshake_rate = {limit(Limit::kHandshakeRateCount), limit(Limit::kHandshakeRateMs)};
  options.handshake_timeout_ms = limit(Limit::kHandshakeTimeout);
  options.v4_prefix = limit(Limit::kV4);
  options.v6_prefix = limit(Limit::kV6);
  options.failures = {limit(Limit::kFailuresCount), limit(Limit::kFailuresMs)};
  options.table = limit(Limit::kTable);
  options.action = static_cast<AdmissionOptions::Action>(limit(Limit::kAction));
  auto count = static_cast<unsigned>(call.integer(3));
  for (unsigned i = 0; i < count && !call.failed(); ++i) {
    JSValueRef value = JSObjectGetPropertyAtIndex(context, exempt, i, call.exception());
    if (call.failed()) break;
    auto prefix = AddressRange::Parse(Text(context, value));
    if (!prefix) return value;
    options.exempt.push_back(*prefix);
  }
  if (!call.failed()) State(call).SetAdmission(Id(call), std::move(options));
  return call.undefined();
}

// setTimeouts(id of a listener, ms for the handshake, the first byte, without bytes, of its life,
// without an acknowledgement) for connections to come; 0: no limit
JSValueRef SetTimeouts(Call& call) {
  Listener* listener = State(call).listener(static_cast<uint32_t>(call.integer(0)));
  if (listener == nullptr) return call.undefined();
  auto number = [&](size_t i) {
    return static_cast<uint64_t>(std::max<int64_t>(call.integer(i), 0));
  };
  ConnectionLimits limits{number(1), number(2), number(3), number(4), number(5), 0, 0};
  listener->set_limits(std::make_shared<const ConnectionLimits>(limits));
  return call.undefined();
}

// admissionNumbers(id of a listener) → [open, addresses, handshakes, waiting], undefined without
// one
JSValueRef AdmissionNumbersOf(Call& call) {
  Listener* listener = State(call).listener(Id(call));
  if (listener == nullptr || !listener->admission()) return call.undefined();
  AdmissionNumbers numbers = listener->admission()->Numbers();
  JSValueRef parts[] = {call.number_value(numbers.open), call.number_value(numbers.addresses),
                        call.number_value(numbers.handshakes), call.number_value(numbers.waiting)};
  return call.array_value(parts);
}

void NetState::SetAdmission(uint32_t id, AdmissionOptions options) {
  Listener* listener = this->listener(id);
  if (listener == nullptr || listener->closed()) return;
  if (listener->admission()) {
    listener->admission()->Set(std::move(options));
    return;
  }
  auto admission = std::make_shared<Admission>(std::move(options));
  if (Group* led = group(id)) admission->set_group(led->name());
  listener->SetAdmission(std::move(admission));
}

void NetState::OnRefused(Listener& listener, const RefusedConnections& refused) {
  JSContextRef context = engine_.context();
  std::vector<JSValueRef> values = {JSValueMakeNumber(context, static_cast<double>(refused.count))};
  for (const Address& peer : refused.peers) values.push_back(MakeString(context, peer.host()));
  Tell(listener.tag, NetEvent::kRefused, MakeString(context, Name(refused.reason)),
       JSObjectMakeArray(context, values.size(), values.data(), nullptr));
}

}  // namespace sluice::js
