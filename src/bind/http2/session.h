// Internal. Http2Session: a connection's frames by nghttp2. Bytes go in by Receive and out by Send;
// what happened is a list that is taken afterwards, so that no JavaScript runs within the library.
#pragma once

#include <array>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "bind/http2/library.h"
#include "engine/native_object.h"

namespace sluice::js {

// What happened. The numbers are those of lib/internal/http2/events.js; behind each: what stream,
// a, b and text are.
enum class Http2Event {
  kHeaders,       // stream, nghttp2_headers_category, flags of the frame, fields
  kData,          // stream, where it begins in what Receive was given, bytes
  kEnd,           // stream: the peer sends nothing more
  kClosed,        // stream, error code
  kWantTrailers,  // stream: its data are sent, and trailers may follow
  kWritten,       // stream: nothing of it is queued any more
  kSettings,      // -, -, -, those of the peer's that have no name here: "number value …"
  kSettingsAck,   // the peer has applied ours
  kPing,          // -, -, -, 8 bytes
  kPingAck,       // -, -, -, 8 bytes
  kGoaway,        // last stream, error code, -, data
  kFrameError,    // stream, frame type, library's error: a frame could not be sent
  kPush,          // stream, promised stream, flags of the frame, fields
  kAltsvc,        // stream, -, -, origin NUL value
  kOrigin,        // -, -, -, origins, each with NUL behind
  kFailed,        // -, library's error: the connection must end
};

// How long frames are made: as they are, to a multiple of 8 bytes, or as long as may be; 0, 1 and
// 2, as http2.constants.PADDING_STRATEGY_NONE, _ALIGNED and _MAX are.
enum class Http2Padding { kNone, kAligned, kMost };

// Limits of what a peer may cause. Counts, bytes; 0 is none allowed.
struct Http2Limits {
  uint32_t deflate_table = 0;      // bytes that the header compressor may keep
  uint32_t reserved_streams = 0;   // pushed by a peer and not yet begun
  uint32_t send_header_block = 0;  // bytes
  uint32_t peer_streams = 0;       // that we open before the peer says how many
  uint32_t settings = 0;           // in one frame
  uint32_t header_pairs = 0;       // in one block
  uint32_t invalid_frames = 0;     // before the connection ends
  uint32_t rejected_streams = 0;   // before the connection ends
  double memory = 0;               // bytes of the whole session; beyond, new streams are refused
  double reset_burst = 0;          // streams that a client may reset at once
  double reset_rate = 0;           // and in each second after
  bool spaces = false;             // fields may begin and end with spaces (RFC 9113, section 8.2.1)
  Http2Padding padding = Http2Padding::kNone;
};

// Loop thread.
class Http2Session final : public NativeObject {
 public:
  struct Happened {
    Http2Event event;
    int32_t stream = 0;
    double a = 0;
    double b = 0;
    std::string text;
  };

  // Make returns null where there is no memory. now_ms is Loop::now().
  static std::shared_ptr<Http2Session> Make(const Nghttp2& library, bool server,
                                            const Http2Limits& limits);
  ~Http2Session() override;
  Http2Session(const Http2Session&) = delete;
  Http2Session& operator=(const Http2Session&) = delete;
  size_t cost() const override { return 32 * 1024; }

  // Receive reads what the peer sent. now_ms counts what is limited in time.
  void Receive(std::span<const uint8_t> bytes, uint64_t now_ms);
  // Send returns what is to be written, about most bytes; nothing left: an empty span. Good until
  // the next call of any function.
  std::span<const uint8_t> Send(size_t most);
  // Take returns what happened since the last call, in order.
  std::vector<Happened> Take() { return std::exchange(happened_, {}); }
  bool any() const { return !happened_.empty(); }

