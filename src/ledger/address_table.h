// Internal. AddressTable: what is known of addresses that connected, in memory of a fixed size.
#pragma once

#include <cstdint>
#include <memory>

#include "sluice/admission.h"

namespace sluice {

// AddressTable finds entries by address. An entry keeps its number while it has open connections;
// without, it goes when a place is needed, the one idle longest first. Whoever owns the table has a
// lock.
class AddressTable {
 public:
  struct Entry {
    IpBytes address;
    uint32_t open;  // connections
    uint32_t failures;
    uint64_t failures_from;  // ms
    uint64_t banned_until;   // ms
    TokenBucket bucket;
    uint32_t next;  // in its chain, or in the list of free ones
    uint32_t newer;
    uint32_t older;  // in the list of those without connections
  };
  static constexpr uint32_t kShared = 1;  // the entry of those who found no place

  explicit AddressTable(uint32_t size);

  // Resize changes how many addresses there may be. What is open stays.
  void Resize(uint32_t size);
  // Find returns the number of the entry of an address, a new one if there is none; kShared if
  // there is no place for it.
  uint32_t Find(const IpBytes& address);
  Entry& operator[](uint32_t number) { return entries_.get()[number]; }
  // Opened and Closed count connections of an entry.
  void Opened(uint32_t number);
  void Closed(uint32_t number);

  uint32_t used() const { return used_; }
  uint64_t full() const { return full_; }

 private:
  struct Free {
    void operator()(void* memory) const;
  };
  template <class T>
  using Zeroed = std::unique_ptr<T, Free>;
  template <class T>
  static Zeroed<T> Allocate(size_t count);

  uint32_t& Chain(const IpBytes& address);
  void Link(uint32_t number);
  void Unlink(uint32_t number);
  void Remove(uint32_t number);
  uint32_t Take();
  void Grow(uint32_t size);

  // Zeroed pages that were never touched cost no memory.
  Zeroed<Entry> entries_;
  Zeroed<uint32_t> chains_;
  uint32_t chain_mask_ = 0;
  uint64_t seeds_[2];
  uint32_t size_ = 0;        // how many there may be
  uint32_t capacity_ = 0;    // how many there is memory for
  uint32_t made_ = kShared;  // the highest number that was ever used
  uint32_t free_ = 0;
  uint32_t newest_ = 0;
  uint32_t oldest_ = 0;
  uint32_t used_ = 0;
  uint64_t full_ = 0;
};

}  // namespace sluice
