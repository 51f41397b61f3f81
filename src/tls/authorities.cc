#include "tls/authorities.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include "tls/secrets.h"
#include "tls/system_authorities.h"

namespace sluice {
namespace {

constexpr size_t kKept = 8;

// Kept is what was read of a list.
struct Kept {
  std::vector<std::string> list;
  bool with_system = false;
  bool lenient = false;
  std::shared_ptr<const Authorities> read;
};

struct Cache {
  std::mutex mutex;        // guards kept
  std::vector<Kept> kept;  // the one that was used last comes first
};

std::array<uint8_t, 32> DigestOf(const std::vector<X509Ptr>& certificates, bool with_system) {
  std::array<uint8_t, 32> digest{};
  std::unique_ptr<EVP_MD_CTX, Deleter<EVP_MD_CTX_free>> context(EVP_MD_CTX_new());
  uint8_t first = with_system ? 1 : 0;
  EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
  EVP_DigestUpdate(context.get(), &first, 1);
  for (const X509Ptr& one : certificates) {
    std::vector<uint8_t> der = Der(one.get(), i2d_X509);
    EVP_DigestUpdate(context.get(), der.data(), der.size());
  }
  EVP_DigestFinal_ex(context.get(), digest.data(), nullptr);
  return digest;
}

std::shared_ptr<const Authorities> Read(const std::vector<std::string>& list, bool with_system,
                                        bool lenient, Error* error) {
  auto read = std::make_shared<Authorities>();
  read->store.reset(X509_STORE_new());
  for (const std::string& data : list)
    if (!ReadCertificates(data, &read->certificates, error) && !lenient) return nullptr;
  for (const X509Ptr& one : read->certificates) X509_STORE_add_cert(read->store.get(), one.get());
  if (with_system && !AddSystemAuthorities(read->store.get(), error)) return nullptr;
  read->digest = DigestOf(read->certificates, with_system);
  ERR_clear_error();
  return read;
}

}  // namespace

std::shared_ptr<const Authorities> AuthoritiesOf(const std::vector<std::string>& list,
                                                 bool with_system, bool lenient, Error* error) {
  static Cache& cache = *new Cache;
  std::unique_lock lock(cache.mutex);
  auto& kept = cache.kept;
  auto found = std::find_if(kept.begin(), kept.end(), [&](const Kept& one) {
    return one.with_system == with_system && one.lenient == lenient && one.list == list;
  });
  if (found != kept.end()) {
    std::rotate(kept.begin(), found, found + 1);
    return kept.front().read;
  }
  lock.unlock();
  auto read = Read(list, with_system, lenient, error);
  if (!read) return nullptr;
  Kept last;  // freed after the lock is
  lock.lock();
  if (kept.size() == kKept) {
    last = std::move(kept.back());
    kept.pop_back();
  }
  kept.insert(kept.begin(), Kept{list, with_system, lenient, read});
  lock.unlock();
  return read;
}

}  // namespace sluice
