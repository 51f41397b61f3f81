// Internal. Of binding('tls'): what needs no connection.
#include <openssl/ssl.h>

#include "bind/tls/certificate_value.h"
#include "bind/tls/parts.h"
#include "engine/error_value.h"
#include "engine/value.h"

namespace sluice::js {
namespace {

// parseCertificate(DER) → what getPeerCertificate() shows, or undefined
JSValueRef ParseCertificate(Call& call) {
  auto bytes = call.bytes(0);
  if (call.failed()) return call.undefined();
  auto details = ReadCertificate(bytes);
  return details ? JSValueRef{CertificateValue(call.context(), *details)} : call.undefined();
}

JSValueRef RootCertificates(Call& call) {
  Error error;
  auto list = SystemAuthorities(&error);
  return error ? ThrowError(call, error) : JSValueRef{MakeStrings(call.context(), list)};
}

// ciphers() → the names of all that OpenSSL has, in small letters
JSValueRef Ciphers(Call& call) {
  std::vector<std::string> names;
  SSL_CTX* context = SSL_CTX_new(TLS_method());
  SSL* ssl = context != nullptr ? SSL_new(context) : nullptr;
  const STACK_OF(SSL_CIPHER)* all = ssl != nullptr ? SSL_get_ciphers(ssl) : nullptr;
  for (int i = 0; i < sk_SSL_CIPHER_num(all); ++i) {
    std::string name = SSL_CIPHER_get_name(sk_SSL_CIPHER_value(all, i));
    for (char& c : name)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    names.push_back(std::move(name));
  }
  SSL_free(ssl);
  SSL_CTX_free(context);
  return MakeStrings(call.context(), names);
}

constexpr FunctionEntry kFunctions[] = {
    {"parseCertificate", Guarded<ParseCertificate>},
    {"rootCertificates", Guarded<RootCertificates>},
    {"ciphers", Guarded<Ciphers>},
};

}  // namespace

void AddTlsFormats(Binder& binder) {
  binder.Functions(kFunctions);
}

}  // namespace sluice::js
