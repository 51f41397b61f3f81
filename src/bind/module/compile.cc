#include "bind/module/compile.h"

#include <optional>
#include <string>

#include "bind/module/kept.h"
#include "bind/module/private_folder.h"
#include "engine/bytecode.h"
#include "engine/engine.h"
#include "engine/source_text.h"
#include "engine/text.h"

namespace sluice::js {
namespace {

// A text as the engine's string, and the file that stacks name.
struct Script {
  explicit Script(Call& call)
      : text(JSValueToStringCopy(call.context(), call[0], call.exception())),
        url(text.get() != nullptr ? JSValueToStringCopy(call.context(), call[1], call.exception())
                                  : nullptr) {}
  explicit operator bool() const { return url.get() != nullptr; }
  String text, url;
};

JSValueRef Evaluate(Call& call, const Script& script) {
  return JSEvaluateScript(call.context(), script.text.get(), nullptr, script.url.get(), 1,
                          call.exception());
}

// RunKept runs a text from its bytecode. That is made when a file is loaded with the same text for
// the second time: making it takes longer than what most functions of a program take that is run
// once, and what was made is used at once.
JSValueRef RunKept(Call& call, const Script& script, const std::string& folder) {
  Characters text(call, 0);
  std::string path = script.url.utf8();
  KeptKey key{"bytecode", path, text};
  std::optional<Kept::Made> kept = Kept::FindLasting(folder, key);
  if (!kept) {
    JSValueRef result = Evaluate(call, script);
    if (result != nullptr) Kept::Keep(folder, key, {});
    return result;
  }
  ProgramScript program(call.context(), call.engine().bytecode(), text, script.url.get());
  if (!kept->bytes.empty())
    program.Take({kept->bytes, kept->note});
  else if (auto made = program.Compile())
    Kept::Keep(folder, key, {made->bytes, made->hash});
  return program.Run(call.exception());
}

// compile(source, url[, folder]): evaluates source as a script and returns its value. With a folder
// that privateFolder() gave, from what was kept there.
JSValueRef Compile(Call& call) {
  Script script(call);
  std::string folder = call.size() > 2 ? call.string(2) : "";
  if (!script || call.failed()) return call.undefined();
  bool keeps = !folder.empty() && ProgramScript::Possible();
  JSValueRef result = keeps ? RunKept(call, script, folder) : Evaluate(call, script);
  return result != nullptr ? result : call.undefined();
}

// kept(folder, kind, path, text): what keep() kept for a text, undefined for nothing.
JSValueRef FindKept(Call& call) {
  std::string folder = call.string(0), kind = call.string(1), path = call.string(2);
  if (call.failed()) return call.undefined();
  Characters text(call, 3);
  std::optional<Kept> kept = Kept::Find(folder, {kind, path, text});
  if (!kept) return call.undefined();
  return JSValueMakeString(call.context(), DecodeSource(kept->made().bytes).get());
}

// keep(folder, kind, path, text, made): keeps what a transform of kind made of a text.
JSValueRef Keep(Call& call) {
  std::string folder = call.string(0), kind = call.string(1), path = call.string(2);
  std::string made = call.string(4);
  if (call.failed()) return call.undefined();
  Characters text(call, 3);
  Kept::Keep(folder, {kind, path, text}, {made});
  return call.undefined();
}

// privateFolder(path): makes a folder for what is kept; its path without symbolic links, '' if
// others may change what is in it.
JSValueRef OpenPrivateFolder(Call& call) {
  std::string path = call.string(0);
  if (call.failed() || path.find('\0') != std::string::npos) return call.string_value("");
  std::optional<PrivateFolder> folder = PrivateFolder::Open(path);
  return call.string_value(folder ? folder->path() : "");
}

constexpr FunctionEntry kFunctions[] = {
    {"compile", Guarded<Compile>},
    {"kept", Guarded<FindKept>},
    {"keep", Guarded<Keep>},
    {"privateFolder", Guarded<OpenPrivateFolder>},
};

}  // namespace

void BindCompile(Binder& binder) {
  binder.Functions(kFunctions);
}

}  // namespace sluice::js
