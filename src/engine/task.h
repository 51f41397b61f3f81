// Internal. Task: a thread with a loop, an engine and a program of its own.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "engine/message_queue.h"
#include "engine/port.h"
#include "grant/grant.h"
#include "group/group.h"
#include "ledger/histogram.h"
#include "sluice/error.h"
#include "sluice/loop.h"
#include "sys/sys.h"

namespace sluice::js {

struct EngineOptions;

// What a task may have at most, 0 for no limit.
struct Quota {
  size_t connections = 0;    // streams and listeners that are open
  size_t descriptors = 0;    // those, and files
  uint64_t heap = 0;         // bytes
  uint64_t write_queue = 0;  // bytes that wait to be written
  double processor = 0;      // share of one processor, 1 for all of it

  // AtMost returns a limit that is within that of a quota.
  template <class Number>
  static Number AtMost(Number wanted, Number quota) {
    return wanted == 0 || (quota != 0 && quota < wanted) ? quota : wanted;
  }
  // Within returns what is left of it for a task that one with the quota above starts.
  Quota Within(const Quota& above) const;
};

// What a new task gets.
struct TaskOptions {
  std::string file;                    // its program
  std::vector<std::string> arguments;  // process.argv
  Message argument;                    // ARGUMENT
  std::shared_ptr<Group> group;        // of a sub: its group and which member it is
  int member = 0;
  std::string name;  // in reports; "" for the file's
  // Of a worker of worker_threads: where it hears what to run, and what it starts with.
  std::shared_ptr<PortOwner> port;
  std::vector<std::string> preload;         // modules that load before the program
  std::vector<std::string> exec_arguments;  // process.execArgv
  uint64_t max_heap = DefaultMaxHeap();     // bytes, 0 for no limit
  size_t stack_size = 0;                    // bytes of the thread's stack, 0 for the usual
  grant::Subject subject;                   // what its program may do
  Quota quota;

  // DefaultMaxHeap returns the max_heap of new tasks: half of the machine's memory, so that a
  // task that grows without end does not take the process with it.
  static uint64_t DefaultMaxHeap();
};

// How a task ended.
struct TaskEnd {
  int code = 0;
  bool out_of_memory = false;  // it had exceeded its max_heap
  std::string error;           // why, "" if it ended by itself
};

// Task is the record of a task that every other may look at; the process has one table of them.
// Any thread, where not said otherwise. The main task is the thread that makes the first engine;
// its id is 1.
class Task final : public std::enable_shared_from_this<Task> {
 public:
  static constexpr int kMainId = 1;
  static constexpr size_t kMaxTasks = 1024;  // at one time, the main task included

  // Main returns the main task.
  static std::shared_ptr<Task> Main();
  // Spawn starts a task whose parent is the calling one. ended(id, end) is posted to
  // parent_mailbox once it has ended and its resources are free. On failure returns null and
  // sets *error.
  static std::shared_ptr<Task> Spawn(TaskOptions options, int parent,
                                     std::shared_ptr<Mailbox> parent_mailbox,
                                     void (*ended)(int id, const TaskEnd& end), Error* error);
  static std::shared_ptr<Task> Find(int id);
  static std::vector<int> List();
  static size_t Count();
  // The directory of the main task's program, which names of tasks' files are relative to.
  static void SetProgramDirectory(std::string path);
  static std::string ProgramDirectory();
  Task(int id, int parent, TaskOptions options);
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;

  int id() const { return id_; }
  int parent() const { return parent_; }
  bool is_main() const { return id_ == kMainId; }
  const TaskOptions& options() const { return options_; }
  const std::string& name() const { return options_.name; }
  MessageQueue& queue() { return queue_; }

  // RequestCancel asks the task to end: testCancel() tells it, and a wait for messages returns.
  void RequestCancel();
  bool cancel_requested() const { return cancel_.load(std::memory_order_relaxed); }
  // RequestEnd ends the task's JavaScript, wherever it is, but for calls that block in the
  // kernel. Not for the main task.
  void RequestEnd(int code);
  bool end_requested() const { return end_.load(std::memory_order_acquire); }
  int end_code() const { return end_code_.load(std::memory_order_relaxed); }
  // SetFailure notes why the task ends; the first one counts.
  void SetFailure(std::string error, std::string stack, EndCause cause = EndCause::kError);
  // SetOutOfMemory is SetFailure for a heap of that many bytes.
  void SetOutOfMemory(uint64_t bytes);
  MemberEnd failure() const;

  // SetMaxHeap sets how many bytes its heap may have, 0 for no limit, within its quota.
  void SetMaxHeap(uint64_t bytes);
  // MayOpen returns whether its quota has room for one more descriptor. The task's thread.
  bool MayOpen() const;

  // SetPriority sets the nice value of the task's thread (-20 to 19); returns 0 or -errno.
  int SetPriority(int nice);

  // ---- What a supervisor looks at, and the task's thread writes

  // The loop's time at which the task began what it does, in ms; 0 while it waits.
  std::atomic<uint64_t> busy_since{0};
  std::atomic<uint64_t> last_turn_ms{0};  // how long the last turn took
  Histogram<kTurnBounds> turns;           // how long turns took, in seconds
  std::atomic<uint64_t> heap_bytes{0};    // size of the heap when last looked at
  // Those of them that the engine's heap has itself.
  std::atomic<uint64_t> own_heap_bytes{0};
  // The heap's cap in bytes, 0 for none: a task that exceeds it is ended.
  std::atomic<uint64_t> max_heap{0};

  // cpu_ms returns the processor time that the task's thread has used, in ms; the last known one
  // where it has ended.
  uint64_t cpu_ms() const;

  // WantStack asks the task for the JavaScript stack of what it is doing; TakeStack returns it
  // once there is one, "" before.
  void WantStack();
  bool stack_wanted() { return stack_wanted_.exchange(false, std::memory_order_relaxed); }
  void GiveStack(std::string stack);
  std::string TakeStack();

  // SetWait tells that the task begins to wait in Atomics.wait(), and at which byte of what memory;
  // null that it goes on. wait returns that, so that somebody may notify who waits there.
  void SetWait(std::shared_ptr<SharedMemory> memory, size_t offset);
  std::pair<std::shared_ptr<SharedMemory>, size_t> wait() const;

  // Attach and Detach tie the record to the loop of the running thread. The task's thread.
  void Attach(Loop& loop);
  void Detach();

 private:
  struct Start;
  static void* ThreadMain(void* start);
  void RunProgram(LoopDescriptors descriptors, sys::Reserve reserve);

  const int id_;
  const int parent_;
  const TaskOptions options_;
  MessageQueue queue_;
  std::atomic<bool> cancel_{false};
  std::atomic<bool> end_{false};
  std::atomic<int> end_code_{0};
  std::atomic<int> thread_id_{0};
  std::atomic<int> nice_{0};
  std::atomic<bool> stack_wanted_{false};
  std::atomic<int> cpu_clock_{0};  // of the thread; 0 while there is none
  mutable std::mutex mutex_;       // guards what follows
  std::shared_ptr<Mailbox> mailbox_;
  bool failed_ = false;
  MemberEnd failure_;
  bool out_of_memory_ = false;
  std::string stack_;
  std::shared_ptr<SharedMemory> wait_memory_;
  size_t wait_offset_ = 0;
};

}  // namespace sluice::js
