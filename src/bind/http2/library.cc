#include "bind/http2/library.h"

#include <dlfcn.h>

#include <string>

namespace sluice::js {
namespace {

struct Loaded {
  Nghttp2 functions;
  std::string problem;
};

Loaded Load() {
  Loaded loaded;
  void* library = dlopen("libnghttp2.so.14", RTLD_NOW);
  if (library == nullptr) {
    loaded.problem = dlerror();
    return loaded;
  }
#define SLUICE_NGHTTP2_FIND(name)                                                    \
  loaded.functions.name =                                                            \
      reinterpret_cast<decltype(&nghttp2_##name)>(dlsym(library, "nghttp2_" #name)); \
  if (loaded.functions.name == nullptr) loaded.problem = "it has no nghttp2_" #name;
  SLUICE_NGHTTP2_FUNCTIONS(SLUICE_NGHTTP2_FIND)
#undef SLUICE_NGHTTP2_FIND
  loaded.functions.option_set_stream_reset_rate_limit =
      reinterpret_cast<decltype(Nghttp2::option_set_stream_reset_rate_limit)>(
          dlsym(library, "nghttp2_option_set_stream_reset_rate_limit"));
  return loaded;
}

}  // namespace

const Nghttp2* FindNghttp2(const char** why) {
  static const Loaded loaded = Load();
  *why = loaded.problem.c_str();
  return loaded.problem.empty() ? &loaded.functions : nullptr;
}

}  // namespace sluice::js
