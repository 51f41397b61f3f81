// Public. Reference counting for objects of one loop.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace sluice {

// RefCounted is the base of objects that callbacks may let go of while they are in use: whoever
// calls out holds a Ref across the call. The count is not atomic: loop thread only.
class RefCounted {
 public:
  RefCounted() = default;
  RefCounted(const RefCounted&) = delete;
  RefCounted& operator=(const RefCounted&) = delete;

  // ref adds a reference.
  void ref() { ++count_; }
  // unref drops one; with the last the object is destroyed.
  void unref() {
    if (--count_ == 0) delete this;
  }

 protected:
  virtual ~RefCounted() = default;

 private:
  uint32_t count_ = 0;
};

// Ref owns one reference to a RefCounted object, or is empty. Loop thread only, as the count.
template <class T>
class Ref {
 public:
  Ref() = default;
  // Empty, as Ref().
  Ref(std::nullptr_t) {}  // NOLINT(google-explicit-constructor): reads as a pointer
  // Ref adds a reference to object, which may be null.
  explicit Ref(T* object) : object_(object) {
    if (object_ != nullptr) object_->ref();
  }
  // A copy holds a reference of its own.
  Ref(const Ref& other) : Ref(other.object_) {}
  // A Ref to a derived class serves as one to its base.
  template <class U, class = std::enable_if_t<std::is_convertible_v<U*, T*>>>
  Ref(const Ref<U>& other) : Ref(other.get()) {}  // NOLINT(google-explicit-constructor)
  // Takes the reference over; other is empty then.
  Ref(Ref&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  ~Ref() {
    if (object_ != nullptr) object_->unref();
  }
  // Drops the reference and takes that of other.
  Ref& operator=(Ref other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }

  // get returns the object, borrowed, or null.
  T* get() const { return object_; }
  // The object, which must be there.
  T* operator->() const { return object_; }
  // Likewise.
  T& operator*() const { return *object_; }
  // Whether there is an object.
  explicit operator bool() const { return object_ != nullptr; }

 private:
  T* object_ = nullptr;
};

}  // namespace sluice
