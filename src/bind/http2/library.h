// Internal. Nghttp2: the functions of libnghttp2, which the first require('http2') loads.
#pragma once

#include <nghttp2/nghttp2.h>

#include <string>

namespace sluice::js {

#define SLUICE_NGHTTP2_FUNCTIONS(X)                       \
  X(option_new)                                           \
  X(option_del)                                           \
  X(option_set_no_auto_window_update)                     \
  X(option_set_peer_max_concurrent_streams)               \
  X(option_set_max_reserved_remote_streams)               \
  X(option_set_max_send_header_block_length)              \
  X(option_set_max_deflate_dynamic_table_size)            \
  X(option_set_max_settings)                              \
  X(option_set_no_closed_streams)                         \
  X(option_set_builtin_recv_extension_type)               \
  X(session_callbacks_new)                                \
  X(session_callbacks_del)                                \
  X(session_callbacks_set_on_begin_frame_callback)        \
  X(session_callbacks_set_on_begin_headers_callback)      \
  X(session_callbacks_set_on_header_callback)             \
  X(session_callbacks_set_on_frame_recv_callback)         \
  X(session_callbacks_set_on_data_chunk_recv_callback)    \
  X(session_callbacks_set_on_stream_close_callback)       \
  X(session_callbacks_set_on_frame_send_callback)         \
  X(session_callbacks_set_on_frame_not_send_callback)     \
  X(session_callbacks_set_on_invalid_frame_recv_callback) \
  X(session_callbacks_set_send_data_callback)             \
  X(session_callbacks_set_select_padding_callback)        \
  X(session_server_new3)                                  \
  X(session_client_new3)                                  \
  X(session_del)                                          \
  X(session_mem_recv)                                     \
  X(session_mem_send)                                     \
  X(session_want_read)                                    \
  X(session_want_write)                                   \
  X(session_resume_data)                                  \
  X(session_consume_connection)                           \
  X(session_consume_stream)                               \
  X(session_set_local_window_size)                        \
  X(session_get_local_settings)                           \
  X(session_get_remote_settings)                          \
  X(session_get_effective_local_window_size)              \
  X(session_get_effective_recv_data_length)               \
  X(session_get_next_stream_id)                           \
  X(session_get_local_window_size)                        \
  X(session_get_last_proc_stream_id)                      \
  X(session_get_remote_window_size)                       \
  X(session_get_outbound_queue_size)                      \
  X(session_get_hd_deflate_dynamic_table_size)            \
  X(session_get_hd_inflate_dynamic_table_size)            \
  X(session_find_stream)                                  \
  X(session_get_stream_effective_local_window_size)       \
  X(session_get_stream_local_close)                       \
  X(session_get_stream_remote_close)                      \
  X(session_terminate_session)                            \
  X(stream_get_state)                                     \
  X(submit_request)                                       \
  X(submit_response)                                      \
  X(submit_headers)                                       \
  X(submit_trailer)                                       \
  X(submit_data)                                          \
  X(submit_push_promise)                                  \
  X(submit_rst_stream)                                    \
  X(submit_settings)                                      \
  X(submit_ping)                                          \
  X(submit_goaway)                                        \
  X(submit_altsvc)                                        \
  X(submit_origin)                                        \
  X(strerror)                                             \
  X(version)

struct Nghttp2 {
#define SLUICE_NGHTTP2_MEMBER(name) decltype(&nghttp2_##name) name = nullptr;
  SLUICE_NGHTTP2_FUNCTIONS(SLUICE_NGHTTP2_MEMBER)
#undef SLUICE_NGHTTP2_MEMBER
  // Null in older versions, which have no limit of their own.
  void (*option_set_stream_reset_rate_limit)(nghttp2_option*, uint64_t burst,
                                             uint64_t rate) = nullptr;
  // Null in older versions, which take fields with spaces around them.
  void (*option_set_no_rfc9113_leading_and_trailing_ws_validation)(nghttp2_option*,
                                                                   int off) = nullptr;
};

// FindNghttp2 returns the library, loaded by the first call; null if it cannot be loaded now or
// lacks a function: *why is what the dynamic linker said then. Any thread.
const Nghttp2* FindNghttp2(std::string* why);

}  // namespace sluice::js
