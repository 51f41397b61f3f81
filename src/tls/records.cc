#include "tls/records.h"

#include <openssl/crypto.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace sluice {
namespace {

using Opened = TlsRecords::Opened;

constexpr uint8_t kKeyUpdateMessage = 24;
constexpr uint8_t kNewSessionTicket = 4;
constexpr size_t kMessageHeader = 4;
// What OpenSSL takes too: empty records in a row, alerts without a meaning, a ticket's message.
constexpr uint8_t kMostEmpty = 32;
constexpr uint8_t kMostWarnings = 5;
constexpr uint32_t kLargestTicket = 131338;
constexpr uint8_t kUserCanceled = 90;

Opened Fail(int reason, uint8_t alert) {
  return {Opened::kFailure, 0, reason, alert};
}

Opened Unexpected(int reason) {
  return Fail(reason, SSL_AD_UNEXPECTED_MESSAGE);
}

// What is wrong with the header of a record; kNothing if all is well.
Opened CheckHeader(std::span<const uint8_t> record) {
  if (record.size() < RecordCipher::kHeaderSize) return Fail(SSL_R_BAD_LENGTH, SSL_AD_DECODE_ERROR);
  if (record[1] != 3) return Fail(SSL_R_WRONG_VERSION_NUMBER, SSL_AD_PROTOCOL_VERSION);
  if (record[0] != TlsRecords::kData) return Unexpected(SSL_R_BAD_RECORD_TYPE);
  if (record[2] != 3) return Fail(SSL_R_WRONG_VERSION_NUMBER, SSL_AD_DECODE_ERROR);
  const size_t size = size_t{record[3]} << 8 | record[4];
  if (size > RecordCipher::kMostSealed)
    return Fail(SSL_R_ENCRYPTED_LENGTH_TOO_LONG, SSL_AD_RECORD_OVERFLOW);
  if (record.size() != RecordCipher::kHeaderSize + size || record.size() < RecordCipher::kOverhead)
    return Fail(SSL_R_LENGTH_TOO_SHORT, SSL_AD_DECODE_ERROR);
  return {};
}

}  // namespace

TlsRecords::TlsRecords(const State& state)
    : read_(state.suite, state.read.secret, state.read.sequence),
      write_(state.suite, state.write.secret, state.write.sequence),
      server_(state.server) {}

bool TlsRecords::Export(State* state) const {
  if (mid_message()) return false;
  *state = {};
  state->suite = read_.suite();
  state->server = server_;
  std::ranges::copy(read_.secret(), state->read.secret.begin());
  std::ranges::copy(write_.secret(), state->write.secret.begin());
  state->read.sequence = read_.sequence();
  state->write.sequence = write_.sequence();
  return true;
}

// ---- Out

bool TlsRecords::Seal(Type type, std::span<const uint8_t> data, uint8_t* out) {
  return write_.Seal(type, data, out);
}

bool TlsRecords::SealAlert(uint8_t alert, uint8_t (&out)[kAlertSize]) {
  const uint8_t level = alert == kCloseNotify ? SSL3_AL_WARNING : SSL3_AL_FATAL;
  const uint8_t content[] = {level, alert};
  return write_.Seal(kAlert, content, out);
}

bool TlsRecords::SealKeyUpdate(uint8_t (&out)[kKeyUpdateSize]) {
  const uint8_t message[] = {kKeyUpdateMessage, 0, 0, 1, SSL_KEY_UPDATE_NOT_REQUESTED};
  if (!write_.Seal(kHandshake, message, out)) return false;
  write_.Update();
  return true;
}

// ---- In

Opened TlsRecords::Open(std::span<const uint8_t> record, uint8_t* out) {
  if (Opened wrong = CheckHeader(record); wrong.kind == Opened::kFailure) return wrong;
  uint8_t type = 0;
  if (!read_.Open(record, out, &type))
    return Fail(SSL_R_DECRYPTION_FAILED_OR_BAD_RECORD_MAC, SSL_AD_BAD_RECORD_MAC);
  size_t size = OpenSize(record.size());
  // Zeros are padding; how many there are, time tells, as the protocol allows.
  while (type == 0 && size > 0) type = out[--size];
  if (type == 0) return Unexpected(SSL_R_BAD_RECORD_TYPE);
  if (size > RecordCipher::kMostData) return Fail(SSL_R_DATA_LENGTH_TOO_LONG, SSL_AD_RECORD_OVERFLOW);
  return ReadContent(type, {out, size});
}

