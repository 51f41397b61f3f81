#include "tls/ticket_session.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <ctime>
#include <string_view>
#include <vector>

#include "tls/hkdf.h"

namespace sluice {
namespace {

using Bytes = std::span<const uint8_t>;

// Reader takes the parts of a message; ok is false once one is not there.
struct Reader {
  Bytes left;
  bool ok = true;

  Bytes Take(size_t size) {
    if (size > left.size()) {
      ok = false;
      return {};
    }
    Bytes taken = left.first(size);
    left = left.subspan(size);
    return taken;
  }
  uint32_t Number(size_t size) {
    uint32_t number = 0;
    for (uint8_t byte : Take(size)) number = number << 8 | byte;
    return number;
  }
};

struct Ticket {
  uint32_t lifetime = 0;  // seconds
  uint32_t age_add = 0;
  uint32_t max_early_data = 0;
  Bytes nonce;
  Bytes ticket;
};

bool Parse(Bytes message, Ticket* out) {
  constexpr uint32_t kEarlyData = 42;
  Reader reader{message};
  out->lifetime = reader.Number(4);
  out->age_add = reader.Number(4);
  out->nonce = reader.Take(reader.Number(1));
  out->ticket = reader.Take(reader.Number(2));
  Reader extensions{reader.Take(reader.Number(2))};
  while (extensions.ok && !extensions.left.empty()) {
    const uint32_t type = extensions.Number(2);
    Reader value{extensions.Take(extensions.Number(2))};
    if (type != kEarlyData) continue;
    out->max_early_data = value.Number(4);
    if (!value.ok || !value.left.empty()) return false;
  }
  return reader.ok && reader.left.empty() && extensions.ok && !out->ticket.empty();
}

template <class Hash>
std::vector<uint8_t> Key(Bytes secret, Bytes nonce) {
  static constexpr uint8_t kPrefix[] = {'t', 'l', 's', '1', '3', ' '};
  constexpr std::string_view kLabel = "resumption";
  std::vector<uint8_t> key(Hash::kSize);
  Bytes label(reinterpret_cast<const uint8_t*>(kLabel.data()), kLabel.size());
  if (!ExpandLabel<Hash>(secret, kPrefix, label, nonce, key)) key.clear();
  return key;
}

// ---- DER

constexpr uint8_t kSequence = 0x30;
constexpr uint8_t kInteger = 0x02;
constexpr uint8_t kOctets = 0x04;
// What a session keeps of its ticket: tags of SSL_SESSION that its functions cannot set.
constexpr uint8_t kLifetime = 0xa9;
constexpr uint8_t kTicket = 0xaa;
constexpr uint8_t kAgeAdd = 0xae;

std::vector<uint8_t> Element(uint8_t tag, Bytes content) {
  std::vector<uint8_t> out = {tag};
  const size_t size = content.size();
  int bytes = 0;
  while (size >> 8 * bytes != 0) ++bytes;
  if (size >= 0x80) out.push_back(static_cast<uint8_t>(0x80 | bytes));
  for (int i = size >= 0x80 ? bytes : 1; i > 0; --i)
    out.push_back(static_cast<uint8_t>(size >> 8 * (i - 1)));
  out.insert(out.end(), content.begin(), content.end());
  return out;
}

std::vector<uint8_t> Integer(uint8_t tag, uint32_t number) {
  uint8_t bytes[] = {0, static_cast<uint8_t>(number >> 24), static_cast<uint8_t>(number >> 16),
                     static_cast<uint8_t>(number >> 8), static_cast<uint8_t>(number)};
  Bytes digits = bytes;
  while (digits.size() > 1 && digits[0] == 0 && digits[1] < 0x80) digits = digits.subspan(1);
  return Element(tag, Element(kInteger, digits));
}

// Takes the next element with its tag and size.
Bytes TakeElement(Reader& reader) {
  const Bytes begin = reader.left;
  reader.Take(1);
  size_t size = reader.Number(1);
  if (size >= 0x80) size = reader.Number(size & 0x7f);
  reader.Take(size);
  return begin.first(begin.size() - reader.left.size());
}

// The DER of a session with another ticket; the elements of its sequence stand in the order of
// tags.
std::vector<uint8_t> WithTicket(Bytes der, const Ticket& ticket) {
  Reader outer{der};
  outer.Take(1);
  const size_t size = outer.Number(1);
  if (size >= 0x80) outer.Take(size & 0x7f);
  Reader inner{outer.left};
  std::vector<std::vector<uint8_t>> elements;
  while (inner.ok && !inner.left.empty()) {
    const Bytes element = TakeElement(inner);
    const uint8_t tag = element[0];
    if (tag != kLifetime && tag != kTicket && tag != kAgeAdd)
      elements.emplace_back(element.begin(), element.end());
  }
  elements.push_back(Element(kTicket, Element(kOctets, ticket.ticket)));
  if (ticket.lifetime != 0) elements.push_back(Integer(kLifetime, ticket.lifetime));
  if (ticket.age_add != 0) elements.push_back(Integer(kAgeAdd, ticket.age_add));
  std::ranges::stable_sort(elements, {}, [](const auto& element) { return element[0]; });
  std::vector<uint8_t> content;
  for (const auto& element : elements)
    content.insert(content.end(), element.begin(), element.end());
  return Element(kSequence, content);
}

}  // namespace

SessionPtr SessionOfTicket(const SSL_SESSION* session, RecordSuite suite, Bytes secret,
                           Bytes message) {
  Ticket ticket;
  if (!Parse(message, &ticket)) return nullptr;
  const bool long_digest = RecordDigestSize(suite) == Sha384::kSize;
  std::vector<uint8_t> key =
      long_digest ? Key<Sha384>(secret, ticket.nonce) : Key<Sha256>(secret, ticket.nonce);
  // As OpenSSL names them.
  uint8_t id[Sha256::kSize];
  Sha256::State digest;
  Sha256::Init(&digest);
  Sha256::Update(&digest, ticket.ticket);
  Sha256::Final(&digest, id);
  SessionPtr made(SSL_SESSION_dup(session));
  const bool set = made != nullptr && !key.empty() &&
                   SSL_SESSION_set1_master_key(made.get(), key.data(), key.size()) == 1 &&
                   SSL_SESSION_set1_id(made.get(), id, sizeof id) == 1 &&
                   SSL_SESSION_set_max_early_data(made.get(), ticket.max_early_data) == 1 &&
                   SSL_SESSION_set_time(made.get(), static_cast<long>(std::time(nullptr))) != 0;
  OPENSSL_cleanse(key.data(), key.size());
  if (!set) return nullptr;
  std::vector<uint8_t> plain = Der(made.get(), i2d_SSL_SESSION);
  std::vector<uint8_t> der = WithTicket(plain, ticket);
  const unsigned char* bytes = der.data();
  made.reset(d2i_SSL_SESSION(nullptr, &bytes, static_cast<long>(der.size())));
  OPENSSL_cleanse(plain.data(), plain.size());
  OPENSSL_cleanse(der.data(), der.size());
  ERR_clear_error();
  return made;
}

}  // namespace sluice
