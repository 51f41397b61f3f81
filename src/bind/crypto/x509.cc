// Internal. binding('crypto_x509'): certificates.
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "bind/crypto/key.h"
#include "bind/tls/certificate_value.h"
#include "engine/error_value.h"
#include "tls/certificate.h"
#include "tls/secrets.h"

namespace sluice::js {
namespace {

class Certificate final : public NativeObject {
 public:
  explicit Certificate(X509Ptr certificate) : certificate_(std::move(certificate)) {}
  X509* get() const { return certificate_.get(); }
  size_t cost() const override { return 8 * 1024; }  // its DER, and the same in parts

 private:
  X509Ptr certificate_;
};

std::string Text(BIO* bio) {
  char* data = nullptr;
  long size = BIO_get_mem_data(bio, &data);
  return std::string(data, static_cast<size_t>(size));
}

// parse(PEM or DER) → handle
JSValueRef Parse(Call& call) {
  auto data = call.bytes(0);
  if (call.failed()) return call.undefined();
  std::vector<X509Ptr> found;
  Error error;
  ERR_clear_error();
  if (!ReadCertificates(std::string(data.begin(), data.end()), &found, &error))
    return ThrowError(call, error);
  return MakeNative(call.context(), std::make_shared<Certificate>(std::move(found[0])));
}

// legacy(handle) → what getPeerCertificate() returns
JSValueRef Legacy(Call& call) {
  auto* certificate = NativeArgument<Certificate>(call, 0);
  if (certificate == nullptr) return call.undefined();
  return CertificateValue(call.context(), ReadCertificate(certificate->get()));
}

std::string NameText(const X509_NAME* name) {
  BioPtr bio(BIO_new(BIO_s_mem()));
  constexpr unsigned long kFlags = ASN1_STRFLGS_ESC_2253 | ASN1_STRFLGS_ESC_CTRL |
                                   ASN1_STRFLGS_UTF8_CONVERT | XN_FLAG_SEP_MULTILINE |
                                   XN_FLAG_FN_SN;
  X509_NAME_print_ex(bio.get(), name, 0, kFlags);
  return Text(bio.get());
}

// subject(handle), issuer(handle) → a line for each part
JSValueRef Subject(Call& call) {
  auto* certificate = NativeArgument<Certificate>(call, 0);
  if (certificate == nullptr) return call.undefined();
  return call.string_value(NameText(X509_get_subject_name(certificate->get())));
}
JSValueRef Issuer(Call& call) {
  auto* certificate = NativeArgument<Certificate>(call, 0);
  if (certificate == nullptr) return call.undefined();
  return call.string_value(NameText(X509_get_issuer_name(certificate->get())));
}

// pem(handle) → text
JSValueRef Pem(Call& call) {
  auto* certificate = NativeArgument<Certificate>(call, 0);
  if (certificate == nullptr) return call.undefined();
  BioPtr bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(bio.get(), certificate->get());
  return call.string_value(Text(bio.get()));
}

// publicKey(handle) → key's handle
JSValueRef PublicKey(Call& call) {
  auto* certificate = NativeArgument<Certificate>(call, 0);
  if (certificate == nullptr) return call.undefined();
  KeyPtr key(X509_get_pubkey(certificate->get()));
  return key ? KeyValue(call.context(), std::move(key), false) : ThrowCrypto(call);
}

// checkHost(handle, name, flags) → the name in the certificate that matches, or undefined
JSValueRef CheckHost(Call& call) {
  auto* certificate = NativeArgument<Certificate>(call, 0);
  std::string name = call.string(1);
  auto flags = static_cast<unsigned>(call.integer(2));
  if (call.failed()) return call.undefined();
  char* peer = nullptr;
  int result = X509_check_host(certificate->get(), name.data(), name.size(), flags, &peer);
  JSValueRef matched =
      result == 1 ? call.string_value(peer != nullptr ? peer : name.c_str()) : call.undefined();
  OPENSSL_free(peer);
  ERR_clear_error();
  return matched;
}

// checkEmail(handle, address, flags), checkIp(handle, address) → whether it matches
JSValueRef CheckEmail(Call& call) {
  auto* certificate = NativeArgument<Certificate>(call, 0);
  std::string address = call.string(1);
  auto flags = static_cast<unsigned>(call.integer(2));
  if (call.failed()) return call.undefined();
  bool matches = X509_check_email(certificate->get(), address.data(), address.size(), flags) == 1;
  ERR_clear_error();
  return call.boolean_value(matches);
}
JSValueRef CheckIp(Call& call) {
  auto* certificate = NativeArgument<Certificate>(call, 0);
  std::string address = call.string(1);
  if (call.failed()) return call.undefined();
  bool matches = address.find('\0') == std::string::npos &&
                 X509_check_ip_asc(certificate->get(), address.c_str(), 0) == 1;
  ERR_clear_error();
  return call.boolean_value(matches);
}

// issued(handle, handle of another) → whether the first says that the other issued it
JSValueRef Issued(Call& call) {
  auto* certificate = NativeArgument<Certificate>(call, 0);
  auto* issuer = NativeArgument<Certificate>(call, 1);
  if (call.failed()) return call.undefined();
  bool issued = X509_check_issued(issuer->get(), certificate->get()) == X509_V_OK;
  ERR_clear_error();
  return call.boolean_value(issued);
}

// verify(handle, key's handle) → whether the key signed it
JSValueRef Verify(Call& call) {
  auto* certificate = NativeArgument<Certificate>(call, 0);
  auto* key = NativeArgument<Key>(call, 1);
  if (call.failed()) return call.undefined();
  bool valid = X509_verify(certificate->get(), key->get()) == 1;
  ERR_clear_error();
  return call.boolean_value(valid);
}

// checkPrivateKey(handle, key's handle) → whether it is that of the certificate
JSValueRef CheckPrivateKey(Call& call) {
  auto* certificate = NativeArgument<Certificate>(call, 0);
  auto* key = NativeArgument<Key>(call, 1);
  if (call.failed()) return call.undefined();
  bool same = X509_check_private_key(certificate->get(), key->get()) == 1;
  ERR_clear_error();
  return call.boolean_value(same);
}

// signatureAlgorithm(handle) → [its name, its object identifier]
JSValueRef SignatureAlgorithm(Call& call) {
  auto* certificate = NativeArgument<Certificate>(call, 0);
  if (certificate == nullptr) return call.undefined();
  const ASN1_OBJECT* algorithm = nullptr;
  X509_ALGOR_get0(&algorithm, nullptr, nullptr, X509_get0_tbs_sigalg(certificate->get()));
  auto text = [&](int as_numbers) {
    char buffer[128];
    OBJ_obj2txt(buffer, sizeof buffer, algorithm, as_numbers);
    return call.string_value(buffer);
  };
  return call.array_value({text(0), text(1)});
}

// parseArchive(PKCS #12, passphrase) → [private key or undefined, its certificate or undefined,
// others…], all as handles
JSValueRef ParseArchive(Call& call) {
  auto data = call.bytes(0);
  Secret passphrase = SecretArgument(call, 1);
  if (call.failed()) return call.undefined();
  TlsSecret secret{std::string(data.begin(), data.end()),
                   std::string(passphrase.text(), passphrase.size())};
  KeyPtr key;
  X509Ptr certificate;
  std::vector<X509Ptr> others;
  Error error;
  bool opened = OpenArchive(secret, &key, &certificate, &others, &error);
  OPENSSL_cleanse(secret.passphrase.data(), secret.passphrase.size());
  if (!opened) return ThrowError(call, error);
  JSContextRef context = call.context();
  auto handle = [&](X509Ptr one) {
    return MakeNative(context, std::make_shared<Certificate>(std::move(one)));
  };
  std::vector<JSValueRef> found(2, call.undefined());
  if (key) found[0] = KeyValue(context, std::move(key), true);
  if (certificate) found[1] = handle(std::move(certificate));
  for (X509Ptr& one : others) found.push_back(handle(std::move(one)));
  return call.array_value(found);
}

constexpr FunctionEntry kFunctions[] = {
    {"parse", Guarded<Parse>},
    {"parseArchive", Guarded<ParseArchive>},
    {"signatureAlgorithm", Guarded<SignatureAlgorithm>},
    {"legacy", Guarded<Legacy>},
    {"subject", Guarded<Subject>},
    {"issuer", Guarded<Issuer>},
    {"pem", Guarded<Pem>},
    {"publicKey", Guarded<PublicKey>},
    {"checkHost", Guarded<CheckHost>},
    {"checkEmail", Guarded<CheckEmail>},
    {"checkIp", Guarded<CheckIp>},
    {"issued", Guarded<Issued>},
    {"verify", Guarded<Verify>},
    {"checkPrivateKey", Guarded<CheckPrivateKey>},
};

}  // namespace

void BindCryptoX509(Binder& binder) {
  binder.Functions(kFunctions);
}

}  // namespace sluice::js
