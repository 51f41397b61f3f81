#include "sluice/error.h"

#include <netdb.h>
#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/libc.h"

namespace sluice {

const char* ErrnoName(int number) {
  return libc::ErrorName(number);
}

namespace {

// The names users of getaddrinfo(3) failures look for are those of the DNS answer, not of EAI_*.
const char* ResolverName(int number) {
  switch (number) {
    case EAI_NONAME:
#ifdef EAI_NODATA
    case EAI_NODATA:
#endif
      return "ENOTFOUND";
    case EAI_AGAIN:
      return "EAI_AGAIN";
    case EAI_FAIL:
      return "EAI_FAIL";
    case EAI_FAMILY:
      return "EAI_FAMILY";
    case EAI_MEMORY:
      return "EAI_MEMORY";
    case EAI_BADFLAGS:
      return "EAI_BADFLAGS";
#ifdef EAI_ADDRFAMILY
    case EAI_ADDRFAMILY:
      return "EAI_ADDRFAMILY";
#endif
#ifdef EAI_CANCELED
    case EAI_CANCELED:
      return "ECANCELED";
#endif
    default:
      return "EAI_SYSTEM";
  }
}

// Code names of OpenSSL's libraries, as Node prints them in ERR_OSSL_<library>_<reason>.
const char* LibraryName(int library) {
  switch (library) {
    case ERR_LIB_BN:
      return "BN_";
    case ERR_LIB_RSA:
      return "RSA_";
    case ERR_LIB_DH:
      return "DH_";
    case ERR_LIB_EVP:
      return "EVP_";
    case ERR_LIB_PEM:
      return "PEM_";
    case ERR_LIB_X509:
      return "X509_";
    case ERR_LIB_ASN1:
      return "ASN1_";
    case ERR_LIB_CRYPTO:
      return "CRYPTO_";
    case ERR_LIB_EC:
      return "EC_";
    case ERR_LIB_BIO:
      return "BIO_";
    case ERR_LIB_PKCS7:
      return "PKCS7_";
    case ERR_LIB_X509V3:
      return "X509V3_";
    case ERR_LIB_PKCS12:
      return "PKCS12_";
    case ERR_LIB_RAND:
      return "RAND_";
    case ERR_LIB_OCSP:
      return "OCSP_";
    default:
      return "";
  }
}

std::string TlsCode(int64_t number) {
  if (number == kTlsHandshakeTimeout) return "ERR_TLS_HANDSHAKE_TIMEOUT";
  if (number == kTlsDisconnected) return "ECONNRESET";
  if (number == kTlsBadOptions) return "ERR_TLS_INVALID_OPTION";
  if (number == kTlsUnreadReplies) return "ERR_TLS_UNREAD_REPLIES";
  if (number == kTlsNoPlace) return "ERR_TLS_TOO_MANY_HANDSHAKES";
  auto packed = static_cast<unsigned long>(number);
  const char* reason = number > 0 ? ERR_reason_error_string(packed) : nullptr;
  if (reason == nullptr) return "UNKNOWN";
  int library = ERR_GET_LIB(packed);
  std::string code = library == ERR_LIB_SSL ? "ERR_SSL_" : "ERR_OSSL_";
  code += LibraryName(library);
  for (const char* c = reason; *c != '\0'; ++c) {
    bool lower = *c >= 'a' && *c <= 'z';
    code += *c == ' ' ? '_' : static_cast<char>(lower ? *c - 'a' + 'A' : *c);
  }
  return code;
}

std::string TlsMessage(const Error& error) {
  if (error.number <= 0) {
    if (!error.detail.empty()) return error.detail;
    return error.number == kTlsHandshakeTimeout ? "TLS handshake timeout" : "TLS failure";
  }
  char text[256];
  ERR_error_string_n(static_cast<unsigned long>(error.number), text, sizeof text);
  return error.detail.empty() ? text : std::string(text) + ": " + error.detail;
}

std::string VerifyCode(int number) {
  switch (number) {
#define SLUICE_VERIFY_CODE(name) \
  case X509_V_ERR_##name:        \
    return #name;
    SLUICE_VERIFY_CODE(UNABLE_TO_GET_ISSUER_CERT)
    SLUICE_VERIFY_CODE(UNABLE_TO_GET_CRL)
    SLUICE_VERIFY_CODE(UNABLE_TO_DECRYPT_CERT_SIGNATURE)
    SLUICE_VERIFY_CODE(UNABLE_TO_DECRYPT_CRL_SIGNATURE)
    SLUICE_VERIFY_CODE(UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY)
    SLUICE_VERIFY_CODE(CERT_SIGNATURE_FAILURE)
    SLUICE_VERIFY_CODE(CRL_SIGNATURE_FAILURE)
    SLUICE_VERIFY_CODE(CERT_NOT_YET_VALID)
    SLUICE_VERIFY_CODE(CERT_HAS_EXPIRED)
    SLUICE_VERIFY_CODE(CRL_NOT_YET_VALID)
    SLUICE_VERIFY_CODE(CRL_HAS_EXPIRED)
    SLUICE_VERIFY_CODE(ERROR_IN_CERT_NOT_BEFORE_FIELD)
    SLUICE_VERIFY_CODE(ERROR_IN_CERT_NOT_AFTER_FIELD)
    SLUICE_VERIFY_CODE(ERROR_IN_CRL_LAST_UPDATE_FIELD)
    SLUICE_VERIFY_CODE(ERROR_IN_CRL_NEXT_UPDATE_FIELD)
    SLUICE_VERIFY_CODE(OUT_OF_MEM)
    SLUICE_VERIFY_CODE(DEPTH_ZERO_SELF_SIGNED_CERT)
    SLUICE_VERIFY_CODE(SELF_SIGNED_CERT_IN_CHAIN)
    SLUICE_VERIFY_CODE(UNABLE_TO_GET_ISSUER_CERT_LOCALLY)
    SLUICE_VERIFY_CODE(UNABLE_TO_VERIFY_LEAF_SIGNATURE)
    SLUICE_VERIFY_CODE(CERT_CHAIN_TOO_LONG)
    SLUICE_VERIFY_CODE(CERT_REVOKED)
    SLUICE_VERIFY_CODE(INVALID_CA)
    SLUICE_VERIFY_CODE(PATH_LENGTH_EXCEEDED)
    SLUICE_VERIFY_CODE(INVALID_PURPOSE)
    SLUICE_VERIFY_CODE(CERT_UNTRUSTED)
    SLUICE_VERIFY_CODE(CERT_REJECTED)
#undef SLUICE_VERIFY_CODE
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return "ERR_TLS_CERT_ALTNAME_INVALID";
    default:
      return "UNSPECIFIED";
  }
}

}  // namespace

Error Error::System(const char* operation, int number, std::string address) {
  return Error{ErrorDomain::kSystem, number, operation, std::move(address), {}};
}

Error Error::Resolver(int number, std::string host) {
  return Error{ErrorDomain::kResolver, number, "getaddrinfo", std::move(host), {}};
}

Error Error::Tls(const char* operation, int64_t number, std::string detail) {
  return Error{ErrorDomain::kTls, number, operation, {}, std::move(detail)};
}

Error Error::Verify(int number) {
  return Error{ErrorDomain::kVerify, number, "verify", {}, {}};
}

std::string Error::code() const {
  if (domain == ErrorDomain::kTls) return TlsCode(number);
  if (domain == ErrorDomain::kVerify) return VerifyCode(static_cast<int>(number));
  const char* name = nullptr;
  if (domain == ErrorDomain::kSystem) name = ErrnoName(static_cast<int>(number));
  if (domain == ErrorDomain::kResolver) name = ResolverName(static_cast<int>(number));
  return name != nullptr ? name : "UNKNOWN";
}

std::string Error::reason() const {
  if (domain != ErrorDomain::kTls || number <= 0) return {};
  const char* text = ERR_reason_error_string(static_cast<unsigned long>(number));
  return text != nullptr ? text : "";
}

std::string Error::library() const {
  if (domain != ErrorDomain::kTls || number <= 0) return {};
  const char* text = ERR_lib_error_string(static_cast<unsigned long>(number));
  return text != nullptr ? text : "";
}

std::string Error::message() const {
  if (domain == ErrorDomain::kNone) return {};
  if (domain == ErrorDomain::kTls) return TlsMessage(*this);
  if (domain == ErrorDomain::kVerify) {
    std::string text = X509_verify_cert_error_string(number);
    return detail.empty() ? text : text + ": " + detail;
  }
  std::string text = operation;
  text += ' ';
  text += code();
  if (!address.empty()) {
    text += ' ';
    text += address;
  }
  if (!detail.empty()) {
    text += ": ";
    text += detail;
  }
  return text;
}

}  // namespace sluice
