// Internal. Operations on files: plain system calls on plain values, for any thread. Nothing here
// knows the engine.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace sluice::js::fs {

// What statx(2) or stat(2) tell: dev, mode, nlink, uid, gid, rdev, blksize, ino, size, blocks,
// then seconds and nanoseconds of the times of access, modification, change and birth.
constexpr size_t kStatFields = 18;

// Request is one operation: what it gets and what it gives. `result` is 0 or more, or a negative
// errno value; what else comes back is told by `answer`.
struct Request {
  std::string path;
  std::string other;  // second path
  int64_t numbers[4] = {0, 0, 0, 0};
  double times[2] = {0, 0};
  std::span<uint8_t> bytes;  // the caller's memory, which stays until the operation is done
  std::vector<std::span<uint8_t>> parts;  // instead of bytes, if there is any
  int fd = -1;                            // instead of path, where both are possible

  enum class Answer : uint8_t { kNumber, kText, kContent, kNames, kStat };
  Answer answer = Answer::kNumber;
  int64_t result = 0;
  const char* step = nullptr;  // the call that failed, where an operation is made of several
  std::string text;
  struct Free {
    void operator()(uint8_t* block) const;
  };
  std::unique_ptr<uint8_t, Free> memory;           // of `bytes`, on a worker
  std::unique_ptr<uint8_t, Free> content;          // malloc'ed, `result` bytes
  std::vector<std::pair<std::string, int>> names;  // with DT_* kinds
  int64_t stat[kStatFields] = {};
};

using Operation = void (*)(Request&);

void Open(Request&);        // path, flags, mode → descriptor
void Close(Request&);       // fd
void Read(Request&);        // fd, bytes, position (-1: the file's) → count
void Write(Request&);       // fd, bytes, position → count; may write less
void ReadVector(Request&);  // as Read, into parts one after another
void WriteVector(Request&);
void ReadFile(Request&);   // path or fd, flags → content
void WriteFile(Request&);  // path or fd, flags, mode, flush; bytes
void Stat(Request&);       // path; numbers[0]: do not follow a link
void FdStat(Request&);
void StatFs(Request&);  // → stat: type, bsize, frsize, blocks, bfree, bavail, files, ffree
void Access(Request&);
void ReadDirectory(Request&);  // path, recursive → names
void MakeDirectory(Request&);
void MakeDirectories(Request&);  // → text: the first one made, or empty
void MakeTemporary(Request&);    // path is the prefix → text
void Unlink(Request&);
void RemoveDirectory(Request&);
void RemoveTree(Request&);  // path, recursive, force, retries, ms; -EISDIR with step "rm"
void Rename(Request&);
void CopyFile(Request&);  // path, other, 1: fail if other exists
void RealPath(Request&);
void ReadLink(Request&);
void SymbolicLink(Request&);  // path: the target, other: the link
void Link(Request&);
void ChangeMode(Request&);
void FdChangeMode(Request&);
void ChangeOwner(Request&);  // path, uid, gid, 1: not following a link
void FdChangeOwner(Request&);
void SetTimes(Request&);  // path, times (seconds), numbers[0]: not following a link
void FdSetTimes(Request&);
void FdTruncate(Request&);
void FdSync(Request&);
void FdDataSync(Request&);

}  // namespace sluice::js::fs
