// Internal. binding('crypto_spkac'): signed public keys with a challenge (SPKAC), as browsers once
// made them.
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "bind/crypto/job.h"
#include "engine/value.h"

namespace sluice::js {
namespace {

using Spki = std::unique_ptr<NETSCAPE_SPKI, Deleter<NETSCAPE_SPKI_free>>;

Spki SpkiArgument(Call& call, KeyPtr* key) {
  auto data = call.bytes(0);
  if (call.failed() || data.empty()) return nullptr;
  Spki spki(NETSCAPE_SPKI_b64_decode(reinterpret_cast<const char*>(data.data()),
                                     static_cast<int>(data.size())));
  if (spki) key->reset(NETSCAPE_SPKI_get_pubkey(spki.get()));
  ERR_clear_error();
  return *key ? std::move(spki) : nullptr;
}

// verify(bytes) → whether the key signed it
JSValueRef Verify(Call& call) {
  KeyPtr key;
  Spki spki = SpkiArgument(call, &key);
  bool good = spki && NETSCAPE_SPKI_verify(spki.get(), key.get()) > 0;
  ERR_clear_error();
  return call.boolean_value(good);
}

// publicKey(bytes) → PEM as bytes, or undefined
JSValueRef PublicKey(Call& call) {
  KeyPtr key;
  Spki spki = SpkiArgument(call, &key);
  BioPtr bio(BIO_new(BIO_s_mem()));
  if (!spki || PEM_write_bio_PUBKEY(bio.get(), key.get()) != 1) {
    ERR_clear_error();
    return call.undefined();
  }
  char* data = nullptr;
  long size = BIO_get_mem_data(bio.get(), &data);
  return MakeBytes(call.context(),
                   {reinterpret_cast<const uint8_t*>(data), static_cast<size_t>(size)});
}

// challenge(bytes) → bytes, or undefined
JSValueRef Challenge(Call& call) {
  KeyPtr key;
  Spki spki = SpkiArgument(call, &key);
  if (!spki) return call.undefined();
  const ASN1_IA5STRING* challenge = spki->spkac->challenge;
  return MakeBytes(call.context(), {ASN1_STRING_get0_data(challenge),
                                    static_cast<size_t>(ASN1_STRING_length(challenge))});
}

constexpr FunctionEntry kFunctions[] = {
    {"verify", Guarded<Verify>},
    {"publicKey", Guarded<PublicKey>},
    {"challenge", Guarded<Challenge>},
};

}  // namespace

void BindCryptoSpkac(Binder& binder) {
  binder.Functions(kFunctions);
}

}  // namespace sluice::js
