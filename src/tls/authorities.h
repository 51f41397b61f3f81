// Internal. The authorities that contexts trust.
#pragma once

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
};

// AuthoritiesOf reads list, PEM bundles or DER, unless it is what was read last: clients make a
// context for each connection, mostly of the same list, and some hundred certificates take longer
// than a handshake. Returns null, with *error set, if one is malformed. Any thread.
std::shared_ptr<const Authorities> AuthoritiesOf(const std::vector<std::string>& list,
                                                 bool with_system, Error* error);

}  // namespace sluice
