#include "engine/jsc_spi.h"

#include <dlfcn.h>
#include <elf.h>
#include <jsc/jsc.h>
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <mutex>

#include "sluice/version.h"

namespace sluice::js::spi {
namespace {

constexpr const char* kThrowException =
    "_ZN3JSC2VM14throwExceptionEPNS_14JSGlobalObjectENS_7JSValueE";

// The engine's library, wherever it was loaded from.
void* Library() {
  static void* const library = [] {
    Dl_info info;
    void* address = reinterpret_cast<void*>(&JSEvaluateScript);
    void* found =
        dladdr(address, &info) != 0 ? dlopen(info.dli_fname, RTLD_NOW | RTLD_NOLOAD) : nullptr;
    return found != nullptr ? found : RTLD_DEFAULT;
  }();
  return library;
}

// Find sets function to the one that the engine exports under that name; returns whether there is
// one.
template <class Function>
bool Find(Function& function, const char* name) {
  function = reinterpret_cast<Function>(dlsym(Library(), name));
  return function != nullptr;
}

template <class Function>
void Require(Function& function, const char* name) {
  if (Find(function, name)) return;
  std::fprintf(stderr,
               "sluice: JavaScriptCore %s does not have %s, which sluice " SLUICE_VERSION
               ", built for JavaScriptCore " JSC_VERSION ", needs\n",
               EngineVersion().c_str(), name);
  std::exit(1);
}

// All reports whether everything was found.
bool All(std::initializer_list<bool> found) {
  return std::all_of(found.begin(), found.end(), [](bool one) { return one; });
}

void FindFunctions(Table& t) {
  Require(t.lock, "JSLock");
  Require(t.unlock, "JSUnlock");
  Require(t.set_unhandled_rejection_callback, "JSGlobalContextSetUnhandledRejectionCallback");
  Require(t.set_time_limit, "JSContextGroupSetExecutionTimeLimit");
  Find(t.initialize_threads, "_ZN3WTF10initializeEv");
  Find(t.initialize_main_thread, "_ZN3WTF20initializeMainThreadEv");
  Find(t.time_zone_did_change, "_ZN3WTF17timeZoneDidChangeEv");
  Find(t.set_eval_enabled, "JSGlobalContextSetEvalEnabled");
  Find(t.set_prototype, "_ZN3JSC8JSObject18setPrototypeDirectERNS_2VMENS_7JSValueE");
  Find(t.make_atom, "_ZN3WTF14AtomStringImpl11addSlowCaseERNS_10StringImplE");
  Find(t.compile_script,
       "_ZN3JSC23generateProgramBytecodeERNS_2VMERKNS_10SourceCodeERN3WTF14FileSystemImpl"
       "10FileHandleERNS_18BytecodeCacheErrorE");
  auto on = [&](Fast fast, std::initializer_list<bool> found) {
    t.on[static_cast<size_t>(fast)] = All(found);
  };
  on(Fast::kIntegers, {sizeof(void*) == 8});
  on(Fast::kViews, {sizeof(void*) == 8});
  on(Fast::kBuffers, {sizeof(void*) == 8});
  on(Fast::kMicrotasks, {Find(t.drain_microtasks, "_ZN3JSC2VM15drainMicrotasksEv")});
  on(Fast::kTermination, {Find(t.termination, "_ZN3JSC2VM26ensureTerminationExceptionEv")});
  on(Fast::kStrings,
     {Find(t.new_latin1,
           "_ZN3WTF10StringImpl19createUninitializedEmRSt4spanIhLm18446744073709551615EE"),
      Find(t.new_utf16,
           "_ZN3WTF10StringImpl19createUninitializedEmRSt4spanIDsLm18446744073709551615EE"),
      Find(t.immortal_latin1,
           "_ZN3WTF10StringImpl28createWithoutCopyingNonEmptyESt4spanIKhLm18446744073709551615EE"),
      Find(t.make_opaque, "_ZN14OpaqueJSString9tryCreateEON3WTF6StringE"),
      Find(t.make_string, "_ZN3JSC25jsStringWithCacheSlowCaseERNS_2VMERN3WTF10StringImplE")});
  on(Fast::kFunctions,
     {t.new_latin1 != nullptr, t.make_opaque != nullptr,  // for their names
      Find(t.make_host_function,
           "_ZN3JSC10JSFunction6createERNS_2VMEPNS_14JSGlobalObjectEjRKN3WTF6StringENS5_11Function"
           "PtrILNS5_6PtrTagE1EFlS4_PNS_9CallFrameEELNS5_18FunctionAttributesE2EEENS_24Implementat"
           "ionVisibilityENS_9IntrinsicESF_PKNS_6DOMJIT9SignatureE"),
      Find(t.no_constructor,
           "_ZN3JSC29callHostFunctionAsConstructorEPNS_14JSGlobalObjectEPNS_9CallFrameE"),
      Find(t.throw_exception, kThrowException)});
  on(Fast::kTraces, {t.throw_exception != nullptr});
  on(Fast::kStatistics, {Find(t.backtrace, "JSContextCreateBacktrace"),
                         Find(t.report_extra_memory, "JSReportExtraMemoryCost"),
                         Find(t.memory_statistics, "JSGetMemoryUsageStatistics"),
                         Find(t.proxy_target, "JSObjectGetProxyTarget")});
  on(Fast::kSharing,
     {sizeof(void*) == 8, Find(t.is_shared, "_ZNK3JSC13JSArrayBuffer8isSharedEv"),
      Find(t.share_buffer, "_ZN3JSC11ArrayBuffer9shareWithERNS_19ArrayBufferContentsE"),
      Find(t.make_buffer, "_ZN3JSC11ArrayBuffer6createEONS_19ArrayBufferContentsE"),
      Find(t.view_buffer,
           "_ZN3JSC8DataView9wrappedAsEON3WTF3RefINS_11ArrayBufferENS1_12RawPtrTraitsIS3_EENS1_21"
           "DefaultRefDerefTraitsIS3_EEEEmSt8optionalImE"),
      Find(t.wrap_view, "_ZN3JSC15ArrayBufferView4wrapEPNS_14JSGlobalObjectES2_"),
      Find(t.delete_view, "_ZN3JSC15ArrayBufferViewdlEPS0_St19destroying_delete_t")});
  on(Fast::kBytecode,
     {sizeof(void*) == 8, t.immortal_latin1 != nullptr, t.make_opaque != nullptr,
      Find(t.make_script, "JSScriptCreateReferencingImmortalASCIIText"),
      Find(t.run_script, "JSScriptEvaluate"), Find(t.release_script, "JSScriptRelease"),
      Find(t.bytecode_version, "_ZN3JSC30computeJSCBytecodeCacheVersionEv"),
      Find(t.free, "_ZN3WTF8fastFreeEPv")});
}

// Choose turns off what SLUICE_FAST does not have.
void Choose(Table& t, std::string_view list) {
  bool chosen[kFastCount];
  bool first = true;
  while (first || !list.empty()) {
    std::string_view name = list.substr(0, list.find(','));
    list.remove_prefix(std::min(list.size(), name.size() + 1));
    bool without = name.starts_with('-');
    if (without) name.remove_prefix(1);
    if (first) std::fill(std::begin(chosen), std::end(chosen), without || name == "all");
    first = false;
    auto known = std::find(std::begin(kFastNames), std::end(kFastNames), name);
    if (known != std::end(kFastNames)) {
      chosen[known - std::begin(kFastNames)] = !without;
    } else if (without || (name != "none" && name != "all")) {
      std::fprintf(stderr, "sluice: SLUICE_FAST has no '%.*s'; its names are none, all",
                   static_cast<int>(name.size()), name.data());
      for (const char* other : kFastNames) std::fprintf(stderr, ", %s", other);
      std::fprintf(stderr, "\n");
      std::exit(2);
    }
  }
  for (size_t i = 0; i < kFastCount; ++i) t.on[i] = t.on[i] && chosen[i];
}

// Where a library keeps the address of a function that it imports.
struct Import {
  const char* library;
  const char* name;
  ThrowFunction* slot = nullptr;
  bool read_only = false;  // whether the slot's page is, once the library is linked
};

void FindSlot(const dl_phdr_info& info, const ElfW(Dyn) * dynamic, Import& import) {
  // glibc has made addresses of what were offsets, musl leaves them.
  auto at = [&](ElfW(Addr) place) {
    return place < info.dlpi_addr ? place + info.dlpi_addr : place;
  };
  const ElfW(Rela)* relocations = nullptr;
  const ElfW(Sym)* symbols = nullptr;
  const char* names = nullptr;
  size_t size = 0;
  for (; dynamic->d_tag != DT_NULL; ++dynamic) {
    ElfW(Addr) place = dynamic->d_un.d_ptr;
    if (dynamic->d_tag == DT_JMPREL) relocations = reinterpret_cast<const ElfW(Rela)*>(at(place));
    if (dynamic->d_tag == DT_PLTRELSZ) size = dynamic->d_un.d_val;
    if (dynamic->d_tag == DT_SYMTAB) symbols = reinterpret_cast<const ElfW(Sym)*>(at(place));
    if (dynamic->d_tag == DT_STRTAB) names = reinterpret_cast<const char*>(at(place));
    if (dynamic->d_tag == DT_PLTREL && dynamic->d_un.d_val != DT_RELA) return;
  }
  if (relocations == nullptr || symbols == nullptr || names == nullptr) return;
  for (size_t i = 0; i < size / sizeof(ElfW(Rela)); ++i) {
    const auto& symbol = symbols[ELF64_R_SYM(relocations[i].r_info)];
    if (std::strcmp(names + symbol.st_name, import.name) == 0)
      import.slot = reinterpret_cast<ThrowFunction*>(info.dlpi_addr + relocations[i].r_offset);
  }
}

int FindImport(dl_phdr_info* info, size_t, void* data) {
  auto& import = *static_cast<Import*>(data);
  if (std::strcmp(info->dlpi_name, import.library) != 0) return 0;
  std::span<const ElfW(Phdr)> headers{info->dlpi_phdr, info->dlpi_phnum};
  for (const ElfW(Phdr) & header : headers)
    if (header.p_type == PT_DYNAMIC)
      FindSlot(*info, reinterpret_cast<const ElfW(Dyn)*>(info->dlpi_addr + header.p_vaddr), import);
  auto slot = reinterpret_cast<uintptr_t>(import.slot);
  for (const ElfW(Phdr) & header : headers)
    if (header.p_type == PT_GNU_RELRO && slot - info->dlpi_addr - header.p_vaddr < header.p_memsz)
      import.read_only = true;
  return 1;
}

}  // namespace

constinit Table table{};

void TurnOff(Fast fast) {
  table.on[static_cast<size_t>(fast)] = false;
}

std::string FastList() {
  std::string list;
  for (size_t i = 0; i < kFastCount; ++i)
    if (table.on[i]) list += (list.empty() ? "" : ",") + std::string(kFastNames[i]);
  return list.empty() ? "none" : list;
}

std::string EngineVersion() {
  return std::to_string(jsc_get_major_version()) + '.' + std::to_string(jsc_get_minor_version()) +
         '.' + std::to_string(jsc_get_micro_version());
}

void Load() {
  static std::once_flag once;
  std::call_once(once, [] {
    FindFunctions(table);
    const char* list = std::getenv("SLUICE_FAST");
    if (list != nullptr && *list != '\0') Choose(table, list);
  });
}

JSObjectRef MakeHostFunction(JSContextRef context, std::string_view name, HostFunction function) {
  constexpr uint8_t kPrivate = 1;  // a visibility: not shown in stack traces
  std::span<uint8_t> characters;
  StringHandle text = table.new_latin1(name.size(), characters);
  std::copy(name.begin(), name.end(), characters.begin());
  JSObjectRef made = table.make_host_function(JSContextGetGroup(context), context, 0, text,
                                              function, kPrivate, 0, table.no_constructor, nullptr);
  JSStringRelease(table.make_opaque(std::move(text)).string);
  return made;
}

void InterceptThrow(ThrowFunction function) {
  Dl_info info;
  Import import{.library = "", .name = kThrowException};
  if (dladdr(reinterpret_cast<void*>(&JSEvaluateScript), &info) != 0) {
    import.library = info.dli_fname;
    dl_iterate_phdr(FindImport, &import);
  }
  auto size = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
  auto* page = reinterpret_cast<void*>(reinterpret_cast<uintptr_t>(import.slot) & ~(size - 1));
  if (import.slot == nullptr || *import.slot != table.throw_exception ||
      (import.read_only && mprotect(page, size, PROT_READ | PROT_WRITE) != 0)) {
    TurnOff(Fast::kTraces);
    return;
  }
  *import.slot = function;
  if (import.read_only) mprotect(page, size, PROT_READ);
  table.throw_exception = function;
}

}  // namespace sluice::js::spi
