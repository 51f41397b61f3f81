// Public. The one error type of sluice: what failed, why, and at which address.
#pragma once

#include <cstdint>
#include <string>

namespace sluice {

// Where an Error's number comes from.
enum class ErrorDomain : uint8_t {
  kNone,      // no error
  kSystem,    // errno(3)
  kResolver,  // EAI_* of getaddrinfo(3)
  kTls,       // an OpenSSL error number (ERR_get_error(3))
  kVerify,    // an X509_V_ERR_* number of a certificate check
};

// Failures of TLS that OpenSSL has no number for; they are numbers of the domain kTls.
enum TlsFailure : int64_t {
  kTlsHandshakeTimeout = -1,  // ERR_TLS_HANDSHAKE_TIMEOUT
  kTlsDisconnected = -2,      // ECONNRESET: the connection ended during the handshake
  kTlsBadOptions = -3,        // ERR_TLS_INVALID_OPTION: detail says which
  kTlsUnreadReplies = -4,     // ERR_TLS_UNREAD_REPLIES: answers to TLS messages pile up
  kTlsNoPlace = -5,           // ERR_TLS_TOO_MANY_HANDSHAKES: too many wait (Admission)
};

// Error says which operation failed, with which number, at which address. The zero value means
// success. It is a plain value: copy it freely, on any thread.
struct Error {
  ErrorDomain domain = ErrorDomain::kNone;  // what number counts; kNone: success
  int64_t number = 0;                       // an errno, EAI_* or other value, as domain says
  const char* operation = "";  // the failed call in lower case ("connect"); static storage
  std::string address;         // "127.0.0.1:80", a path, a host name, or empty
  std::string detail;          // more text from a library, or empty

  // Whether there is an error.
  explicit operator bool() const { return domain != ErrorDomain::kNone; }

  // System returns the Error of a failed system call; number is an errno value.
  static Error System(const char* operation, int number, std::string address = {});
  // Resolver returns the Error of a failed getaddrinfo(3); number is an EAI_* value.
  static Error Resolver(int number, std::string host);
  // Tls returns the Error of a failed TLS step: an OpenSSL error number, or a TlsFailure.
  static Error Tls(const char* operation, int64_t number, std::string detail = {});
  // Verify returns the Error of a refused certificate; number is an X509_V_ERR_* value.
  static Error Verify(int number);

  // code returns the symbolic name ("ECONNREFUSED", "ENOTFOUND", "ERR_SSL_WRONG_VERSION_NUMBER",
  // "CERT_HAS_EXPIRED"), "UNKNOWN" if there is none.
  std::string code() const;
  // message returns one line for people: "connect ECONNREFUSED 127.0.0.1:1",
  // "error:0A00010B:SSL routines::wrong version number", "certificate has expired"; "" for
  // success.
  std::string message() const;
  // reason returns OpenSSL's words for a number of the domain kTls ("wrong version number"), or "".
  std::string reason() const;
  // library returns OpenSSL's name of its part ("SSL routines"), or "".
  std::string library() const;
};

// ErrnoName returns the symbolic name of an errno value ("EPIPE"), or null if it has none.
const char* ErrnoName(int number);

}  // namespace sluice
