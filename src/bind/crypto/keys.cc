// Internal. binding('crypto_keys'): asymmetric keys from text and bytes, and back.
#include <openssl/core_names.h>
#include <openssl/decoder.h>
#include <openssl/ec.h>
#include <openssl/encoder.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <cstring>

#include "bind/crypto/key.h"
#include "engine/value.h"

namespace sluice::js {
namespace {

using Decoder = std::unique_ptr<OSSL_DECODER_CTX, Deleter<OSSL_DECODER_CTX_free>>;
using Encoder = std::unique_ptr<OSSL_ENCODER_CTX, Deleter<OSSL_ENCODER_CTX_free>>;

// What a passphrase was asked for with, and whether it was.
struct Passphrase {
  Secret secret;
  bool given = false;
  bool asked = false;
};

Passphrase PassphraseArgument(Call& call, size_t i) {
  Passphrase passphrase;
  passphrase.given = !call.is_undefined(i);
  if (passphrase.given) passphrase.secret = SecretArgument(call, i);
  return passphrase;
}

int OnPassphrase(char* out, size_t size, size_t* written, const OSSL_PARAM*, void* data) {
  auto* passphrase = static_cast<Passphrase*>(data);
  passphrase->asked = true;
  if (!passphrase->given || passphrase->secret.size() > size) return 0;
  std::memcpy(out, passphrase->secret.data(), passphrase->secret.size());
  *written = passphrase->secret.size();
  return 1;
}

struct Encoding {
  bool pem = true;
  const char* structure = nullptr;  // OpenSSL's name, null for any
  const char* key_type = nullptr;   // that the structure is for, null for any
};

// Arguments: format ("pem", "der"), type ("pkcs1", "pkcs8", "spki", "sec1" or undefined).
Encoding EncodingArgument(Call& call, size_t format) {
  Encoding encoding;
  encoding.pem = call.string(format) == "pem";
  std::string type = TextArgument(call, format + 1);
  if (type == "pkcs1") encoding = {encoding.pem, "type-specific", "RSA"};
  if (type == "sec1") encoding = {encoding.pem, "type-specific", "EC"};
  if (type == "spki") encoding.structure = "SubjectPublicKeyInfo";
  if (type == "pkcs8") encoding.structure = "PrivateKeyInfo";
  return encoding;
}

KeyPtr Decode(std::span<const uint8_t> data, const Encoding& encoding, int selection,
              Passphrase* passphrase) {
  EVP_PKEY* key = nullptr;
  // PKCS #8 may be encrypted, which is a structure of its own.
  bool any = encoding.pem || encoding.key_type == nullptr;
  Decoder decoder(OSSL_DECODER_CTX_new_for_pkey(
      &key, encoding.pem ? "PEM" : "DER", any ? nullptr : encoding.structure,
      any ? nullptr : encoding.key_type, selection, nullptr, nullptr));
  if (!decoder) return nullptr;
  if (passphrase != nullptr)
    OSSL_DECODER_CTX_set_passphrase_cb(decoder.get(), OnPassphrase, passphrase);
  const uint8_t* at = data.data();
  size_t left = data.size();
  if (OSSL_DECODER_from_data(decoder.get(), &at, &left) != 1) {
    EVP_PKEY_free(key);
    return nullptr;
  }
  return KeyPtr(key);
}

bool Holds(std::span<const uint8_t> data, std::string_view text) {
  return std::search(data.begin(), data.end(), text.begin(), text.end()) != data.end();
}

KeyPtr DecodePublic(std::span<const uint8_t> data, const Encoding& encoding,
                    Passphrase* passphrase) {
  if (encoding.pem && Holds(data, "-----BEGIN CERTIFICATE-----")) {
    BioPtr bio = MemoryBio({reinterpret_cast<const char*>(data.data()), data.size()});
    X509Ptr certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    return KeyPtr(certificate ? X509_get_pubkey(certificate.get()) : nullptr);
  }
  bool is_private = encoding.pem && Holds(data, "PRIVATE KEY-----");
  return Decode(data, encoding, is_private ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, passphrase);
}

// parse(private, data, format, type, passphrase) → handle. A public key may also come from a
// private one or a certificate, in PEM.
JSValueRef Parse(Call& call) {
  bool is_private = call.boolean(0);
  auto data = call.bytes(1);
  Encoding encoding = EncodingArgument(call, 2);
  Passphrase passphrase = PassphraseArgument(call, 4);
  if (call.failed()) return call.undefined();
  ERR_clear_error();
  KeyPtr key = is_private ? Decode(data, encoding, EVP_PKEY_KEYPAIR, &passphrase)
                          : DecodePublic(data, encoding, &passphrase);
  if (!key && passphrase.asked && !passphrase.given) {
    ERR_clear_error();
    if (!encoding.pem)
      return call.ThrowTypeError("Passphrase required for encrypted key", "ERR_MISSING_PASSPHRASE");
    // As OpenSSL says it where nobody answers its question.
    ERR_raise(ERR_LIB_CRYPTO, ERR_R_INTERRUPTED_OR_CANCELLED);
    return ThrowCrypto(call);
  }
  if (!key) {
    if (ERR_peek_error() == 0) ERR_raise(ERR_LIB_OSSL_DECODER, ERR_R_UNSUPPORTED);
    return ThrowCrypto(call);
  }
  ERR_clear_error();
  return KeyValue(call.context(), std::move(key), is_private);
}

// LockedByNothing encrypts a private key with an empty passphrase, which encoders take for none.
JSValueRef LockedByNothing(Call& call, EVP_PKEY* key, const Encoding& encoding,
                           const EVP_CIPHER* cipher) {
  BioPtr bio(BIO_new(BIO_s_mem()));
  bool specific = encoding.key_type != nullptr;
  unsigned char none[1] = {};
  auto* text = reinterpret_cast<char*>(none);
  int done = specific ? PEM_write_bio_PrivateKey_traditional(bio.get(), key, cipher, none, 0,
                                                             nullptr, nullptr)
             : encoding.pem
                 ? PEM_write_bio_PKCS8PrivateKey(bio.get(), key, cipher, text, 0, nullptr, nullptr)
                 : i2d_PKCS8PrivateKey_bio(bio.get(), key, cipher, text, 0, nullptr, nullptr);
  if (done != 1) return ThrowCrypto(call);
  char* data = nullptr;
  long size = BIO_get_mem_data(bio.get(), &data);
  return MakeBytes(call.context(),
                   {reinterpret_cast<const uint8_t*>(data), static_cast<size_t>(size)});
}

// format(handle, private, format, type, cipher or undefined, passphrase) → bytes
JSValueRef Format(Call& call) {
  auto* key = NativeArgument<Key>(call, 0);
  bool is_private = call.boolean(1);
  Encoding encoding = EncodingArgument(call, 2);
  std::string cipher = TextArgument(call, 4);
  Passphrase passphrase = PassphraseArgument(call, 5);
  if (call.failed()) return call.undefined();
  if (is_private && !key->is_private()) return call.ThrowTypeError("not a private key");
  bool pkcs8 = encoding.key_type == nullptr && is_private;
  const char* structure = pkcs8 && !cipher.empty() ? "EncryptedPrivateKeyInfo" : encoding.structure;
  Encoder encoder(OSSL_ENCODER_CTX_new_for_pkey(key->get(),
                                                is_private ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY,
                                                encoding.pem ? "PEM" : "DER", structure, nullptr));
  if (!encoder) return ThrowCrypto(call);
  if (!cipher.empty()) {
    const EVP_CIPHER* known = CipherByName(cipher);
    if (known == nullptr) return call.ThrowError("Unknown cipher", "ERR_CRYPTO_UNKNOWN_CIPHER");
    if (passphrase.secret.size() == 0) return LockedByNothing(call, key->get(), encoding, known);
    if (OSSL_ENCODER_CTX_set_cipher(encoder.get(), EVP_CIPHER_get0_name(known), nullptr) != 1 ||
        OSSL_ENCODER_CTX_set_passphrase(encoder.get(), passphrase.secret.data(),
                                        passphrase.secret.size()) != 1)
      return ThrowCrypto(call);
  }
  uint8_t* data = nullptr;
  size_t size = 0;
  if (OSSL_ENCODER_to_data(encoder.get(), &data, &size) != 1) return ThrowCrypto(call);
  JSValueRef result = MakeBytes(call.context(), {data, size});
  OPENSSL_clear_free(data, size);
  return result;
}

// toPublic(handle) → handle of its public half
JSValueRef ToPublic(Call& call) {
  auto* key = NativeArgument<Key>(call, 0);
  if (key == nullptr) return call.undefined();
  return KeyValue(call.context(), key->Share(), false);
}

// type(handle) → "rsa", …
JSValueRef Type(Call& call) {
  auto* key = NativeArgument<Key>(call, 0);
  if (key == nullptr) return call.undefined();
  std::string name = KeyTypeName(key->get());
  return name.empty() ? call.undefined() : call.string_value(name);
}

// equal(handle, handle) → whether the public halves are the same
JSValueRef Equal(Call& call) {
  auto* one = NativeArgument<Key>(call, 0);
  auto* other = NativeArgument<Key>(call, 1);
  if (call.failed()) return call.undefined();
  bool same = EVP_PKEY_eq(one->get(), other->get()) == 1;
  ERR_clear_error();
  return call.boolean_value(same);
}

BignumPtr Number(const EVP_PKEY* key, const char* name) {
  BIGNUM* number = nullptr;
  EVP_PKEY_get_bn_param(key, name, &number);
  ERR_clear_error();
  return BignumPtr(number);
}

std::string TextParameter(const EVP_PKEY* key, const char* name) {
  char text[80];
  size_t size = 0;
  bool found = EVP_PKEY_get_utf8_string_param(key, name, text, sizeof text, &size) == 1;
  ERR_clear_error();
  return found ? std::string(text, size) : std::string();
}

// details(handle) → {modulusLength, publicExponent (hexadecimal), hashAlgorithm,
// mgf1HashAlgorithm, saltLength, divisorLength, namedCurve}, those that the type has
JSValueRef Details(Call& call) {
  auto* held = NativeArgument<Key>(call, 0);
  if (held == nullptr) return call.undefined();
  const EVP_PKEY* key = held->get();
  JSContextRef context = call.context();
  JSObjectRef details = JSObjectMake(context, nullptr, nullptr);
  auto text = [&](const char* name, const std::string& value) {
    if (!value.empty()) Set(context, details, name, MakeString(context, value));
  };
  std::string type = KeyTypeName(key);
  if (type == "rsa" || type == "rsa-pss" || type == "dsa")
    Set(context, details, "modulusLength", call.number_value(EVP_PKEY_get_bits(key)));
  if (BignumPtr exponent = Number(key, OSSL_PKEY_PARAM_RSA_E)) {
    char* digits = BN_bn2hex(exponent.get());
    text("publicExponent", digits);
    OPENSSL_free(digits);
  }
  if (type == "rsa-pss") {
    text("hashAlgorithm", TextParameter(key, OSSL_PKEY_PARAM_RSA_DIGEST));
    text("mgf1HashAlgorithm", TextParameter(key, OSSL_PKEY_PARAM_RSA_MGF1_DIGEST));
    int salt = 0;
    if (EVP_PKEY_get_int_param(key, OSSL_PKEY_PARAM_RSA_PSS_SALTLEN, &salt) == 1)
      Set(context, details, "saltLength", call.number_value(salt));
    ERR_clear_error();
  }
  if (type == "dsa") {
    if (BignumPtr q = Number(key, OSSL_PKEY_PARAM_FFC_Q))
      Set(context, details, "divisorLength", call.number_value(BN_num_bits(q.get())));
  }
  if (type == "ec") text("namedCurve", GroupName(key));
  return details;
}

// ---- Components, for JWK

struct Component {
  const char* name;       // in a JWK
  const char* parameter;  // of OpenSSL
};
constexpr Component kRsa[] = {
    {"n", OSSL_PKEY_PARAM_RSA_N},          {"e", OSSL_PKEY_PARAM_RSA_E},
    {"d", OSSL_PKEY_PARAM_RSA_D},          {"p", OSSL_PKEY_PARAM_RSA_FACTOR1},
    {"q", OSSL_PKEY_PARAM_RSA_FACTOR2},    {"dp", OSSL_PKEY_PARAM_RSA_EXPONENT1},
    {"dq", OSSL_PKEY_PARAM_RSA_EXPONENT2}, {"qi", OSSL_PKEY_PARAM_RSA_COEFFICIENT1},
};
constexpr size_t kRsaPublic = 2;

Secret BytesOf(const BIGNUM* number, size_t size) {
  Secret bytes(std::max(size, static_cast<size_t>(BN_num_bytes(number))));
  BN_bn2binpad(number, bytes.data(), bytes.length());
  return bytes;
}

// components(handle, private) → {n, e, …}, {x, y, d} or {x, d, seed} of bytes, those that the key has
JSValueRef Components(Call& call) {
  auto* held = NativeArgument<Key>(call, 0);
  bool is_private = call.boolean(1);
  if (held == nullptr) return call.undefined();
  const EVP_PKEY* key = held->get();
  if (is_private && !held->is_private()) return call.ThrowTypeError("not a private key");
  JSContextRef context = call.context();
  JSObjectRef all = JSObjectMake(context, nullptr, nullptr);
  auto set = [&](const char* name, const Secret& bytes) {
    Set(context, all, name, MakeBytes(context, {bytes.data(), bytes.size()}));
  };
  auto number = [&](const char* name, const char* parameter, size_t size) {
    if (BignumPtr value = Number(key, parameter)) set(name, BytesOf(value.get(), size));
  };
  std::string type = KeyTypeName(key);
  if (type == "rsa" || type == "rsa-pss") {
    for (size_t i = 0; i < (is_private ? std::size(kRsa) : kRsaPublic); ++i)
      number(kRsa[i].name, kRsa[i].parameter, 0);
  } else if (type == "ec") {
    size_t size = static_cast<size_t>(EVP_PKEY_get_bits(key) + 7) / 8;
    number("x", OSSL_PKEY_PARAM_EC_PUB_X, size);
    number("y", OSSL_PKEY_PARAM_EC_PUB_Y, size);
    if (is_private) number("d", OSSL_PKEY_PARAM_PRIV_KEY, size);
  } else {
    size_t size = 0;
    if (EVP_PKEY_get_raw_public_key(key, nullptr, &size) != 1) return ThrowCrypto(call);
    Secret point(size);
    EVP_PKEY_get_raw_public_key(key, point.data(), &size);
    set("x", point);
    if (is_private && EVP_PKEY_get_raw_private_key(key, nullptr, &size) == 1) {
      Secret d(size);
      EVP_PKEY_get_raw_private_key(key, d.data(), &size);
      set("d", d);
    }
    if (is_private && EVP_PKEY_get_octet_string_param(key, "seed", nullptr, 0, &size) == 1) {
      Secret seed(size);
      EVP_PKEY_get_octet_string_param(key, "seed", seed.data(), seed.size(), &size);
      set("seed", seed);
    }
    ERR_clear_error();
  }
  return all;
}

using ParameterBuilder = std::unique_ptr<OSSL_PARAM_BLD, Deleter<OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Deleter<OSSL_PARAM_free>>;

KeyPtr FromParameters(const char* type, OSSL_PARAM_BLD* builder, bool is_private) {
  Parameters parameters(OSSL_PARAM_BLD_to_param(builder));
  KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (!parameters || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, is_private ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY,
                        parameters.get()) != 1)
    return nullptr;
  return KeyPtr(key);
}

// fromRsa(private, n, e, d, p, q, dp, dq, qi) → handle
JSValueRef FromRsa(Call& call) {
  bool is_private = call.boolean(0);
  ParameterBuilder builder(OSSL_PARAM_BLD_new());
  std::vector<BignumPtr> numbers;  // the builder reads them at its end
  for (size_t i = 0; i < (is_private ? std::size(kRsa) : kRsaPublic); ++i) {
    Secret bytes = SecretArgument(call, i + 1);
    if (call.failed()) return call.undefined();
    numbers.emplace_back(BN_secure_new());
    BN_bin2bn(bytes.data(), bytes.length(), numbers.back().get());
    OSSL_PARAM_BLD_push_BN(builder.get(), kRsa[i].parameter, numbers.back().get());
  }
  KeyPtr key = FromParameters("RSA", builder.get(), is_private);
  return key ? KeyValue(call.context(), std::move(key), is_private) : ThrowCrypto(call);
}

// fromEc(curve, point, d or undefined) → handle
JSValueRef FromEc(Call& call) {
  std::string curve = call.string(0);
  Secret point = SecretArgument(call, 1);
  bool is_private = !call.is_undefined(2);
  Secret d = is_private ? SecretArgument(call, 2) : Secret();
  if (call.failed()) return call.undefined();
  ParameterBuilder builder(OSSL_PARAM_BLD_new());
  BignumPtr number(BN_secure_new());
  BN_bin2bn(d.data(), d.length(), number.get());
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, curve.c_str(), 0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                   point.size());
  if (is_private) OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, number.get());
  KeyPtr key = FromParameters("EC", builder.get(), is_private);
  return key ? KeyValue(call.context(), std::move(key), is_private) : ThrowCrypto(call);
}

