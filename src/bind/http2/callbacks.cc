#include "bind/http2/callbacks.h"

#include <algorithm>

namespace sluice::js {
namespace {

Http2Session& Of(void* user) {
  return *static_cast<Http2Session*>(user);
}

std::string TextOf(const uint8_t* bytes, size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

// The settings that have no name here.
std::string Unnamed(const nghttp2_settings& settings) {
  std::string text;
  for (size_t i = 0; i < settings.niv; i++) {
    auto [id, value] = settings.iv[i];
    if (id <= NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE ||
        id == NGHTTP2_SETTINGS_ENABLE_CONNECT_PROTOCOL)
      continue;
    text += std::to_string(id) + ' ' + std::to_string(value) + ' ';
  }
  return text;
}

}  // namespace

ssize_t Http2Callbacks::Read(nghttp2_session*, int32_t id, uint8_t*, size_t most, uint32_t* flags,
                             nghttp2_data_source*, void* user) {
  return Of(user).OnRead(id, most, flags);
}

void Http2Callbacks::Set(const Nghttp2& library, nghttp2_session_callbacks* callbacks) {
  library.session_callbacks_set_on_begin_frame_callback(
      callbacks, [](nghttp2_session*, const nghttp2_frame_hd* head, void* user) {
        return Of(user).OnBeginFrame(*head);
      });
  library.session_callbacks_set_on_begin_headers_callback(
      callbacks, [](nghttp2_session*, const nghttp2_frame* frame, void* user) {
        return Of(user).OnBeginHeaders(*frame);
      });
  library.session_callbacks_set_on_header_callback(
      callbacks,
      [](nghttp2_session*, const nghttp2_frame* frame, const uint8_t* name, size_t name_size,
         const uint8_t* value, size_t value_size, uint8_t flags, void* user) {
        return Of(user).OnHeader(*frame, {const_cast<uint8_t*>(name), name_size},
                                 {const_cast<uint8_t*>(value), value_size}, flags);
      });
  library.session_callbacks_set_on_frame_recv_callback(
      callbacks, [](nghttp2_session*, const nghttp2_frame* frame, void* user) {
        return Of(user).OnFrame(*frame);
      });
  library.session_callbacks_set_on_data_chunk_recv_callback(
      callbacks, [](nghttp2_session*, uint8_t, int32_t id, const uint8_t* data, size_t size,
                    void* user) { return Of(user).OnData(id, data, size); });
  library.session_callbacks_set_on_stream_close_callback(
      callbacks, [](nghttp2_session*, int32_t id, uint32_t code, void* user) {
        Http2Session& session = Of(user);
        if (auto* stream = session.Find(id)) session.queued_ -= stream->queued();
        session.streams_.erase(id);
        session.Tell(Http2Event::kClosed, id, code);
        return 0;
      });
  library.session_callbacks_set_on_frame_send_callback(
      callbacks, [](nghttp2_session*, const nghttp2_frame* frame, void* user) {
        Http2Session& session = Of(user);
        if (frame->hd.type != NGHTTP2_GOAWAY) return 0;
        // Of one that the program did not ask for: the peer has broken the protocol or a limit.
        if (session.goaways_ > 0) {
          --session.goaways_;
        } else if (!session.ending_) {
          session.ending_ = true;
          session.Tell(Http2Event::kFailed, 0, NGHTTP2_ERR_PROTO, frame->goaway.error_code);
        }
        return 0;
      });
  library.session_callbacks_set_on_frame_not_send_callback(
      callbacks, [](nghttp2_session*, const nghttp2_frame* frame, int error, void* user) {
        if (error != NGHTTP2_ERR_SESSION_CLOSING && error != NGHTTP2_ERR_STREAM_CLOSED &&
            error != NGHTTP2_ERR_STREAM_CLOSING)
          Of(user).Tell(Http2Event::kFrameError, frame->hd.stream_id, frame->hd.type, error);
        return 0;
      });
  library.session_callbacks_set_on_invalid_frame_recv_callback(
      callbacks, [](nghttp2_session*, const nghttp2_frame*, int, void* user) {
        return Of(user).OnInvalidFrame();
      });
  library.session_callbacks_set_select_padding_callback(
      callbacks, [](nghttp2_session*, const nghttp2_frame* frame, size_t most, void* user) {
        return Of(user).OnPadding(frame->hd.length, most);
      });
  library.session_callbacks_set_send_data_callback(
      callbacks,
      [](nghttp2_session*, nghttp2_frame* frame, const uint8_t* head, size_t size,
         nghttp2_data_source*, void* user) { return Of(user).OnSendData(*frame, head, size); });
}

// ---- What arrives

int Http2Session::OnBeginFrame(const nghttp2_frame_hd& head) {
  // A block in more frames than this is made to cost more than it carries.
  constexpr int kMostContinuations = 32;
  if (head.type != NGHTTP2_CONTINUATION)
    continuations_ = 0;
  else if (++continuations_ > kMostContinuations)
    return NGHTTP2_ERR_CALLBACK_FAILURE;
  return 0;
}

int Http2Session::RefuseStream(int32_t id) {
  if (++rejected_streams_ > limits_.rejected_streams) return NGHTTP2_ERR_CALLBACK_FAILURE;
  Reset(id, NGHTTP2_ENHANCE_YOUR_CALM);
  return 0;
}

int Http2Session::OnBeginHeaders(const nghttp2_frame& frame) {
  block_.clear();
  block_pairs_ = block_size_ = 0;
  if (frame.hd.type != NGHTTP2_HEADERS || frame.headers.cat != NGHTTP2_HCAT_REQUEST) return 0;
  if (static_cast<double>(memory()) > limits_.memory) return RefuseStream(frame.hd.stream_id);
  streams_[frame.hd.stream_id];
  return 0;
}

int Http2Session::OnHeader(const nghttp2_frame& frame, nghttp2_vec name, nghttp2_vec value,
                           uint8_t flags) {
  constexpr size_t kFieldOverhead = 32;  // RFC 9113, section 6.5.2
  bool pushed = frame.hd.type == NGHTTP2_PUSH_PROMISE;
  int32_t id = pushed ? frame.push_promise.promised_stream_id : frame.hd.stream_id;
  if (!pushed && Find(id) == nullptr) return 0;  // it was refused
  block_size_ += name.len + value.len + kFieldOverhead;
  if (++block_pairs_ > limits_.header_pairs || block_size_ > most_block_size_) {
    Reset(id, NGHTTP2_ENHANCE_YOUR_CALM);
    return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
  }
  if ((flags & NGHTTP2_NV_FLAG_NO_INDEX) != 0) block_ += '\1';
  for (const nghttp2_vec& part : {name, value}) {
    block_.append(reinterpret_cast<const char*>(part.base), part.len);
    block_ += '\0';
  }
  return 0;
}

int Http2Session::OnHeaders(const nghttp2_frame& frame) {
  if (Find(frame.hd.stream_id) == nullptr) return 0;
  Tell(Http2Event::kHeaders, frame.hd.stream_id, frame.headers.cat, frame.hd.flags,
       std::exchange(block_, {}));
  return 0;
}

// TakeReset returns whether a client may reset one more stream now.
bool Http2Session::TakeReset() {
  if (!server_) return true;
  double seconds = static_cast<double>(now_ms_ - resets_at_ms_) / 1000;
  resets_at_ms_ = now_ms_;
  resets_left_ = std::min(limits_.reset_burst, resets_left_ + seconds * limits_.reset_rate);
  if (resets_left_ < 1) return false;
  --resets_left_;
  return true;
}

int Http2Session::OnFrame(const nghttp2_frame& frame) {
  int32_t id = frame.hd.stream_id;
  bool acknowledges = (frame.hd.flags & NGHTTP2_FLAG_ACK) != 0;
  switch (frame.hd.type) {
    case NGHTTP2_HEADERS:
      return OnHeaders(frame);
    case NGHTTP2_DATA:
      if ((frame.hd.flags & NGHTTP2_FLAG_END_STREAM) != 0) Tell(Http2Event::kEnd, id);
      return 0;
    case NGHTTP2_RST_STREAM:
      if (!TakeReset()) library_.session_terminate_session(session_, NGHTTP2_ENHANCE_YOUR_CALM);
      return 0;
    case NGHTTP2_SETTINGS:
      if (acknowledges)
        Tell(Http2Event::kSettingsAck);
      else
        Tell(Http2Event::kSettings, 0, 0, 0, Unnamed(frame.settings));
      return 0;
    case NGHTTP2_PING:
      Tell(acknowledges ? Http2Event::kPingAck : Http2Event::kPing, 0, 0, 0,
           TextOf(frame.ping.opaque_data, sizeof(frame.ping.opaque_data)));
      return 0;
    case NGHTTP2_GOAWAY:
      Tell(Http2Event::kGoaway, frame.goaway.last_stream_id, frame.goaway.error_code, 0,
           TextOf(frame.goaway.opaque_data, frame.goaway.opaque_data_len));
      return 0;
    case NGHTTP2_PUSH_PROMISE:
      streams_[frame.push_promise.promised_stream_id].ended = true;
      Tell(Http2Event::kPush, id, frame.push_promise.promised_stream_id, frame.hd.flags,
           std::exchange(block_, {}));
      return 0;
    case NGHTTP2_ALTSVC: {
      auto* altsvc = static_cast<const nghttp2_ext_altsvc*>(frame.ext.payload);
      Tell(Http2Event::kAltsvc, id, 0, 0,
           TextOf(altsvc->origin, altsvc->origin_len) + '\0' +
               TextOf(altsvc->field_value, altsvc->field_value_len));
      return 0;
    }
    case NGHTTP2_ORIGIN: {
      auto* origin = static_cast<const nghttp2_ext_origin*>(frame.ext.payload);
      std::string origins;
      for (size_t i = 0; i < origin->nov; i++)
        origins += TextOf(origin->ov[i].origin, origin->ov[i].origin_len) + '\0';
      Tell(Http2Event::kOrigin, 0, 0, 0, std::move(origins));
      return 0;
    }
    default:
      return 0;
  }
}

int Http2Session::OnData(int32_t id, const uint8_t* data, size_t size) {
  library_.session_consume_connection(session_, size);
  if (Find(id) == nullptr) return 0;
  unread_ += size;
  Tell(Http2Event::kData, id, static_cast<double>(data - input_.data()), static_cast<double>(size));
  return 0;
}

// OnPadding returns how long the payload of a frame becomes.
ssize_t Http2Session::OnPadding(size_t size, size_t most) const {
  constexpr size_t kHead = 9;
  constexpr size_t kAlignment = 8;
  size_t length = size;
  if (limits_.padding == Http2Padding::kMost) length = most;
  if (limits_.padding == Http2Padding::kAligned)
    length = std::min(most, (size + kHead + kAlignment - 1) / kAlignment * kAlignment - kHead);
  return static_cast<ssize_t>(length);
}

int Http2Session::OnInvalidFrame() {
  return ++invalid_frames_ > limits_.invalid_frames ? NGHTTP2_ERR_CALLBACK_FAILURE : 0;
}

}  // namespace sluice::js
