// write_bytecode FILE: makes the bytecode of the built-in modules by the engine that is installed,
// tries it, and writes the data that the build puts into the command (src/engine/bytecode.h). What
// this engine cannot do leaves FILE empty, with one line that tells why: sluice reads the texts
// then.
#include <fcntl.h>
#include <sys/personality.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <numeric>
#include <string>
#include <vector>

#include "bind/bindings.h"
#include "engine/bytecode.h"
#include "engine/bytecode_format.h"
#include "engine/engine.h"
#include "engine/jsc_spi.h"
#include "engine/vm.h"
#include "sluice/loop.h"

namespace sluice::js {
namespace {

using bytecode::Block;
using bytecode::Entry;
using bytecode::Header;
using bytecode::Image;

// Large ones that few programs use; their bytecode is nine times as large as their text.
constexpr std::string_view kLeftOut[] = {"vendor/undici", "vendor/sucrase",
                                         "vendor/acorn",  "vendor/web-streams",
                                         "vendor/tr46",   "vendor/encodings"};

[[noreturn]] void Fail(const char* why) {
  std::fprintf(stderr, "write_bytecode: %s\n", why);
  std::_Exit(1);
}

// Read copies a word of this process's memory; returns false where there is none.
bool Read(const void* from, void* to, size_t size) {
  iovec local{to, size}, remote{const_cast<void*>(from), size};
  return process_vm_readv(getpid(), &local, 1, &remote, 1, 0) == static_cast<ssize_t>(size);
}

// SourceWord finds the word of a script that is the counted block of its text.
uint32_t SourceWord(void* script, const BuiltinSource& source) {
  constexpr uint32_t kMostWords = 48;
  for (uint32_t i = 1; i < kMostWords; ++i) {
    void* word = nullptr;
    Block block;
    if (Read(static_cast<void**>(script) + i, &word, sizeof word) &&
        Read(word, &block, sizeof block) && block.characters == source.begin &&
        block.length == static_cast<uint32_t>(source.end - source.begin))
      return i;
  }
  Fail("a script's text is not where it is looked for");
}

// Words of an image behind what is known of it, one of which is a table.
constexpr uint32_t kFirstWord = 4;
constexpr uint32_t kEndWord = 8;

// CountTables adds one for each word of an image that looks like a table with entries.
void CountTables(const Image* image, int (&counts)[kEndWord]) {
  for (uint32_t i = kFirstWord; i < kEndWord; ++i) {
    bytecode::TableHead* table = nullptr;
    bytecode::TableHead head;
    if (Read(reinterpret_cast<void* const*>(image) + i, &table, sizeof table) && table != nullptr &&
        Read(table - 1, &head, sizeof head) && std::has_single_bit(head.size) &&
        head.mask == head.size - 1 && head.used > 0 && head.used <= head.size)
      ++counts[i];
  }
}

// TableWord returns the word that nearly always was a table: others hold what was there before.
uint32_t TableWord(const int (&counts)[kEndWord]) {
  const int* most = std::max_element(counts + kFirstWord, counts + kEndWord);
  for (uint32_t i = kFirstWord; i < kEndWord; ++i)
    if (counts + i != most && counts[i] * 2 > *most) most = counts;
  if (*most == 0) Fail("the engine's tables are not where they are looked for");
  return static_cast<uint32_t>(most - counts);
}

// Make returns the data.
std::string Make() {
  spi::Load();
  if (!spi::On(spi::Fast::kBytecode)) Fail("the engine lacks what it takes");
  if (spi::table.compile_script == nullptr) Fail("the engine lacks generateProgramBytecode");
  InitializeEngine();
  JSContextGroupRef group = CreateGroup();
  JSGlobalContextRef context = JSGlobalContextCreateInGroup(group, nullptr);
  spi::table.lock(context);

  auto sources = BuiltinSources();
  Header header{};
  std::copy(bytecode::kMagic.begin(), bytecode::kMagic.end(), header.magic);
  BuiltinDigest().copy(header.digest, sizeof header.digest);
  header.engine_version = spi::table.bytecode_version();
  header.count = static_cast<uint32_t>(sources.size());
  std::vector<Entry> entries(sources.size());
  std::string bytes;
  int tables[kEndWord] = {};
  size_t begin = sizeof header + entries.size() * sizeof(Entry);
  // In the order of the texts: what every program loads is together.
  std::vector<size_t> order(sources.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::sort(order, {}, [&](size_t i) { return sources[i].begin; });
  for (size_t i : order) {
    const BuiltinSource& source = sources[i];
    if (std::ranges::find(kLeftOut, source.name) != std::end(kLeftOut)) continue;
    auto length = static_cast<size_t>(source.end - source.begin);
    JSStringRef url = JSStringCreateWithUTF8CString("sluice:module");
    void* script = spi::table.make_script(group, url, 1, source.begin, length, nullptr, nullptr);
    JSStringRelease(url);
    if (script == nullptr) Fail(source.name);
    header.source_word = SourceWord(script, source);
    Image* image = bytecode::Compile(group, script, static_cast<int>(length));
    if (image == nullptr) Fail("the engine's bytecode is not as it is expected");
    CountTables(image, tables);
    bytes.resize((bytes.size() + 15) / 16 * 16);
    entries[i] = {.offset = static_cast<uint32_t>(begin + bytes.size()),
                  .size = static_cast<uint32_t>(image->size),
                  .hash = reinterpret_cast<Block**>(script)[header.source_word]->hash,
                  .unused = 0};
    bytes.append(static_cast<const char*>(image->bytes), image->size);
  }
  header.leaves_word = TableWord(tables);
  std::string data(reinterpret_cast<const char*>(&header), sizeof header);
  data.append(reinterpret_cast<const char*>(entries.data()), entries.size() * sizeof(Entry));
  return data + bytes;
}

// Try runs a program that uses many modules, in two tasks.
int Try(std::string_view data) {
  UseBytecode(data);
  Error error;
  Loop loop(LoopDescriptors::Open(&error));
  Engine::SetBindings(Bindings());
  EngineOptions options;
  options.arguments = {"write_bytecode"};
  options.mode = ProgramMode::kEval;
  options.code = R"(
    process.noDeprecation = true;
    for (const name of require('module').builtinModules) require(name);
    const net = require('net');
    const server = net.createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1', () => {
      const client = net.connect(server.address().port, '127.0.0.1');
      client.setEncoding('utf8').on('data', () => client.end()).write('x');
      client.on('close', () => server.close());
    });
  )";
  int code;
  int taken;
  {
    Engine engine(loop, std::move(options));
    engine.Start();
    code = engine.Run();
    taken = engine.bytecode().taken();
  }
  constexpr int kLeast = 60;
  if (taken < kLeast) Fail("the engine did not take its bytecode");
  return code;
}

