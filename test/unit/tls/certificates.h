// Certificates made at test time.
#pragma once

#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509v3.h>

#include <cstdint>
#include <memory>
#include <string>

namespace sluice::test {

enum class KeyKind { kRsa, kEc, kEd25519 };

struct CertificateRequest {
  std::string common_name = "localhost";
  std::string alternative_names = "DNS:localhost,IP:127.0.0.1";  // OpenSSL's extension syntax
  bool authority = false;
  long valid_from_s = -3600;
  long valid_to_s = 24 * 3600;
  KeyKind kind = KeyKind::kEc;
};

// Identity is a key with its certificate, as objects and as PEM.
class Identity {
 public:
  // Signed by issuer, or by itself if null.
  explicit Identity(const CertificateRequest& request, const Identity* issuer = nullptr);
  std::string key_pem(const std::string& passphrase = {}) const;
  std::string certificate_pem() const;
  std::string pkcs12(const std::string& passphrase, const Identity* issuer = nullptr) const;
  EVP_PKEY* key() const { return key_.get(); }
  X509* certificate() const { return certificate_.get(); }

 private:
  std::shared_ptr<EVP_PKEY> key_;
  std::shared_ptr<X509> certificate_;
};

// One authority, and an identity for localhost under it; made once.
const Identity& Authority();
const Identity& Localhost();

}  // namespace sluice::test
