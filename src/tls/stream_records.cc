// A TlsStream's records once they are its own, and the way there.
#include <openssl/ssl.h>

#include <algorithm>
#include <cstring>

#include "sluice/tls.h"
#include "tls/callbacks.h"
#include "tls/established.h"
#include "tls/ticket_session.h"

namespace sluice {
namespace {

// What is no longer may be a message of TLS's own, which must not come into memory that the program
// looks at: an alert, new keys, all but the longest tickets.
constexpr size_t kMostOwn = 4 * 1024;

size_t MostData(const SSL_SESSION* session, size_t wanted) {
  // RFC 6066, section 4: 1 is 512 bytes, and each number more doubles it.
  const unsigned mode = SSL_SESSION_get_max_fragment_length(session);
  return mode == TLSEXT_max_fragment_length_DISABLED ? wanted
                                                     : std::min(wanted, size_t{256} << mode);
}

TlsRecords::Side SideOf(std::span<const uint8_t> secret, uint64_t sequence) {
  TlsRecords::Side side;
  std::ranges::copy(secret, side.secret.begin());
  side.sequence = sequence;
  return side;
}

}  // namespace

void RecordCount::Add(std::span<const uint8_t> bytes) {
  while (!bytes.empty()) {
    if (left_ > 0) {
      size_t size = std::min(left_, bytes.size());
      left_ -= size;
      bytes = bytes.subspan(size);
      continue;
    }
    if (header_size_ == 0) ++count_;
    header_[header_size_++] = bytes.front();
    bytes = bytes.subspan(1);
    if (header_size_ < sizeof header_) continue;
    left_ = size_t{header_[3]} << 8 | header_[4];
    header_size_ = 0;
  }
}

TlsStream::Established::~Established() {
  OPENSSL_cleanse(exporter, sizeof exporter);
  if (client) OPENSSL_cleanse(client->resumption, sizeof client->resumption);
  if (rest) OPENSSL_cleanse(rest->bytes.data(), rest->bytes.size());
}

// ---- The way there

// Frees OpenSSL's object if all is known that it knows. Otherwise nothing changes, for good.
void TlsStream::HandOver() {
  auto handover = std::move(handover_);
  const SSL_CIPHER* cipher = SSL_get_current_cipher(ssl_);
  if (!handover || cipher == nullptr || SSL_version(ssl_) != TLS1_3_VERSION) return;
  const unsigned number = SSL_CIPHER_get_protocol_id(cipher);
  if (!TlsRecords::Usable(number)) return;
  const auto suite = static_cast<RecordSuite>(number);
  const TrafficSecrets& secrets = handover->secrets;
  for (auto secret : {secrets.client(), secrets.server(), secrets.exporter(), secrets.resumption()})
    if (secret.size() != RecordDigestSize(suite)) return;
  // Nothing may be half read or half sent, nor under other keys than those.
  if (secrets.outdated() || !handover->sent.whole() || !handover->received.whole() ||
      record_left_ > 0 || SSL_has_pending(ssl_) != 0 || SSL_get_shutdown(ssl_) != 0)
    return;
  TlsRecords::State state;
  state.suite = suite;
  state.server = options_->server;
  state.read = SideOf(handover->receiving(), handover->received.count());
  state.write = SideOf(handover->sending(), handover->sent.count());
  auto made = std::make_unique<Established>(state);
  OPENSSL_cleanse(&state, sizeof state);
  std::ranges::copy(secrets.exporter(), made->exporter);
  KeepFacts(*made);
  if (made->client) std::ranges::copy(secrets.resumption(), made->client->resumption);
  max_fragment_ = static_cast<uint16_t>(MostData(made->session.get(), max_fragment_));
  established_ = std::move(made);
  FreeSsl();
}

void TlsStream::KeepFacts(Established& kept) const {
  kept.reused = session_reused();
  kept.asks_ocsp = asks_ocsp();
  kept.verified = static_cast<int>(verify_error().number);
  kept.group = static_cast<int>(SSL_get_negotiated_group(ssl_));
  kept.cipher = SSL_get_current_cipher(ssl_);
  kept.session.reset(SSL_get1_session(ssl_));
  if (X509* own = SSL_get_certificate(ssl_); own != nullptr && X509_up_ref(own) == 1)
    kept.own.reset(own);
  for (X509* one : PeerChain())
    if (X509_up_ref(one) == 1) kept.peer.emplace_back(one);
  kept.alpn = alpn();
  kept.server_name = server_name();
  SSL_get_finished(ssl_, kept.finished, sizeof kept.finished);
  SSL_get_peer_finished(ssl_, kept.peer_finished, sizeof kept.peer_finished);
  kept.signature_algorithms = tls_loop_.Shared(SignatureAlgorithmsOf(ssl_));
  ERR_clear_error();
  if (options_->server) return;
  kept.client = std::make_unique<Established::OfClient>();
  kept.client->ephemeral_key = ephemeral_key();
  kept.client->ocsp_response = ocsp_response();
}

// Makes sessions of the tickets that came; returns false if one is malformed.
bool TlsStream::TakeTickets() {
  Established& own = *established_;
  for (const std::vector<uint8_t>& ticket : own.records.TakeTickets()) {
    SessionPtr session =
        SessionOfTicket(own.session.get(), own.suite,
                        {own.client->resumption, RecordDigestSize(own.suite)}, ticket);
    if (!session) return false;
    own.session = std::move(session);
    if (options_->sessions && events_ != nullptr)
      TlsCallbacks::Note(*this, Record::kSession, Der(own.session.get(), i2d_SSL_SESSION));
  }
  return true;
}

// ---- In

// The next record in one piece, taken. What is none by its header comes with what there is.
std::span<const uint8_t> TlsStream::NextRecord() {
  const size_t size = Readable();
  if (pending_.empty()) {
    std::span<const uint8_t> record = input_.first(size);
    input_ = input_.subspan(size);
    return record;
  }
  TlsLoop::RecordSpace& space = tls_loop_.records();
  return {space.sealed, Take(space.sealed, std::min(size, sizeof space.sealed))};
}

// Gives what buffer has room for, and keeps the rest.
size_t TlsStream::TakeOpened(std::span<const uint8_t> opened, std::span<uint8_t> buffer) {
  const size_t size = std::min(opened.size(), buffer.size());
  if (size > 0) std::memcpy(buffer.data(), opened.data(), size);
  if (size == opened.size()) return size;
  established_->rest = std::make_unique<Established::Rest>();
  established_->rest->bytes.assign(opened.begin() + static_cast<ptrdiff_t>(size), opened.end());
  return size;
}

// As Decrypt(): long records straight into the buffer, as long as it surely has room for the next;
// where it has not even for the first, a part of that.
size_t TlsStream::OpenRecords(std::span<uint8_t> buffer, int* failure) {
  using Opened = TlsRecords::Opened;
  Established& own = *established_;
  size_t filled = 0;
  if (own.rest) {
    Established::Rest& rest = *own.rest;
    filled = std::min(own.rest_size(), buffer.size());
    std::memcpy(buffer.data(), rest.bytes.data() + rest.used, filled);
    rest.used += filled;
    if (own.rest_size() > 0) return filled;
    OPENSSL_cleanse(rest.bytes.data(), rest.bytes.size());
    own.rest.reset();
  }
  while (filled < buffer.size() && Readable() > 0) {
    if (silent_records_ == kSilentRecords) break;
    std::span<uint8_t> room = buffer.subspan(filled);
    const size_t most = TlsRecords::OpenSize(Readable());
    if (most > room.size() && filled > 0) break;
    const bool direct = most <= room.size() && most > kMostOwn;
    std::span<const uint8_t> record = NextRecord();
    uint8_t* out = direct ? room.data() : tls_loop_.records().opened;
    Opened opened = own.records.Open(record, out);
    if (opened.kind == Opened::kBytes && opened.size > 0) {
      filled += direct ? opened.size : TakeOpened({out, opened.size}, room);
      continue;
    }
    // A longer message than usual: the buffer may be a program's, which is not told of it.
    if (direct) OPENSSL_cleanse(out, TlsRecords::OpenSize(record.size()));
    ++silent_records_;
    if (!TakeTickets()) opened = {Opened::kFailure, 0, SSL_R_LENGTH_MISMATCH, SSL_AD_DECODE_ERROR};
    if (opened.kind == Opened::kKeyUpdate && !SealKeyUpdate()) *failure = SSL_ERROR_SSL;
    if (opened.kind == Opened::kEnd) {
      own.peer_ended = true;
      *failure = SSL_ERROR_ZERO_RETURN;
    }
    if (opened.kind == Opened::kFailure) {
      ERR_raise(ERR_LIB_SSL, opened.reason);
      if (opened.alert != TlsRecords::kNoAlert) SealAlert(opened.alert);
      *failure = SSL_ERROR_SSL;
    }
    if (*failure != SSL_ERROR_NONE) break;
  }
  return filled;
}

// ---- Out

bool TlsStream::SealAlert(uint8_t alert) {
  uint8_t record[TlsRecords::kAlertSize];
  if (!established_->records.SealAlert(alert, record)) return false;
  Emit(record, sizeof record);
  return true;
}

bool TlsStream::SealKeyUpdate() {
  uint8_t record[TlsRecords::kKeyUpdateSize];
  if (!established_->records.SealKeyUpdate(record)) return false;
  Emit(record, sizeof record);
  return true;
}

// Makes records of data where Emit() would put them.
bool TlsStream::SealData(std::span<const uint8_t> data) {
  TlsRecords& records = established_->records;
  while (!data.empty()) {
    if (records.update_due() && !SealKeyUpdate()) return false;
    std::span<const uint8_t> part = data.first(std::min<size_t>(data.size(), max_fragment_));
    const size_t size = part.size() + RecordCipher::kOverhead;
    if (spill_.empty() && size <= output_->space()) {
      if (!records.Seal(TlsRecords::kData, part, output_->slab.data() + output_->size))
        return false;
      output_->size += size;
    } else {
      spill_.resize(spill_.size() + size);
      if (!records.Seal(TlsRecords::kData, part, spill_.data() + spill_.size() - size)) {
        spill_.resize(spill_.size() - size);
        return false;
      }
    }
    data = data.subspan(part.size());
  }
  return true;
}

}  // namespace sluice
