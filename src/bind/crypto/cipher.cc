// Internal. binding('crypto_cipher'): ciphers, step by step. lib/internal/crypto/cipher.js knows
// which step is allowed when; here is checked what would harm.
#include <algorithm>
#include <limits>

#include "bind/crypto/job.h"
#include "engine/value.h"

namespace sluice::js {
namespace {

using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, Deleter<EVP_CIPHER_CTX_free>>;

class Cipher final : public NativeObject {
 public:
  explicit Cipher(CipherContext context) : context_(std::move(context)) {}
  EVP_CIPHER_CTX* get() const { return context_.get(); }
  size_t cost() const override { return 1024; }

 private:
  CipherContext context_;
};

struct Mode {
  int mode;
  const char* name;
};
constexpr Mode kModes[] = {
    {EVP_CIPH_STREAM_CIPHER, "stream"}, {EVP_CIPH_ECB_MODE, "ecb"}, {EVP_CIPH_CBC_MODE, "cbc"},
    {EVP_CIPH_CFB_MODE, "cfb"},         {EVP_CIPH_OFB_MODE, "ofb"}, {EVP_CIPH_CTR_MODE, "ctr"},
    {EVP_CIPH_GCM_MODE, "gcm"},         {EVP_CIPH_CCM_MODE, "ccm"}, {EVP_CIPH_XTS_MODE, "xts"},
    {EVP_CIPH_WRAP_MODE, "wrap"},       {EVP_CIPH_OCB_MODE, "ocb"}, {EVP_CIPH_SIV_MODE, "siv"},
#ifdef EVP_CIPH_GCM_SIV_MODE  // of OpenSSL 3.2
    {EVP_CIPH_GCM_SIV_MODE, "gcm-siv"},
#endif
};

// The name and number that OpenSSL has in its table of objects, where it is there.
int NumberOf(const EVP_CIPHER* cipher) {
  int nid = EVP_CIPHER_get_nid(cipher);
  if (nid != NID_undef) return nid;
  return OBJ_sn2nid(EVP_CIPHER_get0_name(cipher));
}

// info(name or number) → {name, nid, blockSize, ivLength, keyLength, mode, authenticated}, or
// undefined
JSValueRef Info(Call& call) {
  std::string name;
  if (call.is_string(0)) {
    name = call.string(0);
  } else if (const char* short_name = OBJ_nid2sn(static_cast<int>(call.integer(0)))) {
    name = short_name;
  }
  const EVP_CIPHER* cipher = CipherByName(name);
  if (cipher == nullptr) return call.undefined();
  JSContextRef context = call.context();
  JSObjectRef info = JSObjectMake(context, nullptr, nullptr);
  int nid = NumberOf(cipher);
  const char* object_name = nid != NID_undef ? OBJ_nid2sn(nid) : EVP_CIPHER_get0_name(cipher);
  auto number = [&](const char* key, int value) {
    Set(context, info, key, JSValueMakeNumber(context, value));
  };
  int mode = EVP_CIPHER_get_mode(cipher);
  for (const Mode& one : kModes)
    if (one.mode == mode) Set(context, info, "mode", MakeString(context, one.name));
  Set(context, info, "name", MakeString(context, Lower(object_name != nullptr ? object_name : "")));
  number("nid", nid);
  number("blockSize", EVP_CIPHER_get_block_size(cipher));
  number("ivLength", EVP_CIPHER_get_iv_length(cipher));
  number("keyLength", EVP_CIPHER_get_key_length(cipher));
  bool authenticated = (EVP_CIPHER_get_flags(cipher) & EVP_CIPH_FLAG_AEAD_CIPHER) != 0;
  Set(context, info, "authenticated", call.boolean_value(authenticated));
  return info;
}

// create(name, encrypt, key, iv or undefined, tagLength or 0) → handle; "key" or "iv" if their
// lengths do not fit
JSValueRef Create(Call& call) {
  const EVP_CIPHER* cipher = CipherByName(call.string(0));
  int encrypt = call.boolean(1) ? 1 : 0;
  auto key = call.bytes(2);
  auto iv = call.is_undefined(3) ? std::span<uint8_t>() : call.bytes(3);
  auto tag_length = static_cast<int>(call.integer(4));
  if (call.failed() || cipher == nullptr) return call.undefined();
  CipherContext context(EVP_CIPHER_CTX_new());
  EVP_CIPHER_CTX* made = context.get();
  if (EVP_CIPHER_get_mode(cipher) == EVP_CIPH_WRAP_MODE)
    EVP_CIPHER_CTX_set_flags(made, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
  if (EVP_CipherInit_ex2(made, cipher, nullptr, nullptr, encrypt, nullptr) != 1)
    return ThrowCrypto(call);
  auto refuse = [&](const char* what) {
    ERR_clear_error();
    return call.string_value(what);
  };
  // Modes that take any length assume another one than they tell until it is set.
  bool authenticated = (EVP_CIPHER_get_flags(cipher) & EVP_CIPH_FLAG_AEAD_CIPHER) != 0;
  bool fits = static_cast<int>(iv.size()) == EVP_CIPHER_get_iv_length(cipher);
  if (!iv.empty() && (authenticated || !fits) &&
      EVP_CIPHER_CTX_ctrl(made, EVP_CTRL_AEAD_SET_IVLEN, static_cast<int>(iv.size()), nullptr) != 1)
    return refuse("iv");
  if (tag_length > 0 && EVP_CIPHER_CTX_ctrl(made, EVP_CTRL_AEAD_SET_TAG, tag_length, nullptr) != 1)
    return ThrowCrypto(call);
  if (EVP_CIPHER_CTX_set_key_length(made, static_cast<int>(key.size())) != 1) return refuse("key");
  if (EVP_CipherInit_ex2(made, nullptr, key.data(), iv.empty() ? nullptr : iv.data(), encrypt,
                         nullptr) != 1)
    return ThrowCrypto(call);
  return MakeNative(call.context(), std::make_shared<Cipher>(std::move(context)));
}

int Length(Call& call, std::span<const uint8_t> bytes) {
  if (bytes.size() <= static_cast<size_t>(std::numeric_limits<int>::max() - EVP_MAX_BLOCK_LENGTH))
    return static_cast<int>(bytes.size());
  call.ThrowRangeError("more than 2 GiB at once", "ERR_OUT_OF_RANGE");
  return 0;
}

// update(handle, bytes, out) → how many bytes it wrote, or -1; out has room for one block more
JSValueRef Update(Call& call) {
  auto* cipher = NativeArgument<Cipher>(call, 0);
  auto bytes = call.view(1);
  auto out = call.view(2);
  int length = Length(call, bytes);
  if (call.failed()) return call.undefined();
  if (out.size() < bytes.size() + EVP_MAX_BLOCK_LENGTH)
    return call.ThrowRangeError("no room for the result");
  int written = 0;
  static const uint8_t kNothing = 0;
  bool ok = EVP_CipherUpdate(cipher->get(), out.data(), &written,
                             bytes.empty() ? &kNothing : bytes.data(), length) == 1;
  ERR_clear_error();
  return call.number_value(ok ? written : -1);
}

// finish(handle, out) → how many bytes it wrote; throws
JSValueRef Finish(Call& call) {
  auto* cipher = NativeArgument<Cipher>(call, 0);
  auto out = call.view(1);
  if (call.failed()) return call.undefined();
  if (out.size() < EVP_MAX_BLOCK_LENGTH) return call.ThrowRangeError("no room for the result");
  int written = 0;
  if (EVP_CipherFinal_ex(cipher->get(), out.data(), &written) != 1) return ThrowCrypto(call);
  return call.number_value(written);
}

// setPadding(handle, on)
JSValueRef SetPadding(Call& call) {
  auto* cipher = NativeArgument<Cipher>(call, 0);
  if (cipher != nullptr) EVP_CIPHER_CTX_set_padding(cipher->get(), call.boolean(1) ? 1 : 0);
  return call.undefined();
}

// setTotal(handle, size): of the text, which CCM needs before other data → whether it could
JSValueRef SetTotal(Call& call) {
  auto* cipher = NativeArgument<Cipher>(call, 0);
  auto size = static_cast<int>(call.integer(1));
  int written = 0;
  if (call.failed()) return call.undefined();
  bool ok = EVP_CipherUpdate(cipher->get(), nullptr, &written, nullptr, size) == 1;
  ERR_clear_error();
  return call.boolean_value(ok);
}

// setAad(handle, bytes) → whether it could
JSValueRef SetAad(Call& call) {
  auto* cipher = NativeArgument<Cipher>(call, 0);
  auto bytes = call.view(1);
  int length = Length(call, bytes);
  int written = 0;
  if (call.failed()) return call.undefined();
  bool ok =
      length == 0 || EVP_CipherUpdate(cipher->get(), nullptr, &written, bytes.data(), length) == 1;
  ERR_clear_error();
  return call.boolean_value(ok);
}

// setTag(handle, bytes) → whether it could
JSValueRef SetTag(Call& call) {
  auto* cipher = NativeArgument<Cipher>(call, 0);
  auto tag = call.bytes(1);
  if (call.failed()) return call.undefined();
  bool ok =
      EVP_CIPHER_CTX_ctrl(cipher->get(), EVP_CTRL_AEAD_SET_TAG, Length(call, tag), tag.data()) == 1;
  ERR_clear_error();
  return call.boolean_value(ok);
}

// tag(handle, out): fills out
JSValueRef Tag(Call& call) {
  auto* cipher = NativeArgument<Cipher>(call, 0);
  auto out = call.view(1);
  if (call.failed()) return call.undefined();
  if (EVP_CIPHER_CTX_ctrl(cipher->get(), EVP_CTRL_AEAD_GET_TAG, Length(call, out), out.data()) != 1)
    return ThrowCrypto(call);
  return call.undefined();
}

void AddName(const OBJ_NAME* name, void* list) {
  static_cast<std::vector<std::string>*>(list)->emplace_back(name->name);
}

// names() → of all ciphers; of names that differ in case only the one in lower case
JSValueRef Names(Call& call) {
  std::vector<std::string> known;
  OPENSSL_init_crypto(OPENSSL_INIT_ADD_ALL_CIPHERS, nullptr);
  OBJ_NAME_do_all_sorted(OBJ_NAME_TYPE_CIPHER_METH, AddName, &known);
  std::vector<std::string> usable;
  for (std::string& name : known) {
    std::string lower = Lower(name);
    bool twice = lower != name && std::find(known.begin(), known.end(), lower) != known.end();
    if (!twice && CipherByName(name) != nullptr) usable.push_back(std::move(name));
  }
  return MakeStrings(call.context(), usable);
}

constexpr FunctionEntry kFunctions[] = {
    {"info", Guarded<Info>},
    {"create", Guarded<Create>},
    {"update", Guarded<Update>},
    {"finish", Guarded<Finish>},
    {"setPadding", Guarded<SetPadding>},
    {"setTotal", Guarded<SetTotal>},
    {"setAad", Guarded<SetAad>},
    {"setTag", Guarded<SetTag>},
    {"tag", Guarded<Tag>},
    {"names", Guarded<Names>},
};

}  // namespace

void BindCryptoCipher(Binder& binder) {
  binder.Functions(kFunctions);
}

}  // namespace sluice::js
