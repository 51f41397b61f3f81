#include "bind/http2/library.h"

#include <dlfcn.h>

#include <atomic>
#include <memory>

namespace sluice::js {
namespace {

// Of the first that could be loaded; never freed. There may be none for want of a descriptor, and
// one the next time.
std::atomic<const Nghttp2*> loaded{nullptr};

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
  return problem;
}

}  // namespace

const Nghttp2* FindNghttp2(std::string* why) {
  if (const Nghttp2* found = loaded.load(std::memory_order_acquire)) return found;
  auto functions = std::make_unique<Nghttp2>();
  *why = Load(functions.get());
  if (!why->empty()) return nullptr;
  const Nghttp2* none = nullptr;
  if (loaded.compare_exchange_strong(none, functions.get(), std::memory_order_acq_rel))
    return functions.release();
  return none;  // of another thread
}

}  // namespace sluice::js
