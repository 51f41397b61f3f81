#include "bind/http2/session.h"

#include <malloc.h>

#include <algorithm>
#include <cstdlib>

#include "base/check.h"
#include "bind/http2/callbacks.h"

namespace sluice::js {
namespace {

// About what the objects of JavaScript for one stream take.
constexpr size_t kStreamBytes = 4096;

// Counts what the library allocates.
template <class Allocate>
void* Counted(void* session, void* before, Allocate allocate) {
  size_t& total = static_cast<Http2Session*>(session)->allocated();
  size_t old = before != nullptr ? malloc_usable_size(before) : 0;
  void* block = allocate();
  if (block != nullptr) total += malloc_usable_size(block) - old;
  return block;
}

nghttp2_mem CountingMemory(Http2Session* session) {
  nghttp2_mem memory{};
  memory.mem_user_data = session;
  memory.malloc = [](size_t size, void* of) {
    return Counted(of, nullptr, [=] { return std::malloc(size); });
  };
  memory.calloc = [](size_t count, size_t size, void* of) {
    return Counted(of, nullptr, [=] { return std::calloc(count, size); });
  };
  memory.realloc = [](void* block, size_t size, void* of) {
    return Counted(of, block, [=] { return std::realloc(block, size); });
  };
  memory.free = [](void* block, void* of) {
    if (block != nullptr) static_cast<Http2Session*>(of)->allocated() -= malloc_usable_size(block);
    std::free(block);
  };
  return memory;
}

// The library's view of fields (see Http2Session); it copies them.
std::vector<nghttp2_nv> FieldsOf(std::span<const uint8_t> text) {
  constexpr uint8_t kNeverIndexed = 1;
  std::vector<nghttp2_nv> fields;
  auto next = [&] {
    auto end = std::find(text.begin(), text.end(), 0);
    auto part = text.first(static_cast<size_t>(end - text.begin()));
    text = text.subspan(std::min(part.size() + 1, text.size()));
    return part;
  };
  while (!text.empty()) {
    auto name = next();
    uint8_t flags = NGHTTP2_NV_FLAG_NONE;
    if (!name.empty() && name[0] == kNeverIndexed) {
      flags = NGHTTP2_NV_FLAG_NO_INDEX;
      name = name.subspan(1);
    }
    auto value = next();
    fields.push_back({const_cast<uint8_t*>(name.data()), const_cast<uint8_t*>(value.data()),
                      name.size(), value.size(), flags});
  }
  return fields;
}

}  // namespace

std::shared_ptr<Http2Session> Http2Session::Make(const Nghttp2& library, bool server,
                                                 const Http2Limits& limits) {
  std::shared_ptr<Http2Session> session(new Http2Session(library, server, limits));
  return session->Start() ? session : nullptr;
}

bool Http2Session::Start() {
  nghttp2_session_callbacks* callbacks = nullptr;
  nghttp2_option* option = nullptr;
  if (library_.session_callbacks_new(&callbacks) != 0) return false;
  if (library_.option_new(&option) == 0) {
    Http2Callbacks::Set(library_, callbacks);
    library_.option_set_no_auto_window_update(option, 1);
    library_.option_set_no_closed_streams(option, 1);
    library_.option_set_max_settings(option, limits_.settings);
    library_.option_set_max_deflate_dynamic_table_size(option, limits_.deflate_table);
    library_.option_set_max_reserved_remote_streams(option, limits_.reserved_streams);
    library_.option_set_peer_max_concurrent_streams(option, limits_.peer_streams);
    // TakeReset() is the limit, in all versions and with a code that tells of it.
    constexpr uint64_t kNone = uint64_t{1} << 40;
    if (library_.option_set_stream_reset_rate_limit != nullptr)
      library_.option_set_stream_reset_rate_limit(option, kNone, kNone);
    if (limits_.spaces &&
        library_.option_set_no_rfc9113_leading_and_trailing_ws_validation != nullptr)
      library_.option_set_no_rfc9113_leading_and_trailing_ws_validation(option, 1);
    if (limits_.send_header_block > 0)
      library_.option_set_max_send_header_block_length(option, limits_.send_header_block);
    if (!server_) {
      library_.option_set_builtin_recv_extension_type(option, NGHTTP2_ALTSVC);
      library_.option_set_builtin_recv_extension_type(option, NGHTTP2_ORIGIN);
    }
    nghttp2_mem memory = CountingMemory(this);
    auto make = server_ ? library_.session_server_new3 : library_.session_client_new3;
    if (make(&session_, callbacks, this, option, &memory) != 0) session_ = nullptr;
    library_.option_del(option);
  }
  library_.session_callbacks_del(callbacks);
  return session_ != nullptr;
}

Http2Session::~Http2Session() {
  if (session_ != nullptr) library_.session_del(session_);
}

void Http2Session::Receive(std::span<const uint8_t> bytes, uint64_t now_ms) {
  now_ms_ = now_ms;
  input_ = bytes;
  ssize_t result = library_.session_mem_recv(session_, bytes.data(), bytes.size());
  input_ = {};
  if (result < 0 && !ending_) {
    ending_ = true;
    Tell(Http2Event::kFailed, 0, static_cast<double>(result));
  }
}

std::span<const uint8_t> Http2Session::Send(size_t most) {
  output_.clear();
  most_output_ = most;
  while (output_.size() < most) {
    const uint8_t* bytes = nullptr;
    ssize_t size = library_.session_mem_send(session_, &bytes);
    if (size < 0 && !ending_) {
      ending_ = true;
      Tell(Http2Event::kFailed, 0, static_cast<double>(size));
    }
    if (size <= 0) break;
    output_.insert(output_.end(), bytes, bytes + size);
  }
  return output_;
}

bool Http2Session::alive() const {
  return library_.session_want_read(session_) != 0 || library_.session_want_write(session_) != 0;
}

size_t Http2Session::memory() const {
  return allocated_ + queued_ + unread_ + streams_.size() * kStreamBytes;
}

Http2Session::Stream* Http2Session::Find(int32_t id) {
  auto found = streams_.find(id);
  return found != streams_.end() ? &found->second : nullptr;
}

nghttp2_data_provider Http2Session::Provider() const {
  nghttp2_data_provider provider{};
  provider.read_callback = Http2Callbacks::Read;
  return provider;
}

// ---- What the program sends

int32_t Http2Session::Request(std::span<const uint8_t> text, bool end, bool trailers) {
  auto fields = FieldsOf(text);
  nghttp2_data_provider provider = Provider();
  int32_t id = library_.submit_request(session_, nullptr, fields.data(), fields.size(),
                                       end ? nullptr : &provider, nullptr);
  if (id > 0) {
    streams_[id].ended = end;
    streams_[id].trailers = trailers;
  }
  return id;
}

int32_t Http2Session::Respond(int32_t id, std::span<const uint8_t> text, bool end, bool trailers) {
  Stream* stream = Find(id);
  if (stream == nullptr) return NGHTTP2_ERR_STREAM_CLOSED;
  auto fields = FieldsOf(text);
  nghttp2_data_provider provider = Provider();
  stream->ended = stream->ended || end;
  stream->trailers = trailers;
  return library_.submit_response(session_, id, fields.data(), fields.size(),
                                  end && !trailers ? nullptr : &provider);
}

int32_t Http2Session::Inform(int32_t id, std::span<const uint8_t> text) {
  auto fields = FieldsOf(text);
  return library_.submit_headers(session_, NGHTTP2_FLAG_NONE, id, nullptr, fields.data(),
                                 fields.size(), nullptr);
}

int32_t Http2Session::Trailers(int32_t id, std::span<const uint8_t> text) {
  auto fields = FieldsOf(text);
  if (Stream* stream = Find(id)) stream->trailers = false;
  if (!fields.empty()) return library_.submit_trailer(session_, id, fields.data(), fields.size());
  // Nothing but the end of the stream.
  nghttp2_data_provider provider = Provider();
  return library_.submit_data(session_, NGHTTP2_FLAG_END_STREAM, id, &provider);
}

int32_t Http2Session::Push(int32_t id, std::span<const uint8_t> text) {
  auto fields = FieldsOf(text);
  int32_t promised = library_.submit_push_promise(session_, NGHTTP2_FLAG_NONE, id, fields.data(),
                                                  fields.size(), nullptr);
  if (promised > 0) streams_[promised];
  return promised;
}

int32_t Http2Session::Write(int32_t id, std::span<const uint8_t> bytes) {
  Stream* stream = Find(id);
  if (stream == nullptr || stream->ended) return NGHTTP2_ERR_STREAM_CLOSED;
  if (stream->sent == stream->output.size()) {
    stream->output.clear();
    stream->sent = 0;
  }
  stream->output.insert(stream->output.end(), bytes.begin(), bytes.end());
  queued_ += bytes.size();
  if (!std::exchange(stream->deferred, false)) return 0;
  return library_.session_resume_data(session_, id);
}

int32_t Http2Session::End(int32_t id) {
  Stream* stream = Find(id);
  if (stream == nullptr || std::exchange(stream->ended, true)) return 0;
  if (!std::exchange(stream->deferred, false)) return 0;
  return library_.session_resume_data(session_, id);
}

int32_t Http2Session::Reset(int32_t id, uint32_t code) {
  return library_.submit_rst_stream(session_, NGHTTP2_FLAG_NONE, id, code);
}

int32_t Http2Session::Settings(std::span<const nghttp2_settings_entry> entries) {
  int result =
      library_.submit_settings(session_, NGHTTP2_FLAG_NONE, entries.data(), entries.size());
  if (result != 0) return result;
  for (const nghttp2_settings_entry& one : entries)
    if (one.settings_id == NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE) most_block_size_ = one.value;
  return 0;
}

int32_t Http2Session::Goaway(uint32_t code, int32_t last, std::span<const uint8_t> data) {
  if (last <= 0) last = library_.session_get_last_proc_stream_id(session_);
  int32_t result =
      library_.submit_goaway(session_, NGHTTP2_FLAG_NONE, last, code, data.data(), data.size());
  if (result == 0) ++goaways_;
  return result;
}

int32_t Http2Session::Terminate(uint32_t code) {
  ending_ = true;
  return library_.session_terminate_session(session_, code);
}

void Http2Session::Consumed(int32_t id, size_t bytes) {
  unread_ -= std::min(bytes, unread_);
  library_.session_consume_stream(session_, id, bytes);
}

// ---- What the library asks for while it sends

ssize_t Http2Session::OnRead(int32_t id, size_t most, uint32_t* flags) {
  Stream* stream = Find(id);
  if (stream == nullptr) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
  size_t size = std::min(most, stream->queued());
  if (size == 0 && !stream->ended) {
    stream->deferred = true;
    return NGHTTP2_ERR_DEFERRED;
  }
  *flags |= NGHTTP2_DATA_FLAG_NO_COPY;
  if (stream->ended && size == stream->queued()) {
    *flags |= NGHTTP2_DATA_FLAG_EOF;
    if (stream->trailers) {
      *flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
      Tell(Http2Event::kWantTrailers, id);
    }
  }
  return static_cast<ssize_t>(size);
}

int Http2Session::OnSendData(const nghttp2_frame& frame, const uint8_t* head, size_t size) {
  constexpr size_t kHead = 9;
  if (output_.size() >= most_output_) return NGHTTP2_ERR_WOULDBLOCK;
  int32_t id = frame.hd.stream_id;
  Stream* stream = Find(id);
  if (stream == nullptr || stream->queued() < size) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
  output_.insert(output_.end(), head, head + kHead);
  if (frame.data.padlen > 0) output_.push_back(static_cast<uint8_t>(frame.data.padlen - 1));
  const uint8_t* from = stream->output.data() + stream->sent;
  output_.insert(output_.end(), from, from + size);
  if (frame.data.padlen > 1) output_.insert(output_.end(), frame.data.padlen - 1, 0);
  stream->sent += size;
  queued_ -= size;
  if (size > 0 && stream->queued() == 0) Tell(Http2Event::kWritten, id);
  return 0;
}

}  // namespace sluice::js
