// libFuzzer: TlsRecords given records of anything, and records that a peer sealed of anything; and
// the sessions of tickets that came in them.
// targets.py builds and runs it.
//
// Input: the suite and the side, then pieces: a byte of what it is, two of its size, its bytes.
#include "tls/records.h"

#include <cstdlib>
#include <span>
#include <vector>

#include "tls/ticket_session.h"

namespace {

using sluice::RecordCipher;
using sluice::RecordSuite;
using sluice::TlsRecords;

constexpr RecordSuite kSuites[] = {RecordSuite::kAes128Gcm, RecordSuite::kAes256Gcm,
                                   RecordSuite::kChaCha20};

// A session of a connection, as far as tickets need one.
SSL_SESSION* Session() {
  static SSL_SESSION* const session = [] {
    SSL_CTX* context = SSL_CTX_new(TLS_method());
    SSL* ssl = SSL_new(context);
    static constexpr unsigned char kId[] = {0x13, 0x01};
    SSL_SESSION* made = SSL_SESSION_new();
    if (SSL_SESSION_set_protocol_version(made, TLS1_3_VERSION) != 1 ||
        SSL_SESSION_set_cipher(made, SSL_CIPHER_find(ssl, kId)) != 1)
      std::abort();
    SSL_free(ssl);
    SSL_CTX_free(context);
    return made;
  }();
  return session;
}

void MakeSession(RecordSuite suite, std::span<const uint8_t> ticket) {
  const std::vector<uint8_t> message(ticket.begin(), ticket.end());
  const uint8_t secret[RecordCipher::kMostSecret] = {1};
  sluice::SessionPtr session = sluice::SessionOfTicket(
      Session(), suite, std::span(secret).first(sluice::RecordDigestSize(suite)), message);
  if (session && SSL_SESSION_is_resumable(session.get()) != 1) std::abort();
}

// Exactly as large as it may be, so that AddressSanitizer sees a byte too far.
TlsRecords::Opened Open(TlsRecords& records, std::span<const uint8_t> bytes) {
  std::vector<uint8_t> record(bytes.begin(), bytes.end());
  std::vector<uint8_t> out(TlsRecords::OpenSize(record.size()));
  auto opened = records.Open(record, out.data());
  if (opened.size > out.size()) std::abort();
  if (opened.size > RecordCipher::kMostData) std::abort();
  if (opened.kind == TlsRecords::Opened::kFailure && opened.reason == 0) std::abort();
  return opened;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::span<const uint8_t> input(data, size);
  if (input.empty()) return 0;
  TlsRecords::State state;
  state.suite = kSuites[input[0] % 3];
  state.server = (input[0] & 0x80) != 0;
  input = input.subspan(1);
  TlsRecords ours(state);
  TlsRecords::State other = state;
  other.server = !state.server;
  TlsRecords peer(other);
  while (input.size() >= 3) {
    const uint8_t what = input[0];
    size_t most = size_t{input[1]} << 8 | input[2];
    input = input.subspan(3);
    std::span<const uint8_t> piece = input.first(std::min(most, input.size()));
    input = input.subspan(piece.size());
    TlsRecords::Opened opened;
    if (what == 0) {
      opened = Open(ours, piece);
    } else if (what == 1) {
      uint8_t update[TlsRecords::kKeyUpdateSize];
      if (!peer.SealKeyUpdate(update)) std::abort();
      opened = Open(ours, update);
    } else {
      std::vector<uint8_t> record(piece.size() + RecordCipher::kOverhead);
      if (!peer.Seal(static_cast<TlsRecords::Type>(what), piece, record.data())) std::abort();
      opened = Open(ours, record);
    }
    for (const auto& ticket : ours.TakeTickets()) MakeSession(state.suite, ticket);
    if (opened.kind == TlsRecords::Opened::kFailure || opened.kind == TlsRecords::Opened::kEnd)
      break;
    if (opened.kind == TlsRecords::Opened::kKeyUpdate) {
      // What a peer wrote itself changed its keys, if it is one.
      uint8_t answer[TlsRecords::kKeyUpdateSize];
      if (!ours.SealKeyUpdate(answer)) std::abort();
    }
  }
  return 0;
}
