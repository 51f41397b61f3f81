#include "tls/ticket_keys.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <cstring>

#include "tls/callbacks.h"
#include "tls/handles.h"

namespace sluice {
namespace {

constexpr size_t kNameSize = 16;
constexpr size_t kIvSize = 16;

}  // namespace

// RFC 5077, section 4: name, IV, AES-CBC, HMAC-SHA-256.
int TicketSeal::Seal(SSL* ssl, unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher,
                     EVP_MAC_CTX* mac, int sealing) {
  uint8_t key[TicketKeys::kLong];
  size_t size = 0;
  bool first = true;
  if (!Copy(*TlsCallbacks::TicketKeysOf(ssl), sealing != 0 ? nullptr : name, key, &size, &first))
    return 0;
  size_t part = (size - kNameSize) / 2;
  const uint8_t* mac_key = key + kNameSize;
  const uint8_t* cipher_key = mac_key + part;
  const EVP_CIPHER* algorithm = part == 32 ? EVP_aes_256_cbc() : EVP_aes_128_cbc();
  char digest[] = "SHA256";
  OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, const_cast<uint8_t*>(mac_key), part),
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
      OSSL_PARAM_construct_end()};
  bool ok = EVP_MAC_CTX_set_params(mac, parameters) == 1;
  if (sealing != 0) {
    std::memcpy(name, key, kNameSize);
    ok = ok && RAND_bytes(iv, kIvSize) == 1 &&
         EVP_EncryptInit_ex(cipher, algorithm, nullptr, cipher_key, iv) == 1;
  } else {
    ok = ok && EVP_DecryptInit_ex(cipher, algorithm, nullptr, cipher_key, iv) == 1;
  }
  OPENSSL_cleanse(key, sizeof key);
  if (!ok) return -1;
  return first ? 1 : 2;  // 2: the client gets a ticket under the present key
}

// Copies the key of that name, or the first for null.
bool TicketSeal::Copy(TicketKeys& keys, const uint8_t* name, uint8_t* out, size_t* size,
                      bool* first) {
  std::lock_guard lock(keys.mutex_);
  for (auto& key : keys.keys_) {
    if (name != nullptr && std::memcmp(key.bytes, name, kNameSize) != 0) continue;
    std::memcpy(out, key.bytes, key.size);
    *size = key.size;
    *first = &key == &keys.keys_.front();
    return true;
  }
  return false;
}

std::shared_ptr<TicketKeys> TicketKeys::Create(Error* error) {
  std::shared_ptr<TicketKeys> made(new TicketKeys);
  made->keys_.reserve(kKept + 1);
  return made->AddRandom(kShort, error) ? made : nullptr;
}

TicketKeys::~TicketKeys() {
  for (Key& key : keys_) OPENSSL_cleanse(&key, sizeof key);
}

bool TicketKeys::Set(std::span<const uint8_t> key) {
  if (key.size() != kShort && key.size() != kLong) return false;
  std::lock_guard lock(mutex_);
  if (!keys_.empty() && keys_[0].size == key.size() &&
      std::memcmp(keys_[0].bytes, key.data(), key.size()) == 0)
    return true;
  Key entry;
  std::memcpy(entry.bytes, key.data(), key.size());
  entry.size = key.size();
  keys_.insert(keys_.begin(), entry);
  OPENSSL_cleanse(&entry, sizeof entry);
  if (keys_.size() > kKept) {
    OPENSSL_cleanse(&keys_.back(), sizeof(Key));
    keys_.pop_back();
  }
  return true;
}

bool TicketKeys::SetAll(std::span<const std::vector<uint8_t>> keys) {
  std::vector<Key> entries;
  entries.reserve(std::max(keys.size(), kKept + 1));
  for (const auto& key : keys) {
    if (key.size() != kShort && key.size() != kLong) break;
    Key& entry = entries.emplace_back();
    std::memcpy(entry.bytes, key.data(), key.size());
    entry.size = key.size();
  }
  bool good = !keys.empty() && entries.size() == keys.size();
  if (good) {
    std::lock_guard lock(mutex_);
    entries.swap(keys_);
  }
  for (Key& entry : entries) OPENSSL_cleanse(&entry, sizeof entry);
  return good;
}

bool TicketKeys::Rotate(Error* error) {
  return AddRandom(Get().size(), error);
}

bool TicketKeys::AddRandom(size_t size, Error* error) {
  uint8_t key[kLong];
  bool ok = RAND_bytes(key, static_cast<int>(size)) == 1;
  if (ok)
    Set({key, size});
  else
    *error = TakeError("ticketKeys");
  OPENSSL_cleanse(key, sizeof key);
  return ok;
}

std::vector<uint8_t> TicketKeys::Get() const {
  std::lock_guard lock(mutex_);
  return {keys_[0].bytes, keys_[0].bytes + keys_[0].size};
}

}  // namespace sluice
