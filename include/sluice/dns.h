// Public. Names to addresses, by getaddrinfo(3) on a few worker threads, so that nsswitch and
// mDNS are honoured.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sluice/address.h"
#include "sluice/error.h"
#include "sluice/loop.h"

namespace sluice::dns {

// What is looked for.
struct Query {
  std::string host;  // a name or an IP literal
  int family = 0;    // AF_INET, AF_INET6 or 0 for both
  int flags = 0;     // AI_ADDRCONFIG, AI_V4MAPPED, AI_ALL
};

// Addresses in the order of the resolver, without port (see Address::set_port).
using Answer = std::function<void(const Error& error, std::vector<Address> addresses)>;

// Lookup resolves on a worker thread and calls back on the loop's thread, never from within the
// call: with an error of ErrorDomain::kResolver or kSystem, or at least one address. It keeps the
// loop alive until then; if the loop ends first, answer is destroyed unused. Loop thread.
void Lookup(Loop& loop, Query query, Answer answer);

// A host's name and a service's, "http".
using ServiceAnswer =
    std::function<void(const Error& error, const std::string& name, const std::string& service)>;

// LookupService finds the name of an address and the service of its port, by getnameinfo(3), as
// Lookup finds addresses. Loop thread.
void LookupService(Loop& loop, const Address& address, ServiceAnswer answer);

// LookupNow resolves on this thread and blocks it; *error is set, or cleared. Any thread.
std::vector<Address> LookupNow(const Query& query, Error* error);

}  // namespace sluice::dns
