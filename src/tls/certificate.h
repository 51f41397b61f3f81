// Internal. What a certificate says, in the words that Node uses.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sluice/tls_context.h"
#include "tls/handles.h"

namespace sluice {

CertificateInfo DescribeCertificate(const X509* certificate);

// CertificateDetails is all of a certificate that getPeerCertificate() shows. Names are pairs
// of short name and value in the order of the certificate.
struct CertificateDetails {
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  Pairs subject;
  Pairs issuer;
  std::string alternative_names;  // "DNS:a, IP Address:10.0.0.1", "" for none
  Pairs info_access;              // "OCSP - URI" and the like
  bool authority = false;
  std::string modulus;   // RSA, upper-case hexadecimal
  std::string exponent;  // RSA, "0x10001"
  int bits = 0;
  std::vector<uint8_t> public_key;
  std::string asn1_curve;  // EC, "prime256v1"
  std::string nist_curve;  // EC, "P-256"
  std::string valid_from;  // "Jan  1 00:00:00 2030 GMT"
  std::string valid_to;
  std::string fingerprint;  // SHA-1
  std::string fingerprint256;
  std::string fingerprint512;
  std::vector<std::string> extended_key_usage;  // object identifiers
  std::string serial;
  std::vector<uint8_t> raw;
};
CertificateDetails ReadCertificate(const X509* certificate);
// ReadCertificate of DER; nothing if it is malformed.
std::optional<CertificateDetails> ReadCertificate(std::span<const uint8_t> der);

}  // namespace sluice
