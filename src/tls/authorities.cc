#include "tls/authorities.h"

#include <mutex>
#include <utility>

#include "tls/secrets.h"
#include "tls/system_authorities.h"

namespace sluice {
namespace {

// Last is what was read last, and from what.
struct Last {
  std::mutex mutex;  // guards what follows
  std::vector<std::string> list;
  bool with_system = false;
  std::shared_ptr<const Authorities> read;
};

std::shared_ptr<const Authorities> Read(const std::vector<std::string>& list, bool with_system,
                                        Error* error) {
  auto read = std::make_shared<Authorities>();
  read->store.reset(X509_STORE_new());
  for (const std::string& data : list)
    if (!ReadCertificates(data, &read->certificates, error)) return nullptr;
  for (const X509Ptr& one : read->certificates) X509_STORE_add_cert(read->store.get(), one.get());
  if (with_system && !AddSystemAuthorities(read->store.get(), error)) return nullptr;
  ERR_clear_error();
  return read;
}

}  // namespace

std::shared_ptr<const Authorities> AuthoritiesOf(const std::vector<std::string>& list,
                                                 bool with_system, Error* error) {
  static Last& last = *new Last;
  std::unique_lock lock(last.mutex);
  if (last.read && last.with_system == with_system && last.list == list) return last.read;
  lock.unlock();
  auto read = Read(list, with_system, error);
  if (!read) return nullptr;
  lock.lock();
  last.list = list;
  last.with_system = with_system;
  auto before = std::exchange(last.read, read);
  lock.unlock();  // what was there before may be freed here
  return read;
}

}  // namespace sluice