  // They return a stream's number, or 0, or a negative error of the library. fields: name NUL value
  // NUL each; a name that begins with \1 is one whose value must not be compressed.
  int32_t Request(std::span<const uint8_t> fields, bool end, bool trailers);
  int32_t Respond(int32_t id, std::span<const uint8_t> fields, bool end, bool trailers);
  int32_t Inform(int32_t id, std::span<const uint8_t> fields);
  int32_t Trailers(int32_t id, std::span<const uint8_t> fields);
  int32_t Push(int32_t id, std::span<const uint8_t> fields);
  int32_t Write(int32_t id, std::span<const uint8_t> bytes);
  int32_t End(int32_t id);
  int32_t Reset(int32_t id, uint32_t code);
  int32_t Settings(std::span<const nghttp2_settings_entry> entries);
  // Goaway tells the peer that no further streams are taken; last is 0 for the last that was begun.
  int32_t Goaway(uint32_t code, int32_t last, std::span<const uint8_t> data);
  // Terminate does that, and reads nothing more.
  int32_t Terminate(uint32_t code);
  // Consumed tells that the program has read, or will never read, bytes of a stream.
  void Consumed(int32_t id, size_t bytes);

  bool alive() const;
  // memory returns bytes: of the library, of what is queued, of what nobody has read.
  size_t memory() const;
  size_t& allocated() { return allocated_; }
  nghttp2_session* get() const { return session_; }
  const Nghttp2& library() const { return library_; }

 private:
  struct Stream {
    std::vector<uint8_t> output;
    size_t sent = 0;        // of output
    bool ended = false;     // no further output
    bool trailers = false;  // may follow
    bool deferred = false;  // the library asks no more until it is told
    size_t queued() const { return output.size() - sent; }
  };

  Http2Session(const Nghttp2& library, bool server, const Http2Limits& limits)
      : library_(library), server_(server), limits_(limits), resets_left_(limits.reset_burst) {}
  bool Start();
  void SetCallbacks(nghttp2_session_callbacks* callbacks) const;
  void Tell(Http2Event event, int32_t stream = 0, double a = 0, double b = 0,
            std::string text = {}) {
    happened_.push_back({event, stream, a, b, std::move(text)});
  }
  Stream* Find(int32_t id);
  nghttp2_data_provider Provider() const;
  bool TakeReset();
  int RefuseStream(int32_t id);

  // The library's callbacks.
  int OnBeginFrame(const nghttp2_frame_hd& head);
  int OnBeginHeaders(const nghttp2_frame& frame);
  int OnHeader(const nghttp2_frame& frame, nghttp2_vec name, nghttp2_vec value, uint8_t flags);
  int OnFrame(const nghttp2_frame& frame);
  int OnHeaders(const nghttp2_frame& frame);
  int OnData(int32_t id, const uint8_t* data, size_t size);
  int OnInvalidFrame();
  ssize_t OnPadding(size_t size, size_t most) const;
  ssize_t OnRead(int32_t id, size_t most, uint32_t* flags);
  int OnSendData(const nghttp2_frame& frame, const uint8_t* head, size_t size);
  friend struct Http2Callbacks;

  const Nghttp2& library_;
  const bool server_;
  const Http2Limits limits_;
  nghttp2_session* session_ = nullptr;
  size_t allocated_ = 0;
  std::unordered_map<int32_t, Stream> streams_;
  std::vector<Happened> happened_;
  std::vector<uint8_t> output_;
  size_t most_output_ = 0;
  size_t queued_ = 0;  // bytes of all streams' output
  size_t unread_ = 0;
  std::span<const uint8_t> input_;  // within Receive
  std::string block_;               // fields of the block that arrives
  size_t block_pairs_ = 0;
  size_t block_size_ = 0;  // as RFC 9113, section 6.5.2 counts it
  uint32_t most_block_size_ = UINT32_MAX;
  int continuations_ = 0;
  uint32_t invalid_frames_ = 0;
  uint32_t rejected_streams_ = 0;
  double resets_left_;
  uint64_t now_ms_ = 0;
  uint64_t resets_at_ms_ = 0;
  int goaways_ = 0;      // that the program asked for and that are not sent
  bool ending_ = false;  // by a failure that was told
};

}  // namespace sluice::js
