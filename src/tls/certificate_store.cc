#include <openssl/err.h>

#include <algorithm>
#include <ctime>
#include <limits>

#include "ledger/registry.h"
#include "sluice/address.h"
#include "sluice/tls_context.h"
#include "tls/handles.h"

namespace sluice {
namespace {

constexpr size_t kLongestName = 255;  // RFC 1035

char Lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Seconds since 1970; the end of time for a date that cannot be read.
int64_t ExpiryOf(const TlsContext& context) {
  tm date{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(context.certificate()), &date) != 1) {
    ERR_clear_error();
    return std::numeric_limits<int64_t>::max();
  }
  return timegm(&date);
}

}  // namespace

CertificateStore::~CertificateStore() {
  Registry::Instance().NoCertificates(this);
}

void CertificateStore::SetGroup(std::string_view group) {
  Registry::Instance().CertificatesOf(this, group);
}

void CertificateStore::Show(bool on) {
  Registry::Instance().ShowCertificates(this, on);
}

// The form in which names are compared: small letters, no dot at the end, addresses as the
// system prints them, without brackets or zone.
bool CertificateStore::Normalize(std::string_view name, std::string* out) {
  if (name.starts_with('[') && name.ends_with(']')) name = name.substr(1, name.size() - 2);
  if (IpFamily(name) != 0) {
    // A zone says where an address is, not whose.
    auto address = Address::Ip(name.substr(0, name.find('%')), 0);
    if (!address) return false;
    *out = address->host();
    // An IPv4 peer of a socket of both families.
    if (out->starts_with("::ffff:") && out->find('.') != std::string::npos) out->erase(0, 7);
    return true;
  }
  if (!name.empty() && name.back() == '.') name.remove_suffix(1);
  if (name.size() > kLongestName) return false;
  out->clear();
  for (char c : name) {
    if (c <= ' ' || c == 0x7f) return false;
    *out += Lower(c);
  }
  size_t star = out->find('*');
  if (star == std::string::npos) return true;
  return star == 0 && out->size() > 2 && (*out)[1] == '.' && out->find('*', 1) == std::string::npos;
}

std::shared_ptr<const CertificateStore::Map> CertificateStore::Snapshot() const {
  std::lock_guard lock(mutex_);
  return map_;
}

bool CertificateStore::Set(std::string_view name, std::shared_ptr<const TlsContext> context,
                           bool verify_client) {
  auto entry = std::make_shared<Entry>();
  if (!context || !context->has_certificate() || !Normalize(name, &entry->name)) return false;
  entry->context = std::move(context);
  entry->verify_client = verify_client;
  entry->expires = ExpiryOf(*entry->context);
  std::lock_guard lock(mutex_);
  auto changed = std::make_shared<Map>(*map_);
  (*changed)[entry->name] = entry;
  Registry::Instance().Certificate(this, entry->name, entry->expires);
  map_ = std::move(changed);
  return true;
}

bool CertificateStore::Remove(std::string_view name) {
  std::string key;
  if (!Normalize(name, &key)) return false;
  std::lock_guard lock(mutex_);
  if (map_->count(key) == 0) return false;
  auto changed = std::make_shared<Map>(*map_);
  changed->erase(key);
  Registry::Instance().NoCertificate(this, key);
  map_ = std::move(changed);
  return true;
}

std::vector<CertificateStore::Entry> CertificateStore::List() const {
  std::vector<Entry> list;
  auto map = Snapshot();
  for (const auto& [name, entry] : *map) list.push_back(*entry);
  std::sort(list.begin(), list.end(),
            [](const Entry& a, const Entry& b) { return a.name < b.name; });
  return list;
}

std::shared_ptr<const CertificateStore::Entry> CertificateStore::Find(std::string_view name) const {
  std::string key;
  // A client that asks for a star gets no wildcard by it.
  if (name.empty() || name.find('*') != std::string_view::npos || !Normalize(name, &key))
    return nullptr;
  auto map = Snapshot();
  if (auto found = map->find(key); found != map->end()) return found->second;
  size_t dot = key.find('.');
  if (dot == std::string::npos || dot == 0 || IpFamily(key) != 0) return nullptr;
  auto found = map->find("*" + key.substr(dot));
  return found != map->end() ? found->second : nullptr;
}

std::shared_ptr<const CertificateStore::Entry> CertificateStore::Default() const {
  auto map = Snapshot();
  auto found = map->find("");
  return found != map->end() ? found->second : nullptr;
}

}  // namespace sluice
