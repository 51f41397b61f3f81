#include "sluice/dns.h"

#include <netdb.h>

#include <cerrno>

#include "loop/workers.h"

namespace sluice::dns {

std::vector<Address> LookupNow(const Query& query, Error* error) {
  addrinfo hints{};
  hints.ai_family = query.family;
  hints.ai_flags = query.flags;
  hints.ai_socktype = SOCK_STREAM;  // one entry an address instead of one a protocol
  addrinfo* list = nullptr;
  int result = getaddrinfo(query.host.c_str(), nullptr, &hints, &list);
  std::vector<Address> addresses;
  if (result == EAI_SYSTEM) {
    *error = Error::System("getaddrinfo", errno, query.host);
  } else if (result != 0) {
    *error = Error::Resolver(result, query.host);
  } else {
    for (addrinfo* entry = list; entry != nullptr; entry = entry->ai_next)
      addresses.push_back(Address::From(entry->ai_addr, entry->ai_addrlen));
    freeaddrinfo(list);
  }
  return addresses;
}

void Lookup(Loop& loop, Query query, Answer answer) {
  struct Request {
    Query query;
    Answer answer;
    Error error;
    std::vector<Address> addresses;
  };
  auto request = std::make_shared<Request>(Request{std::move(query), std::move(answer), {}, {}});
  RunOnWorker(
      loop, [request] { request->addresses = LookupNow(request->query, &request->error); },
      [request] { request->answer(request->error, std::move(request->addresses)); });
}

}  // namespace sluice::dns
