#include "sluice/dns.h"

#include <netdb.h>

#include <cerrno>
#include <memory>
#include <utility>

#include "grant/grant.h"
#include "loop/workers.h"
#include "sim/calls.h"
#include "sys/sys.h"

namespace sluice::dns {

namespace {

// A rule that has the name lets connections to its addresses through.
void NoteAnswers(const std::string& host, const std::vector<Address>& addresses) {
  const auto& policy = grant::Current().policy;
  if (!policy) return;
  std::string name = grant::PlainName(host);
  if (!policy->Names(name)) return;
  for (const Address& address : addresses) grant::NoteAnswer(name, address);
}

// The errno value of it, 0 for none. The C library takes a file or a socket that it cannot open for
// a name that is not there.
int LackOfDescriptors() {
  int fd = sys::EventFd();
  if (fd >= 0) sys::Close(fd);
  return fd == -EMFILE || fd == -ENFILE ? -fd : 0;
}

constexpr size_t kNameSize = NI_MAXHOST, kServiceSize = NI_MAXSERV;

// Writes the name of an address and of its port: 0, or an EAI_* value.
int NamesOf(const Address& address, char (&name)[kNameSize], char (&service)[kServiceSize]) {
  if (!sim::Active())
    return getnameinfo(address.data(), address.size(), name, sizeof name, service, sizeof service,
                       NI_NAMEREQD);
  std::string found = sim::NameOfAddress(address);
  found.copy(name, sizeof name - 1);
  if (found.empty()) return EAI_NONAME;
  return getnameinfo(address.data(), address.size(), nullptr, 0, service, sizeof service, 0);
}

}  // namespace

std::vector<Address> LookupNow(const Query& query, Error* error) {
  *error = Error();
  if (query.host.find('\0') != std::string::npos) {  // the resolver would see the part before it
    *error = Error::Resolver(EAI_NONAME, query.host);
    return {};
  }
  if (int refused = grant::ToLookUp(query.host).error()) {
    *error = Error::System("getaddrinfo", -refused, query.host);
    return {};
  }
  if (sim::Active()) {
    std::vector<Address> found;
    int failure = sim::Lookup(query.host, query.family, &found);
    if (failure != 0) *error = Error::Resolver(failure, query.host);
    NoteAnswers(query.host, found);
    return found;
  }
  addrinfo hints{};
  hints.ai_family = query.family;
  hints.ai_flags = query.flags;
  hints.ai_socktype = SOCK_STREAM;  // one entry an address instead of one a protocol
  addrinfo* found = nullptr;
  int result = getaddrinfo(query.host.c_str(), nullptr, &hints, &found);
  std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> list(found, &freeaddrinfo);
  std::vector<Address> addresses;
  if (result == EAI_SYSTEM) {
    *error = Error::System("getaddrinfo", errno, query.host);
  } else if (int lack = result != 0 ? LackOfDescriptors() : 0) {
    *error = Error::System("getaddrinfo", lack, query.host);
  } else if (result != 0) {
    *error = Error::Resolver(result, query.host);
  } else {
    for (addrinfo* entry = list.get(); entry != nullptr; entry = entry->ai_next)
      addresses.push_back(Address::From(entry->ai_addr, entry->ai_addrlen));
    NoteAnswers(query.host, addresses);
  }
  return addresses;
}

void Lookup(Loop& loop, Query query, Answer answer) {
  struct Request {  // what both threads see, one after the other
    Query query;
    Error error;
    std::vector<Address> addresses;
  };
  auto request = std::make_shared<Request>(Request{std::move(query), {}, {}});
  RunOnWorker(
      loop, [request] { request->addresses = LookupNow(request->query, &request->error); },
      [request, answer = std::move(answer)](int error) {
        if (error != 0) request->error = Error::System("getaddrinfo", error, request->query.host);
        answer(request->error, std::move(request->addresses));
      });
}

void LookupService(Loop& loop, const Address& address, ServiceAnswer answer) {
  struct Request {
    Address address;
    Error error;
    char name[kNameSize] = "";
    char service[kServiceSize] = "";
  };
  auto request = std::make_shared<Request>();
  request->address = address;
  RunOnWorker(
      loop,
      [request] {
        if (int refused = grant::ToUse(grant::Scope::kDns, request->address.host()).error()) {
          request->error = Error::System("getnameinfo", -refused, request->address.host());
          return;
        }
        int result = NamesOf(request->address, request->name, request->service);
        if (result == EAI_SYSTEM)
          request->error = Error::System("getnameinfo", errno, request->address.host());
        else if (result != 0)
          request->error = Error::Resolver(result, request->address.host());
      },
      [request, answer = std::move(answer)](int error) {
        if (error != 0) request->error = Error::System("getnameinfo", error);
        answer(request->error, request->name, request->service);
      });
}

}  // namespace sluice::dns
