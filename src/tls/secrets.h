// Internal. Reading certificates and keys from PEM and DER.
#pragma once

#include <string>
#include <vector>

#include "sluice/tls_context.h"
#include "tls/handles.h"

namespace sluice {

// ReadCertificates reads all certificates of PEM text, or one of DER. Returns false, with
// *error set, if there is none or one is malformed.
bool ReadCertificates(const std::string& data, std::vector<X509Ptr>* out, Error* error);
// ReadKey reads a private key; with the wrong passphrase, or none where one is needed, it fails.
KeyPtr ReadKey(const TlsSecret& secret, Error* error);
bool ReadRevocationList(const std::string& data, std::vector<CrlPtr>* out, Error* error);
// OpenArchive reads what there is in PKCS #12: the first key, its certificate, all others.
bool OpenArchive(const TlsSecret& secret, KeyPtr* key, X509Ptr* certificate,
                 std::vector<X509Ptr>* others, Error* error);
// ReadArchive is OpenArchive of one that has a key and its certificate; chain holds the other certificates in it.
bool ReadArchive(const TlsSecret& secret, KeyPtr* key, X509Ptr* certificate,
                 std::vector<X509Ptr>* chain, Error* error);

}  // namespace sluice
