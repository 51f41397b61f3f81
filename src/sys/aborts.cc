#include "sys/aborts.h"

#include <dlfcn.h>
#include <unistd.h>
#include <unwind.h>

#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <string_view>

namespace sluice::sys {
namespace {

constexpr int kMostFrames = 40;

void Say(std::string_view text) {
  [[maybe_unused]] ssize_t count = write(STDERR_FILENO, text.data(), text.size());
}

_Unwind_Reason_Code SayFrame(_Unwind_Context* context, void* frames) {
  uintptr_t address = _Unwind_GetIP(context);
  Dl_info found;
  if (address == 0 || ++*static_cast<int*>(frames) > kMostFrames) return _URC_END_OF_STACK;
  if (dladdr(reinterpret_cast<void*>(address), &found) == 0 || found.dli_fname == nullptr)
    return _URC_NO_REASON;  // code that was made at run time
  const char* slash = std::strrchr(found.dli_fname, '/');
  char digits[2 + 16 + 1] = "0x";
  auto offset = address - reinterpret_cast<uintptr_t>(found.dli_fbase);
  char* end = std::to_chars(digits + 2, std::end(digits) - 1, offset, 16).ptr;
  *end++ = '\n';
  Say("    at ");
  Say(slash != nullptr ? slash + 1 : found.dli_fname);
  Say("+");
  Say({digits, end});
  return _URC_NO_REASON;
}

// Only what is safe at any moment; the handler is gone by now (SA_RESETHAND).
void OnAbort(int number, siginfo_t* info, void*) {
  // kill(2) of somebody else is no failure of ours.
  if (info->si_code == SI_TKILL && info->si_pid == getpid()) {
    Say("sluice: aborted by a check that failed\n");
    int frames = 0;
    _Unwind_Backtrace(SayFrame, &frames);
  }
  raise(number);
}

}  // namespace

void TellAborts() {
  struct sigaction action = {};
  // A sanitizer's tells more.
  if (sigaction(SIGABRT, nullptr, &action) != 0 || action.sa_handler != SIG_DFL) return;
  action = {};
  action.sa_sigaction = OnAbort;
  action.sa_flags = SA_SIGINFO | SA_RESETHAND;
  sigemptyset(&action.sa_mask);
  (void)sigaction(SIGABRT, &action, nullptr);
}

}  // namespace sluice::sys
