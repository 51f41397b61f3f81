// Internal. TlsRecords: the records of a TLS 1.3 connection once its handshake is done, without
// OpenSSL's object for it (RFC 8446, sections 4.6.3, 5 and 6).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "tls/record_cipher.h"

namespace sluice {

// TlsRecords seals what goes out and opens what comes in, whole records at a time. It does nothing
// by itself: the answers that the protocol wants it only names. Loop thread.
class TlsRecords {
 public:
  enum Type : uint8_t { kAlert = 21, kHandshake = 22, kData = 23 };

  // Side is one direction: the secret that its keys come from now, and its next record.
  struct Side {
    std::array<uint8_t, RecordCipher::kMostSecret> secret = {};  // shorter ones at the beginning
    uint64_t sequence = 0;
  };
  // State is all there is of a connection between two records. It opens the traffic: treat as a
  // secret.
  struct State {
    RecordSuite suite = RecordSuite::kAes128Gcm;
    bool server = false;
    Side read;
    Side write;
  };

  // Usable returns whether a suite is to be had: a number of RecordSuite whose known answers came
  // out as expected when it was first asked for. Never with SLUICE_TLS_RECORDS=0 in the
  // environment. Any thread.
  static bool Usable(uint32_t suite);

  explicit TlsRecords(const State& state);
  // Export returns what a TlsRecords elsewhere goes on with; this one must not be used any more, as
  // a number of a record must not be used twice. False while a message of the peer has come in part.
  bool Export(State* state) const;

  // ---- Out

  static constexpr size_t kAlertSize = 2 + RecordCipher::kOverhead;
  static constexpr size_t kKeyUpdateSize = 5 + RecordCipher::kOverhead;
  // Seal makes a record of up to kMostData bytes at out: data.size() + kOverhead bytes there.
  // Returns false if it cannot; then nothing can be sent any more.
  bool Seal(Type type, std::span<const uint8_t> data, uint8_t* out);
  // SealAlert takes an alert's number; it is fatal but for kCloseNotify.
  bool SealAlert(uint8_t alert, uint8_t (&out)[kAlertSize]);
  // SealKeyUpdate tells the peer of new keys, and goes on with them.
  bool SealKeyUpdate(uint8_t (&out)[kKeyUpdateSize]);
  // update_due returns whether so many records are sealed that new keys are to be used (section
  // 5.5) before the next.
  bool update_due() const { return write_.sequence() >= kRecordsPerKey; }

  // ---- In

  // TakeTickets returns the messages NewSessionTicket that a client has got since, without their
  // headers.
  std::vector<std::vector<uint8_t>> TakeTickets();

  static constexpr uint8_t kCloseNotify = 0;
  static constexpr uint8_t kNoAlert = 255;
  // Opened is what a record was.
  struct Opened {
    enum Kind : uint8_t {
      kBytes,      // size of them, perhaps none
      kNothing,    // a message that needs nothing more
      kKeyUpdate,  // the peer wants new keys from us: SealKeyUpdate
      kEnd,        // close_notify
      kFailure,    // reason is OpenSSL's number for what is wrong, alert what the peer is told
    };
    Kind kind = kNothing;
    size_t size = 0;
    int reason = 0;
    uint8_t alert = kNoAlert;
  };
  // OpenSize returns the room that Open needs for a record of so many bytes.
  static size_t OpenSize(size_t record) {
    return record > RecordCipher::kOverhead ? record - RecordCipher::kOverhead : 0;
  }
  // Open takes the next record with its header, and writes to OpenSize() bytes at out, which it may
  // not overlap; other threads may write there too, as to shared memory of a program. A record of
  // another size than its header says is none. Not after kFailure or kEnd.
  Opened Open(std::span<const uint8_t> record, uint8_t* out);

 private:
  static constexpr uint64_t kRecordsPerKey = uint64_t{1} << 24;

  Opened ReadContent(uint8_t type, std::span<const uint8_t> content);
  Opened ReadAlert(std::span<const uint8_t> content);
  Opened ReadHandshake(std::span<const uint8_t> content);
  Opened BeginMessage();
  Opened ReadKeyUpdate(bool last);
  bool mid_message() const { return message_size_ > 0 || ticket_left_ > 0; }

  RecordCipher read_;
  RecordCipher write_;
  std::unique_ptr<std::vector<std::vector<uint8_t>>> tickets_;  // null: none
  uint32_t ticket_left_ = 0;                                    // bytes left of the last of them
  uint8_t message_[5] = {};   // one that has come in part
  uint8_t message_size_ = 0;  // so much of it
  uint8_t empty_ = 0;         // records without a byte in a row
  uint8_t warnings_ = 0;      // alerts that mean nothing
  bool server_;
};

}  // namespace sluice