Opened TlsRecords::ReadContent(uint8_t type, std::span<const uint8_t> content) {
  if (type != kHandshake && mid_message())
    return Unexpected(SSL_R_MIXED_HANDSHAKE_AND_NON_HANDSHAKE_DATA);
  if (type == kData) {
    if (content.empty() && ++empty_ > kMostEmpty) return Unexpected(SSL_R_RECORD_TOO_SMALL);
    if (!content.empty()) empty_ = 0;
    return {Opened::kBytes, content.size()};
  }
  if (type != kAlert && type != kHandshake) return Unexpected(SSL_R_BAD_RECORD_TYPE);
  if (content.empty()) return Unexpected(SSL_R_BAD_LENGTH);
  return type == kAlert ? ReadAlert(content) : ReadHandshake(content);
}

Opened TlsRecords::ReadAlert(std::span<const uint8_t> content) {
  if (content.size() != 2) return Unexpected(SSL_R_INVALID_ALERT);
  const uint8_t alert = content[1];
  if (alert == kCloseNotify) return {Opened::kEnd};
  if (alert == kUserCanceled)
    return ++warnings_ < kMostWarnings ? Opened{} : Unexpected(SSL_R_TOO_MANY_WARN_ALERTS);
  return Fail(SSL_AD_REASON_OFFSET + alert, kNoAlert);
}

// Messages may come in parts, and several in one record.
Opened TlsRecords::ReadHandshake(std::span<const uint8_t> content) {
  Opened result;
  while (!content.empty()) {
    if (ticket_left_ > 0) {
      std::span<const uint8_t> part = content.first(std::min<size_t>(ticket_left_, content.size()));
      std::vector<uint8_t>& ticket = tickets_->back();
      ticket.insert(ticket.end(), part.begin(), part.end());
      ticket_left_ -= static_cast<uint32_t>(part.size());
      content = content.subspan(part.size());
      continue;
    }
    message_[message_size_++] = content.front();
    content = content.subspan(1);
    if (message_size_ == kMessageHeader) {
      result = BeginMessage();
    } else if (message_size_ > kMessageHeader) {
      result = ReadKeyUpdate(content.empty());
    }
    if (result.kind != Opened::kNothing) return result;
  }
  return result;
}

Opened TlsRecords::BeginMessage() {
  const uint32_t size = uint32_t{message_[1]} << 16 | uint32_t{message_[2]} << 8 | message_[3];
  if (message_[0] == kKeyUpdateMessage)
    return size == 1 ? Opened{} : Fail(SSL_R_BAD_KEY_UPDATE, SSL_AD_DECODE_ERROR);
  if (message_[0] != kNewSessionTicket || server_) return Unexpected(SSL_R_UNEXPECTED_MESSAGE);
  if (size > kLargestTicket) return Fail(SSL_R_EXCESSIVE_MESSAGE_SIZE, SSL_AD_ILLEGAL_PARAMETER);
  message_size_ = 0;
  if (!tickets_) tickets_ = std::make_unique<std::vector<std::vector<uint8_t>>>();
  tickets_->emplace_back();
  ticket_left_ = size;
  return {};
}

std::vector<std::vector<uint8_t>> TlsRecords::TakeTickets() {
  if (!tickets_ || ticket_left_ > 0) return {};
  return std::move(*std::exchange(tickets_, nullptr));
}

// The record that a KeyUpdate ends is the last one under its keys.
Opened TlsRecords::ReadKeyUpdate(bool last) {
  const uint8_t asks = message_[kMessageHeader];
  message_size_ = 0;
  if (!last) return Unexpected(SSL_R_NOT_ON_RECORD_BOUNDARY);
  if (asks > SSL_KEY_UPDATE_REQUESTED) return Fail(SSL_R_BAD_KEY_UPDATE, SSL_AD_ILLEGAL_PARAMETER);
  read_.Update();
  return {asks == SSL_KEY_UPDATE_REQUESTED ? Opened::kKeyUpdate : Opened::kNothing};
}

}  // namespace sluice
