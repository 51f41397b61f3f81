#include "tls/secrets.h"

#include <openssl/pem.h>

#include <algorithm>
#include <cstring>

namespace sluice {
namespace {

bool IsPem(const std::string& data) {
  return data.find("-----BEGIN") != std::string::npos;
}

// What OpenSSL calls for a passphrase. Having one at all keeps it from asking on the terminal.
int GivePassphrase(char* buffer, int size, int, void* passphrase) {
  const auto* text = static_cast<const std::string*>(passphrase);
  if (text == nullptr || text->size() > static_cast<size_t>(size)) return -1;
  std::memcpy(buffer, text->data(), text->size());
  return static_cast<int>(text->size());
}

// The end of a PEM text is an error of its own; it is none once something was read.
bool AtPemEnd() {
  unsigned long number = ERR_peek_last_error();
  return ERR_GET_LIB(number) == ERR_LIB_PEM && ERR_GET_REASON(number) == PEM_R_NO_START_LINE;
}

template <class Ptr, class Read>
bool ReadAll(const std::string& data, std::vector<Ptr>* out, Error* error, Read read) {
  BioPtr bio = MemoryBio(data);
  ERR_clear_error();
  size_t count = 0;
  while (Ptr one{read(bio.get())}) {
    out->push_back(std::move(one));
    ++count;
  }
  if (count == 0 || !AtPemEnd()) {
    *error = TakeError("certificate");
    return false;
  }
  ERR_clear_error();
  return true;
}

}  // namespace

bool ReadCertificates(const std::string& data, std::vector<X509Ptr>* out, Error* error) {
  if (IsPem(data) || data.empty() || data[0] != 0x30) {
    return ReadAll(data, out, error, [](BIO* bio) {
      return PEM_read_bio_X509_AUX(bio, nullptr, GivePassphrase, nullptr);
    });
  }
  BioPtr bio = MemoryBio(data);
  ERR_clear_error();
  X509Ptr one(d2i_X509_bio(bio.get(), nullptr));
  if (!one) {
    *error = TakeError("certificate");
    return false;
  }
  out->push_back(std::move(one));
  return true;
}

bool ReadRevocationList(const std::string& data, std::vector<CrlPtr>* out, Error* error) {
  if (IsPem(data) || data.empty() || data[0] != 0x30) {
    return ReadAll(data, out, error, [](BIO* bio) {
      return PEM_read_bio_X509_CRL(bio, nullptr, GivePassphrase, nullptr);
    });
  }
  BioPtr bio = MemoryBio(data);
  ERR_clear_error();
  CrlPtr one(d2i_X509_CRL_bio(bio.get(), nullptr));
  if (!one) {
    *error = TakeError("crl");
    return false;
  }
  out->push_back(std::move(one));
  return true;
}

KeyPtr ReadKey(const TlsSecret& secret, Error* error) {
  void* passphrase = const_cast<std::string*>(&secret.passphrase);
  ERR_clear_error();
  BioPtr bio = MemoryBio(secret.data);
  KeyPtr key;
  if (IsPem(secret.data) || secret.data.empty() || secret.data[0] != 0x30) {
    key.reset(PEM_read_bio_PrivateKey(bio.get(), nullptr, GivePassphrase, passphrase));
  } else {
    key.reset(d2i_PrivateKey_bio(bio.get(), nullptr));
    if (!key) {
      ERR_clear_error();
      bio = MemoryBio(secret.data);
      key.reset(d2i_PKCS8PrivateKey_bio(bio.get(), nullptr, GivePassphrase, passphrase));
    }
  }
  if (!key) *error = TakeError("key");
  ERR_clear_error();
  return key;
}

bool OpenArchive(const TlsSecret& secret, KeyPtr* key, X509Ptr* certificate,
                 std::vector<X509Ptr>* others, Error* error) {
  ERR_clear_error();
  if (secret.passphrase.find('\0') != std::string::npos) {
    *error = Error::Tls("pfx", kTlsBadOptions, "a passphrase of an archive has no null bytes");
    return false;
  }
  BioPtr bio = MemoryBio(secret.data);
  Pkcs12Ptr archive(d2i_PKCS12_bio(bio.get(), nullptr));
  EVP_PKEY* read_key = nullptr;
  X509* read_certificate = nullptr;
  STACK_OF(X509)* rest = nullptr;
  bool ok = archive && PKCS12_parse(archive.get(), secret.passphrase.c_str(), &read_key,
                                    &read_certificate, &rest) == 1;
  key->reset(read_key);
  certificate->reset(read_certificate);
  for (int i = 0; i < sk_X509_num(rest); ++i) others->emplace_back(sk_X509_value(rest, i));
  sk_X509_free(rest);
  // PKCS12_parse gives them in the reverse order of the file in OpenSSL 3.
  std::reverse(others->begin(), others->end());
  if (!ok) *error = TakeError("pfx");
  ERR_clear_error();
  return ok;
}

bool ReadArchive(const TlsSecret& secret, KeyPtr* key, X509Ptr* certificate,
                 std::vector<X509Ptr>* chain, Error* error) {
  if (!OpenArchive(secret, key, certificate, chain, error)) return false;
  if (!*key || !*certificate) {
    *error = Error::Tls("pfx", kTlsBadOptions,
                        *key ? "Unable to load certificate from PFX data"
                             : "Unable to load private key from PFX data");
    return false;
  }
  return true;
}

}  // namespace sluice