// fromRaw(type's name, private, bytes) → handle of an Edwards or Montgomery key
JSValueRef FromRaw(Call& call) {
  std::string type = call.string(0);
  bool is_private = call.boolean(1);
  Secret bytes = SecretArgument(call, 2);
  if (call.failed()) return call.undefined();
  auto make = is_private ? EVP_PKEY_new_raw_private_key_ex : EVP_PKEY_new_raw_public_key_ex;
  KeyPtr key(make(nullptr, type.c_str(), nullptr, bytes.data(), bytes.size()));
  return key ? KeyValue(call.context(), std::move(key), is_private) : ThrowCrypto(call);
}

// fromSeed(type's name, bytes) → handle of the private key that follows from a seed
JSValueRef FromSeed(Call& call) {
  std::string type = call.string(0);
  Secret bytes = SecretArgument(call, 1);
  if (call.failed()) return call.undefined();
  ParameterBuilder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_octet_string(builder.get(), "seed", bytes.data(), bytes.size());
  KeyPtr key = FromParameters(type.c_str(), builder.get(), true);
  return key ? KeyValue(call.context(), std::move(key), true) : ThrowCrypto(call);
}

// curves() → names of all
JSValueRef Curves(Call& call) {
  std::vector<EC_builtin_curve> curves(EC_get_builtin_curves(nullptr, 0));
  EC_get_builtin_curves(curves.data(), curves.size());
  std::vector<std::string> names;
  for (const auto& curve : curves) names.emplace_back(OBJ_nid2sn(curve.nid));
  std::sort(names.begin(), names.end());
  return MakeStrings(call.context(), names);
}

