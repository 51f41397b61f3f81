#include "engine/task.h"

#include <pthread.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <ctime>
#include <map>

#include "base/check.h"
#include "engine/engine.h"
#include "grant/holdings.h"
#include "ledger/loop_ledger.h"
#include "sim/calls.h"
#include "sys/sys.h"

namespace sluice::js {
namespace {

// Descriptors that a new engine opens by itself: GLib's context has one, and ends the process if it
// gets none. The others are for threads that take some between their release and that.
constexpr int kEngineDescriptors = 4;

// Table holds every task that has not ended.
class Table {
 public:
  static Table& Instance() {
    static Table* table = new Table;
    return *table;
  }

  std::shared_ptr<Task> Main() {
    std::lock_guard lock(mutex_);
    auto& main = tasks_[Task::kMainId];
    if (!main) main = std::make_shared<Task>(Task::kMainId, 0, TaskOptions{});
    return main;
  }
  std::shared_ptr<Task> Add(int parent, TaskOptions options) {
    std::lock_guard lock(mutex_);
    if (tasks_.size() >= Task::kMaxTasks) return nullptr;
    int id = next_id_++;
    return tasks_[id] = std::make_shared<Task>(id, parent, std::move(options));
  }
  void Remove(int id) {
    std::shared_ptr<Task> gone;
    std::lock_guard lock(mutex_);
    auto found = tasks_.find(id);
    if (found == tasks_.end()) return;
    gone = std::move(found->second);
    tasks_.erase(found);
  }
  std::shared_ptr<Task> Find(int id) {
    std::lock_guard lock(mutex_);
    auto found = tasks_.find(id);
    return found != tasks_.end() ? found->second : nullptr;
  }
  std::vector<int> List() {
    std::vector<int> ids;
    std::lock_guard lock(mutex_);
    for (auto& [id, task] : tasks_) ids.push_back(id);
    return ids;
  }
  void set_directory(std::string path) {
    std::lock_guard lock(mutex_);
    directory_ = std::move(path);
  }
  std::string directory() {
    std::lock_guard lock(mutex_);
    return directory_;
  }

