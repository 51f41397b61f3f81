// Internal. binding('module'): what the module loader needs of the file system.
#include <fstream>
#include <sstream>

#include "js/value.h"

namespace sluice::js {
namespace {

JSValueRef ReadFile(Call& call) {
  std::string path = call.string(0);
  std::ifstream file(path, std::ios::binary);
  if (!file) return call.ThrowError("cannot open " + path);
  std::ostringstream text;
  text << file.rdbuf();
  return call.string_value(text.str());
}

constexpr FunctionEntry kFunctions[] = {{"readFile", Guarded<ReadFile>}};

}  // namespace

void BindModule(Binder& binder) { binder.Functions(kFunctions); }

}  // namespace sluice::js