constexpr FunctionEntry kFunctions[] = {
    {"parse", Guarded<Parse>},           {"format", Guarded<Format>},
    {"toPublic", Guarded<ToPublic>},     {"type", Guarded<Type>},
    {"equal", Guarded<Equal>},           {"details", Guarded<Details>},
    {"components", Guarded<Components>}, {"fromRsa", Guarded<FromRsa>},
    {"fromEc", Guarded<FromEc>},         {"fromRaw", Guarded<FromRaw>},
    {"fromSeed", Guarded<FromSeed>},     {"curves", Guarded<Curves>},
};

}  // namespace

std::string KeyTypeName(const EVP_PKEY* key) {
  switch (EVP_PKEY_get_id(key)) {
    case EVP_PKEY_RSA:
      return "rsa";
    case EVP_PKEY_RSA_PSS:
      return "rsa-pss";
    case EVP_PKEY_DSA:
      return "dsa";
    case EVP_PKEY_DH:
    case EVP_PKEY_DHX:
      return "dh";
    case EVP_PKEY_EC:
      return "ec";
    case EVP_PKEY_ED25519:
      return "ed25519";
    case EVP_PKEY_ED448:
      return "ed448";
    case EVP_PKEY_X25519:
      return "x25519";
    case EVP_PKEY_X448:
      return "x448";
    default:
      break;
  }
  // Those that OpenSSL has from 3.5 on: lattices and hashes instead of numbers.
  const char* name = EVP_PKEY_get0_type_name(key);
  std::string lower = Lower(name != nullptr ? name : "");
  bool known = lower.starts_with("ml-dsa-") || lower.starts_with("ml-kem-") ||
               lower.starts_with("slh-dsa-");
  return known ? lower : "";
}

std::string GroupName(const EVP_PKEY* key) {
  return TextParameter(key, OSSL_PKEY_PARAM_GROUP_NAME);
}

void BindCryptoKeys(Binder& binder) {
  binder.Functions(kFunctions);
}

}  // namespace sluice::js
