// Bytes of test vectors.
#pragma once

#include <openssl/crypto.h>

#include <cstdint>
#include <vector>

namespace sluice::test {

using Bytes = std::vector<uint8_t>;

// Hex returns what hexadecimal digits, with ':' between bytes or without, say.
inline Bytes Hex(const char* text) {
  long size = 0;
  unsigned char* data = OPENSSL_hexstr2buf(text, &size);
  Bytes bytes(data, data + size);
  OPENSSL_free(data);
  return bytes;
}

}  // namespace sluice::test
