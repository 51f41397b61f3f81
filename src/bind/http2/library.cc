#include "bind/http2/library.h"

#include <dlfcn.h>

#include "base/made_once.h"

namespace sluice::js {
namespace {

// Returns what is wrong with it, "" for nothing.
std::string Load(Nghttp2* functions) {
  void* library = dlopen("libnghttp2.so.14", RTLD_NOW);
  if (library == nullptr) return dlerror();
  std::string problem;
#define SLUICE_NGHTTP2_FIND(name)                                                                  \
  functions->name = reinterpret_cast<decltype(&nghttp2_##name)>(dlsym(library, "nghttp2_" #name)); \
  if (functions->name == nullptr) problem = "it has no nghttp2_" #name;
  SLUICE_NGHTTP2_FUNCTIONS(SLUICE_NGHTTP2_FIND)
#undef SLUICE_NGHTTP2_FIND
  functions->option_set_stream_reset_rate_limit =
      reinterpret_cast<decltype(Nghttp2::option_set_stream_reset_rate_limit)>(
          dlsym(library, "nghttp2_option_set_stream_reset_rate_limit"));
  functions->option_set_no_rfc9113_leading_and_trailing_ws_validation =
      reinterpret_cast<decltype(Nghttp2::option_set_no_rfc9113_leading_and_trailing_ws_validation)>(
          dlsym(library, "nghttp2_option_set_no_rfc9113_leading_and_trailing_ws_validation"));
  return problem;
}

}  // namespace

const Nghttp2* FindNghttp2(std::string* why) {
  static MadeOnce<Nghttp2> loaded;
  return loaded.Get([&] {
    auto functions = std::make_unique<Nghttp2>();
    *why = Load(functions.get());
    if (!why->empty()) functions.reset();
    return functions;
  });
}

}  // namespace sluice::js
