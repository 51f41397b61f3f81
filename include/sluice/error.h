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

// Error says which operation failed, with which number, at which address. The zero value means
// success. It is a plain value: copy it freely, on any thread.
struct Error {
  ErrorDomain domain = ErrorDomain::kNone;
  int64_t number = 0;
  const char* operation = "";  // the failed call in lower case ("connect"); static storage
  std::string address;         // "127.0.0.1:80", a path, a host name, or empty
  std::string detail;          // more text from a library, or empty

  explicit operator bool() const { return domain != ErrorDomain::kNone; }

  // System returns the Error of a failed system call; number is an errno value.
  static Error System(const char* operation, int number, std::string address = {});
  // Resolver returns the Error of a failed getaddrinfo(3); number is an EAI_* value.
  static Error Resolver(int number, std::string host);

  // code returns the symbolic name ("ECONNREFUSED", "ENOTFOUND"), "UNKNOWN" if there is none.
  std::string code() const;
  // message returns one line for people: "connect ECONNREFUSED 127.0.0.1:1"; "" for success.
  std::string message() const;
};

// ErrnoName returns the symbolic name of an errno value ("EPIPE"), or null if it has none.
const char* ErrnoName(int number);

}  // namespace sluice
