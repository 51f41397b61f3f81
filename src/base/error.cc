#include "sluice/error.h"

#include <netdb.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace sluice {

const char* ErrnoName(int number) { return number > 0 ? strerrorname_np(number) : nullptr; }

namespace {

// The names users of getaddrinfo(3) failures look for are those of the DNS answer, not of EAI_*.
const char* ResolverName(int number) {
  switch (number) {
    case EAI_NONAME:
#ifdef EAI_NODATA
    case EAI_NODATA:
#endif
      return "ENOTFOUND";
    case EAI_AGAIN:
      return "EAI_AGAIN";
    case EAI_FAIL:
      return "EAI_FAIL";
    case EAI_FAMILY:
      return "EAI_FAMILY";
    case EAI_MEMORY:
      return "EAI_MEMORY";
    case EAI_BADFLAGS:
      return "EAI_BADFLAGS";
#ifdef EAI_ADDRFAMILY
    case EAI_ADDRFAMILY:
      return "EAI_ADDRFAMILY";
#endif
#ifdef EAI_CANCELED
    case EAI_CANCELED:
      return "ECANCELED";
#endif
    default:
      return "EAI_SYSTEM";
  }
}

}  // namespace

Error Error::System(const char* operation, int number, std::string address) {
  return Error{ErrorDomain::kSystem, number, operation, std::move(address), {}};
}

Error Error::Resolver(int number, std::string host) {
  return Error{ErrorDomain::kResolver, number, "getaddrinfo", std::move(host), {}};
}

std::string Error::code() const {
  const char* name = nullptr;
  if (domain == ErrorDomain::kSystem) name = ErrnoName(static_cast<int>(number));
  if (domain == ErrorDomain::kResolver) name = ResolverName(static_cast<int>(number));
  return name != nullptr ? name : "UNKNOWN";
}

std::string Error::message() const {
  if (domain == ErrorDomain::kNone) return {};
  std::string text = operation;
  text += ' ';
  text += code();
  if (!address.empty()) {
    text += ' ';
    text += address;
  }
  if (!detail.empty()) {
    text += ": ";
    text += detail;
  }
  return text;
}

}  // namespace sluice