 private:
  std::mutex mutex_;  // guards what follows
  std::map<int, std::shared_ptr<Task>> tasks_;
  std::string directory_;
  int next_id_ = Task::kMainId + 1;
};

}  // namespace

std::shared_ptr<Task> Task::Main() {
  return Table::Instance().Main();
}
std::shared_ptr<Task> Task::Find(int id) {
  return Table::Instance().Find(id);
}
std::vector<int> Task::List() {
  return Table::Instance().List();
}
size_t Task::Count() {
  return List().size();
}

Task::Task(int id, int parent, TaskOptions options)
    : id_(id), parent_(parent), options_(std::move(options)) {
  if (!is_main()) SetMaxHeap(options_.max_heap);
}

void Task::SetMaxHeap(uint64_t bytes) {
  max_heap = Quota::AtMost(bytes, options_.quota.heap);
}

bool Task::MayOpen() const {
  size_t most = options_.quota.descriptors;
  return most == 0 || grant::OpenCount() < most;
}

Quota Quota::Within(const Quota& above) const {
  return {AtMost(connections, above.connections), AtMost(descriptors, above.descriptors),
          AtMost(heap, above.heap), AtMost(write_queue, above.write_queue),
          AtMost(processor, above.processor)};
}

void Task::SetProgramDirectory(std::string path) {
  Table::Instance().set_directory(std::move(path));
}
std::string Task::ProgramDirectory() {
  return Table::Instance().directory();
}

uint64_t TaskOptions::DefaultMaxHeap() {
  static const uint64_t bytes = static_cast<uint64_t>(sysconf(_SC_PHYS_PAGES)) / 2 *
                                static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  return bytes;
}

// ---- The thread

struct Task::Start {
  std::shared_ptr<Task> task;
  LoopDescriptors descriptors;
  sys::Reserve reserve;
  std::shared_ptr<Mailbox> parent_mailbox;
  void (*ended)(int id, const TaskEnd& end);
  sim::Thread* simulated = nullptr;
};

std::shared_ptr<Task> Task::Spawn(TaskOptions options, int parent,
                                  std::shared_ptr<Mailbox> parent_mailbox,
                                  void (*ended)(int id, const TaskEnd& end), Error* error) {
  std::string file = options.file;
  // Here, where the parent can be told that there are no more.
  LoopDescriptors descriptors = LoopDescriptors::Open(error);
  if (!descriptors) return nullptr;
  sys::Reserve reserve;
  if (int missing = reserve.Fill(kEngineDescriptors); missing != 0) {
    *error = Error::System("spawn", -missing, file);
    return nullptr;
  }
  auto task = Table::Instance().Add(parent, std::move(options));
  int result = EAGAIN;
  if (task) {
    auto* start = new Start{task, std::move(descriptors), std::move(reserve),
                            std::move(parent_mailbox), ended};
    if (sim::Active()) start->simulated = sim::NewThread();
    pthread_t thread;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    if (size_t size = task->options().stack_size; size != 0)
      pthread_attr_setstacksize(&attributes, std::max<size_t>(size, PTHREAD_STACK_MIN));
    result = pthread_create(&thread, &attributes, ThreadMain, start);
    pthread_attr_destroy(&attributes);
    if (result == 0) return task;
    delete start;
    Table::Instance().Remove(task->id());
  }
  *error = Error::System("spawn", result, file);
  return nullptr;
}

void* Task::ThreadMain(void* argument) {
  std::unique_ptr<Start> start(static_cast<Start*>(argument));
  auto task = std::move(start->task);
  if (start->simulated != nullptr) sim::EnterThread(start->simulated);
  pthread_setname_np(pthread_self(), ("task " + std::to_string(task->id())).c_str());
  task->RunProgram(std::move(start->descriptors), std::move(start->reserve));
  int id = task->id();
  Table::Instance().Remove(id);
  task->queue_.Close();
  MemberEnd failure = task->failure();
  failure.code = task->end_code();
  TaskEnd end{failure.code, task->out_of_memory_, failure.error};
  if (task->options_.group) task->options_.group->Died(task->options_.member, std::move(failure));
  task = nullptr;
  if (start->ended != nullptr)
    start->parent_mailbox->Post(
        [ended = start->ended, id, end = std::move(end)] { ended(id, end); });
  bool simulated = start->simulated != nullptr;
  start = nullptr;
  if (simulated) sim::LeaveThread();
  return nullptr;
}

void Task::RunProgram(LoopDescriptors descriptors, sys::Reserve reserve) {
  grant::Become(options_.subject);
  Loop loop(std::move(descriptors));
  Attach(loop);
  EngineOptions options;
  options.task = shared_from_this();
  options.arguments = options_.arguments;
  options.entry = options_.file;
  options.preload = options_.preload;
  options.exec_arguments = options_.exec_arguments;
  reserve.Clear();
  {
    Engine engine(loop, std::move(options));
    engine.Start();
    end_code_.store(engine.Run(), std::memory_order_relaxed);
  }
  Detach();
}

void Task::Attach(Loop& loop) {
  thread_id_.store(static_cast<int>(syscall(SYS_gettid)), std::memory_order_relaxed);
  if (int nice = nice_.load(std::memory_order_relaxed)) SetPriority(nice);
  LoopLedger::Of(loop).set_task(id_);
  SetTaskWriteLimit(loop, options_.quota.write_queue);
  clockid_t clock;
  if (pthread_getcpuclockid(pthread_self(), &clock) == 0)
    cpu_clock_.store(static_cast<int>(clock), std::memory_order_relaxed);
  std::lock_guard lock(mutex_);
  mailbox_ = loop.mailbox();
}

void Task::Detach() {
  thread_id_.store(0, std::memory_order_relaxed);
  cpu_clock_.store(0, std::memory_order_relaxed);
  std::lock_guard lock(mutex_);
  mailbox_ = nullptr;
}

// ---- Requests

void Task::RequestCancel() {
  cancel_.store(true, std::memory_order_relaxed);
  queue_.Interrupt();
  std::lock_guard lock(mutex_);
  if (mailbox_) mailbox_->Post([] {});  // a poll() returns, so that the program can look
}

void Task::RequestEnd(int code) {
  SLUICE_CHECK(!is_main());
  if (end_.load(std::memory_order_relaxed)) return;
  end_code_.store(code, std::memory_order_relaxed);
  end_.store(true, std::memory_order_release);
  queue_.Interrupt();
  std::lock_guard lock(mutex_);
  // The engine looks at end_requested() whenever it is entered, and its time limit ends what
  // runs; the task here is for a loop that waits.
  if (mailbox_)
    mailbox_->Post([] {
      if (Engine* engine = Engine::Current()) engine->CheckEnd();
    });
}

void Task::SetFailure(std::string error, std::string stack, EndCause cause) {
  std::lock_guard lock(mutex_);
  if (failed_) return;
  failed_ = true;
  failure_ = {0, std::move(error), std::move(stack), cause};
}

void Task::SetOutOfMemory(uint64_t bytes) {
  SetFailure("Error: the task's heap of " + std::to_string(bytes) + " bytes exceeds its limit of " +
                 std::to_string(max_heap) + " bytes",
             "");
  std::lock_guard lock(mutex_);
  out_of_memory_ = true;
}

MemberEnd Task::failure() const {
  std::lock_guard lock(mutex_);
  return failure_;
}

int Task::SetPriority(int nice) {
  nice_.store(nice, std::memory_order_relaxed);
  int thread = thread_id_.load(std::memory_order_relaxed);
  // Linux: a thread has a nice value of its own (setpriority(2), C library/kernel differences).
  if (thread != 0 && setpriority(PRIO_PROCESS, static_cast<id_t>(thread), nice) != 0) return -errno;
  return 0;
}

uint64_t Task::cpu_ms() const {
  int clock = cpu_clock_.load(std::memory_order_relaxed);
  timespec used{};
  if (clock == 0 || clock_gettime(clock, &used) != 0) return 0;
  return static_cast<uint64_t>(used.tv_sec) * 1000 +
         static_cast<uint64_t>(used.tv_nsec) / 1'000'000;
}

// ---- Stacks

void Task::WantStack() {
  {
    std::lock_guard lock(mutex_);
    stack_.clear();
  }
  stack_wanted_.store(true, std::memory_order_relaxed);
}

void Task::GiveStack(std::string stack) {
  std::lock_guard lock(mutex_);
  stack_ = std::move(stack);
}

std::string Task::TakeStack() {
  std::lock_guard lock(mutex_);
  return std::exchange(stack_, {});
}

void Task::SetWait(std::shared_ptr<SharedMemory> memory, size_t offset) {
  std::lock_guard lock(mutex_);
  wait_memory_.swap(memory);
  wait_offset_ = offset;
}

std::pair<std::shared_ptr<SharedMemory>, size_t> Task::wait() const {
  std::lock_guard lock(mutex_);
  return {wait_memory_, wait_offset_};
}

}  // namespace sluice::js
