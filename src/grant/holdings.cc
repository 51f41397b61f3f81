#include "grant/holdings.h"

#include <fcntl.h>

#include <algorithm>
#include <unordered_map>
#include <vector>

namespace sluice::grant {
namespace {

thread_local std::unordered_map<int, unsigned> held;
thread_local std::vector<const DescriptorOwner*> owners;
thread_local std::shared_ptr<std::atomic<size_t>> departed;  // null before the first

bool IsStandard(int fd, unsigned right) {
  if (fd < 0 || fd > 2 || (right & kAttributes) != 0) return false;
  return (right & kUsable) != 0 || (fd == 0 ? (right & kReadable) : (right & kWritable)) != 0;
}

}  // namespace

void Hold(int fd, unsigned rights) {
  if (Restricted() && fd >= 0) held[fd] = rights;
}

void Forget(int fd) {
  if (!held.empty()) held.erase(fd);
}

size_t OpenCount() {
  size_t count = held.size() + DepartedCount();
  for (const DescriptorOwner* one : owners) count += one->Count();
  return count;
}

size_t DepartedCount() {
  return departed ? departed->load(std::memory_order_relaxed) : 0;
}

Departed::Departed() {
  if (!departed) departed = std::make_shared<std::atomic<size_t>>(0);
  count_ = departed;
  count_->fetch_add(1, std::memory_order_relaxed);
}
Departed::~Departed() {
  if (count_) count_->fetch_sub(1, std::memory_order_relaxed);
}

unsigned RightsOf(int flags) {
  if ((flags & O_PATH) != 0) return 0;
  switch (flags & O_ACCMODE) {
    case O_RDONLY:
      return kReadable | kUsable;
    case O_WRONLY:
      return kWritable | kAttributes | kUsable;
    default:
      return kAllRights;
  }
}

DescriptorOwner::DescriptorOwner() {
  owners.push_back(this);
}
DescriptorOwner::~DescriptorOwner() {
  owners.erase(std::remove(owners.begin(), owners.end(), this), owners.end());
}

Grant ToDescriptor(int fd, unsigned right) {
  if (!Restricted()) return ToHold(fd, true);
  auto found = held.find(fd);
  bool may = found != held.end() && (found->second & right) == right;
  may = may || IsStandard(fd, right);
  if (!may && right == kUsable)
    may = std::any_of(owners.begin(), owners.end(), [&](auto* one) { return one->Owns(fd); });
  return ToHold(fd, may);
}

Grant ToClose(int fd) {
  return ToHold(fd, !Restricted() || held.count(fd) != 0);
}

}  // namespace sluice::grant
