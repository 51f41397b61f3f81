#include "tls/fast_gcm.h"

#include <dlfcn.h>

#include <cerrno>

#include "base/made_once.h"

namespace sluice {
namespace {

struct Functions {
  FastGcm of_128;
  FastGcm of_256;
  bool found = false;
};

// The first look, before the library is loaded for nothing.
bool ProcessorHasAes() {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("aes") &&
         __builtin_cpu_supports("pclmul");
}

// Whether what the manager holds is laid out as the header says, and passed the library's own
// known-answer tests on a processor that has what its code takes.
bool Usable(const IMB_MGR& manager, IMB_ARCH chosen, uint32_t version) {
  constexpr uint32_t kWithoutPatch = ~0xffu;
  constexpr uint64_t kNeeded = IMB_CPUFLAGS_AVX2 | IMB_FEATURE_SELF_TEST_PASS;
  return (version & kWithoutPatch) == (IMB_VERSION_NUM & kWithoutPatch) &&
         chosen >= IMB_ARCH_AVX2 && (manager.features & kNeeded) == kNeeded;
}

// Load returns nothing where a descriptor or memory lacked, which may be otherwise the next time.
std::unique_ptr<Functions> Load() {
  auto functions = std::make_unique<Functions>();
  errno = 0;
  void* library = ProcessorHasAes() ? dlopen("libIPSec_MB.so.1", RTLD_NOW) : nullptr;
  if (library == nullptr && (errno == EMFILE || errno == ENFILE || errno == ENOMEM)) return nullptr;
  if (library == nullptr) return functions;
  auto version = reinterpret_cast<decltype(&imb_get_version)>(dlsym(library, "imb_get_version"));
  auto make = reinterpret_cast<decltype(&alloc_mb_mgr)>(dlsym(library, "alloc_mb_mgr"));
  auto init = reinterpret_cast<decltype(&init_mb_mgr_auto)>(dlsym(library, "init_mb_mgr_auto"));
  auto free = reinterpret_cast<decltype(&free_mb_mgr)>(dlsym(library, "free_mb_mgr"));
  if (!version || !make || !init || !free) return functions;
  IMB_MGR* manager = make(0);
  if (manager == nullptr) return functions;
  IMB_ARCH chosen = IMB_ARCH_NONE;
  init(manager, &chosen);
  if (Usable(*manager, chosen, version())) {
    const IMB_MGR& of = *manager;
    functions->of_128 = {of.gcm128_pre,        of.gcm128_init,         of.gcm128_enc_update,
                         of.gcm128_dec_update, of.gcm128_enc_finalize, of.gcm128_dec_finalize};
    functions->of_256 = {of.gcm256_pre,        of.gcm256_init,         of.gcm256_enc_update,
                         of.gcm256_dec_update, of.gcm256_enc_finalize, of.gcm256_dec_finalize};
    functions->found = true;
  }
  free(manager);  // its queues are for other uses
  return functions;
}

}  // namespace

const FastGcm* FindFastGcm(size_t key_size) {
  static MadeOnce<Functions> loaded;
  const Functions* functions = loaded.Get(Load);
  if (functions == nullptr || !functions->found) return nullptr;
  return key_size == 16 ? &functions->of_128 : key_size == 32 ? &functions->of_256 : nullptr;
}

}  // namespace sluice
