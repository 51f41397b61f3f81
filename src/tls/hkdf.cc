// The digests' own functions, in place of which OpenSSL 3 recommends EVP_Digest, which takes longer
// to find its algorithm than to compute it.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "tls/hkdf.h"

namespace sluice {

void Sha256::Init(State* state) {
  SHA256_Init(state);
}
void Sha256::Update(State* state, std::span<const uint8_t> data) {
  SHA256_Update(state, data.data(), data.size());
}
void Sha256::Final(State* state, uint8_t* out) {
  SHA256_Final(out, state);
}

void Sha384::Init(State* state) {
  SHA384_Init(state);
}
void Sha384::Update(State* state, std::span<const uint8_t> data) {
  SHA384_Update(state, data.data(), data.size());
}
void Sha384::Final(State* state, uint8_t* out) {
  SHA384_Final(out, state);
}

}  // namespace sluice
