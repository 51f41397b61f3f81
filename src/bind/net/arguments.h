// Internal. Arguments and results of the functions of binding('net').
#pragma once

#include <algorithm>
#include <climits>
#include <optional>
#include <string>

#include "engine/value.h"
#include "grant/grant.h"
#include "sluice/address.h"
#include "sluice/error.h"

namespace sluice::js {

// Argument i as an int, the nearest one there is.
inline int Int(Call& call, size_t i) {
  return static_cast<int>(std::clamp<int64_t>(call.integer(i), INT_MIN, INT_MAX));
}

// Failures of calls that return a number are the negative errno.
inline JSValueRef Number(Call& call, double value) {
  return call.number_value(value);
}
inline JSValueRef Failure(Call& call, const Error& error) {
  return Number(call, -static_cast<double>(error.number));
}

// The address in arguments i (host or path) and i+1 (port; < 0: a Unix path).
inline std::optional<Address> AddressAt(Call& call, size_t i) {
  std::string host = call.string(i);
  int64_t port = call.integer(i + 1);
  if (port < 0) return Address::Unix(host);
  if (port > 65535) return std::nullopt;
  return Address::Ip(host, static_cast<uint16_t>(port));
}

// SocketFile is leave to change the file of a socket that is bound to address; none where that is
// no path, or where something else lies there by now.
std::optional<grant::PathGrant> SocketFile(const Address& address);

// BindListening adds the functions of what listens.
void BindListening(Binder& binder);
// BindLeaving adds those of the end of all servers.
void BindLeaving(Binder& binder);

}  // namespace sluice::js
