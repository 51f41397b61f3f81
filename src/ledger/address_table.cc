#include "ledger/address_table.h"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <new>

#include "base/check.h"
#include "sys/sys.h"

namespace sluice {
namespace {

constexpr uint32_t kFirst = AddressTable::kShared + 1;

uint64_t Mix(uint64_t a, uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  Wide product = static_cast<Wide>(a) * b;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

}  // namespace

bool TokenBucket::Take(const Rate& rate, uint64_t now_ms) {
  if (rate.count == 0) return true;
  double most = rate.count;
  if (refilled == 0) {
    tokens = most;
  } else if (now_ms > refilled) {
    double back = static_cast<double>(now_ms - refilled) * rate.count / rate.ms;
    tokens = std::min(most, tokens + back);
  }
  refilled = std::max(now_ms, refilled);
  if (tokens < 1) return false;
  tokens -= 1;
  return true;
}

void AddressTable::Free::operator()(void* memory) const {
  std::free(memory);
}

template <class T>
AddressTable::Zeroed<T> AddressTable::Allocate(size_t count) {
  auto* memory = static_cast<T*>(std::calloc(count, sizeof(T)));
  if (memory == nullptr) throw std::bad_alloc();
  return Zeroed<T>(memory);
}

AddressTable::AddressTable(uint32_t size) {
  // An attacker who knew where addresses go could put all into one chain.
  sys::Random(seeds_, sizeof seeds_);
  Grow(size);
  size_ = size;
}

void AddressTable::Resize(uint32_t size) {
  if (size > capacity_) Grow(size);
  size_ = size;
  while (used_ > size_ && oldest_ != 0) Remove(oldest_);
}

void AddressTable::Grow(uint32_t size) {
  auto entries = Allocate<Entry>(size_t{size} + kFirst);
  uint32_t chains = std::bit_ceil(std::max(size, 2u));
  auto heads = Allocate<uint32_t>(chains);
  if (entries_) std::memcpy(entries.get(), entries_.get(), sizeof(Entry) * (size_t{made_} + 1));
  auto old = std::move(chains_);
  uint32_t old_count = old ? chain_mask_ + 1 : 0;
  entries_ = std::move(entries);
  chains_ = std::move(heads);
  chain_mask_ = chains - 1;
  capacity_ = size;
  for (uint32_t i = 0; i < old_count; ++i) {
    for (uint32_t number = old.get()[i]; number != 0;) {
      Entry& entry = (*this)[number];
      uint32_t next = entry.next;
      uint32_t& head = Chain(entry.address);
      entry.next = head;
      head = number;
      number = next;
    }
  }
}

uint32_t& AddressTable::Chain(const IpBytes& address) {
  uint64_t words[2];
  std::memcpy(words, address.data(), sizeof words);
  uint64_t hash = Mix(words[0] ^ seeds_[0], Mix(words[1] ^ seeds_[1], seeds_[0] | 1) ^ seeds_[1]);
  return chains_.get()[static_cast<uint32_t>(hash ^ (hash >> 32)) & chain_mask_];
}

uint32_t AddressTable::Find(const IpBytes& address) {
  uint32_t& head = Chain(address);
  for (uint32_t number = head; number != 0; number = (*this)[number].next) {
    Entry& entry = (*this)[number];
    if (entry.address != address) continue;
    if (entry.open == 0) {  // it is the newest of those now
      Unlink(number);
      Link(number);
    }
    return number;
  }
  uint32_t number = Take();
  if (number == kShared) {
    ++full_;
    return number;
  }
  Entry& entry = (*this)[number];
  entry = {};
  entry.address = address;
  uint32_t& chain = Chain(address);
  entry.next = chain;
  chain = number;
  Link(number);
  ++used_;
  return number;
}

// The number of an unused entry.
uint32_t AddressTable::Take() {
  if (used_ >= size_) {
    if (oldest_ == 0) return kShared;
    Remove(oldest_);
  }
  if (free_ != 0) {
    uint32_t number = free_;
    free_ = (*this)[number].next;
    return number;
  }
  SLUICE_CHECK(made_ < capacity_ + kShared);
  return ++made_;
}

void AddressTable::Remove(uint32_t number) {
  Entry& entry = (*this)[number];
  SLUICE_CHECK(entry.open == 0);
  Unlink(number);
  uint32_t* link = &Chain(entry.address);
  while (*link != number) link = &(*this)[*link].next;
  *link = entry.next;
  entry.next = free_;
  free_ = number;
  --used_;
}

void AddressTable::Link(uint32_t number) {
  Entry& entry = (*this)[number];
  entry.newer = 0;
  entry.older = newest_;
  if (newest_ != 0) (*this)[newest_].newer = number;
  newest_ = number;
  if (oldest_ == 0) oldest_ = number;
}

void AddressTable::Unlink(uint32_t number) {
  Entry& entry = (*this)[number];
  (entry.newer != 0 ? (*this)[entry.newer].older : newest_) = entry.older;
  (entry.older != 0 ? (*this)[entry.older].newer : oldest_) = entry.newer;
  entry.newer = entry.older = 0;
}

void AddressTable::Opened(uint32_t number) {
  Entry& entry = (*this)[number];
  if (entry.open++ == 0 && number != kShared) Unlink(number);
}

void AddressTable::Closed(uint32_t number) {
  Entry& entry = (*this)[number];
  SLUICE_CHECK(entry.open > 0);
  if (--entry.open > 0 || number == kShared) return;
  Link(number);
  if (used_ > size_) Remove(number);
}

}  // namespace sluice
