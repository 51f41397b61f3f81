// Internal. The authorities that contexts trust.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tls/handles.h"

namespace sluice {

// Authorities are the certificates of one list, and the store that OpenSSL searches for them and,
// if so asked, for the system's. It does not change, but for the system's certificates that OpenSSL
// finds as it needs them; any thread.
struct Authorities {
  std::vector<X509Ptr> certificates;  // those of the list
  StorePtr store;
  std::array<uint8_t, 32> digest{};  // SHA-256 of the certificates and of whether the system's count
};

// AuthoritiesOf reads list, PEM bundles or DER, unless it is among the few that were used last:
// clients make a context for each connection, mostly of the same lists, and some hundred
// certificates take longer than a handshake. What is no certificate is passed over if lenient; else
// it returns null, with *error set. Any thread.
std::shared_ptr<const Authorities> AuthoritiesOf(const std::vector<std::string>& list,
                                                 bool with_system, bool lenient, Error* error);

}  // namespace sluice
