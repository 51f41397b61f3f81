// Internal. Owners of OpenSSL objects, and its error queue.
#pragma once

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pkcs12.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string_view>
#include <vector>

#include "sluice/error.h"

namespace sluice {

template <auto function>
struct Deleter {
  template <class T>
  void operator()(T* object) const {
    function(object);
  }
};

using BioPtr = std::unique_ptr<BIO, Deleter<BIO_free_all>>;
using X509Ptr = std::unique_ptr<X509, Deleter<X509_free>>;
using CrlPtr = std::unique_ptr<X509_CRL, Deleter<X509_CRL_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using StorePtr = std::unique_ptr<X509_STORE, Deleter<X509_STORE_free>>;
using Pkcs12Ptr = std::unique_ptr<PKCS12, Deleter<PKCS12_free>>;
using SslPtr = std::unique_ptr<SSL, Deleter<SSL_free>>;
using SessionPtr = std::unique_ptr<SSL_SESSION, Deleter<SSL_SESSION_free>>;
using BignumPtr = std::unique_ptr<BIGNUM, Deleter<BN_free>>;

inline BioPtr MemoryBio(std::string_view data) {
  return BioPtr(BIO_new_mem_buf(data.data(), static_cast<int>(data.size())));
}

// TakeError returns the oldest error of this thread's queue and empties it; of a step of the
// protocol the oldest of the SSL library, which says more than what failed below it.
inline Error TakeError(const char* operation, bool protocol = false) {
  unsigned long number = ERR_get_error();
  for (unsigned long next = number; protocol && next != 0; next = ERR_get_error()) {
    if (ERR_GET_LIB(next) != ERR_LIB_SSL) continue;
    number = next;
    break;
  }
  ERR_clear_error();
  if (number == 0) number = ERR_PACK(ERR_LIB_SSL, 0, ERR_R_INTERNAL_ERROR);
  return Error::Tls(operation, static_cast<int64_t>(number));
}

// Der returns what an i2d function writes.
template <class T>
std::vector<uint8_t> Der(const T* object, int (*encode)(const T*, unsigned char**)) {
  int size = object != nullptr ? encode(object, nullptr) : -1;
  if (size <= 0) return {};
  std::vector<uint8_t> bytes(static_cast<size_t>(size));
  unsigned char* out = bytes.data();
  encode(object, &out);
  return bytes;
}

}  // namespace sluice
