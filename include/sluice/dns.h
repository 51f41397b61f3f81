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

struct Query {
  std::string host;
  int family = 0;  // AF_INET, AF_INET6 or 0 for both
  int flags = 0;   // AI_ADDRCONFIG, AI_V4MAPPED, AI_ALL
};

// Addresses in the order of the resolver, without port.
using Answer = std::function<void(const Error& error, std::vector<Address> addresses)>;

// Lookup resolves on a worker thread and calls back on the loop's thread, never from within the
// call. It keeps the loop alive until then. Loop thread.
void Lookup(Loop& loop, Query query, Answer answer);

// LookupNow resolves on this thread and blocks it. Any thread.
std::vector<Address> LookupNow(const Query& query, Error* error);

}  // namespace sluice::dns
