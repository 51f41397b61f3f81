#include "certificates.h"

#include <cstdlib>

namespace sluice::test {
namespace {

void Require(bool ok) {
  if (!ok) std::abort();
}

EVP_PKEY* MakeKey(KeyKind kind) {
  switch (kind) {
    case KeyKind::kRsa:
      return EVP_RSA_gen(2048);
    case KeyKind::kEc:
      return EVP_EC_gen("P-256");
    case KeyKind::kEd25519:
      return EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  }
  return nullptr;
}

void AddExtension(X509* certificate, X509* issuer, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
  Require(extension != nullptr);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

std::string Text(BIO* bio) {
  char* data = nullptr;
  long size = BIO_get_mem_data(bio, &data);
  std::string text(data, static_cast<size_t>(size));
  BIO_free(bio);
  return text;
}

}  // namespace

Identity::Identity(const CertificateRequest& request, const Identity* issuer)
    : key_(MakeKey(request.kind), EVP_PKEY_free), certificate_(X509_new(), X509_free) {
  static long serial = 1000;
  X509* made = certificate_.get();
  X509_set_version(made, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(made), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(made), request.valid_from_s);
  X509_gmtime_adj(X509_getm_notAfter(made), request.valid_to_s);
  X509_set_pubkey(made, key_.get());
  X509_NAME* name = X509_get_subject_name(made);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(request.common_name.c_str()),
                             -1, -1, 0);
  X509* signer = issuer != nullptr ? issuer->certificate() : made;
  X509_set_issuer_name(made, X509_get_subject_name(signer));
  if (request.authority) {
    AddExtension(made, signer, NID_basic_constraints, "critical,CA:TRUE");
    AddExtension(made, signer, NID_key_usage, "critical,keyCertSign,cRLSign,digitalSignature");
  }
  AddExtension(made, signer, NID_subject_key_identifier, "hash");
  if (!request.alternative_names.empty())
    AddExtension(made, signer, NID_subject_alt_name, request.alternative_names.c_str());
  EVP_PKEY* key = issuer != nullptr ? issuer->key() : key_.get();
  bool ed = EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519;
  Require(X509_sign(made, key, ed ? nullptr : EVP_sha256()) > 0);
}

std::string Identity::key_pem(const std::string& passphrase) const {
  BIO* bio = BIO_new(BIO_s_mem());
  PEM_write_bio_PKCS8PrivateKey(bio, key_.get(), passphrase.empty() ? nullptr : EVP_aes_128_cbc(),
                                passphrase.empty() ? nullptr : passphrase.c_str(),
                                static_cast<int>(passphrase.size()), nullptr, nullptr);
  return Text(bio);
}

std::string Identity::certificate_pem() const {
  BIO* bio = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(bio, certificate_.get());
  return Text(bio);
}

std::string Identity::pkcs12(const std::string& passphrase, const Identity* issuer) const {
  STACK_OF(X509)* chain = sk_X509_new_null();
  if (issuer != nullptr) sk_X509_push(chain, issuer->certificate());
  PKCS12* archive = PKCS12_create(passphrase.c_str(), "test", key_.get(), certificate_.get(), chain,
                                  0, 0, 0, 0, 0);
  Require(archive != nullptr);
  sk_X509_free(chain);
  BIO* bio = BIO_new(BIO_s_mem());
  i2d_PKCS12_bio(bio, archive);
  PKCS12_free(archive);
  return Text(bio);
}

const Identity& Authority() {
  static const Identity made(
      {.common_name = "Test authority", .alternative_names = "", .authority = true});
  return made;
}

const Identity& Localhost() {
  static const Identity made({}, &Authority());
  return made;
}

}  // namespace sluice::test