// The descriptor of the file.
constexpr int kFile = 3;
constexpr char kPath[] = "/proc/self/fd/3";

std::string ReadAll() {
  std::ifstream file(kPath, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void WriteAll(std::string_view data) {
  std::ofstream file(kPath, std::ios::binary | std::ios::trunc);
  file.write(data.data(), static_cast<std::streamsize>(data.size()));
  file.close();
  if (!file) Fail("the file cannot be written");
}

constexpr char kAgain[] = "again";

// BeSteady starts this program once more so that the same engine makes the same bytes: what it does
// not write of its data is zero, and addresses are the same, of which some bytes and orders depend.
void BeSteady(const char* path) {
  int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
  if (file < 0 || dup2(file, kFile) < 0) Fail("the file cannot be written");
  std::vector<std::string> environment = {"JSC_useGC=0"};
#ifndef SLUICE_SANITIZED
  environment.emplace_back("Malloc=1");  // the engine's, which is told what to fill with
  environment.emplace_back("MALLOC_PERTURB_=255");
#endif
  for (char** variable = environ; *variable != nullptr; ++variable)
    if (std::string_view text = *variable;
        text.starts_with("LD_") || text.substr(0, text.find('=')).ends_with("SAN_OPTIONS"))
      environment.emplace_back(text);
  std::vector<char*> variables;
  for (std::string& variable : environment) variables.push_back(variable.data());
  variables.push_back(nullptr);
  std::string name = "write_bytecode", again = kAgain;
  char* arguments[] = {name.data(), again.data(), nullptr};
  personality(ADDR_NO_RANDOMIZE);  // where a container allows it
  execve("/proc/self/exe", arguments, variables.data());
  Fail("this program cannot be started again");
}

// InChild runs function in a process of its own; returns whether that ended well.
template <class Function>
bool InChild(Function function) {
  pid_t child = fork();
  if (child == 0) std::_Exit(function());
  int status = 1;
  return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

}  // namespace
}  // namespace sluice::js

int main(int argc, char** argv) {
  using namespace sluice::js;
  if (argc != 2) {
    std::fprintf(stderr, "usage: write_bytecode FILE\n");
    return 2;
  }
  if (std::string_view(argv[1]) != kAgain) BeSteady(argv[1]);
  bool made = InChild([] {
    WriteAll(Make());
    return 0;
  });
  bool good = made && InChild([] { return Try(ReadAll()); });
  if (!good) {
    std::fprintf(stderr, "write_bytecode: built-in modules stay texts with this engine\n");
    WriteAll("");
  }
  return 0;
}
