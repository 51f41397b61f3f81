// Internal. What the system trusts, for OpenSSL.
#pragma once

#include "tls/handles.h"

namespace sluice {

// AddSystemAuthorities has store look among the system's authorities (SSL_CERT_FILE, SSL_CERT_DIR).
// Returns false and sets *error if they are there and cannot be read now. Any thread.
bool AddSystemAuthorities(X509_STORE* store, Error* error);

// SystemStore returns one store for all contexts that trust the system alone: it reads certificates
// as they are needed and keeps them. OpenSSL locks it; the caller owns nothing. Null, with *error
// set, as above; the next call tries again. Any thread.
X509_STORE* SystemStore(Error* error);

}  // namespace sluice
