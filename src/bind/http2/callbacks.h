// Internal. Http2Callbacks: what nghttp2 calls, as functions of C.
#pragma once

#include "bind/http2/session.h"

namespace sluice::js {

struct Http2Callbacks {
  static void Set(const Nghttp2& library, nghttp2_session_callbacks* callbacks);
  static ssize_t Read(nghttp2_session* session, int32_t id, uint8_t* buffer, size_t most,
                      uint32_t* flags, nghttp2_data_source* source, void* user);
};

}  // namespace sluice::js
