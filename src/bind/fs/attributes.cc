// What is known of files beside what they hold: status, access, mode, owner, times.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "bind/fs/calls.h"

namespace sluice::js::fs {
namespace {

void FillStat(Request& r, int64_t result, const struct statx& s) {
  r.result = result;
  if (result != 0) return;
  r.answer = Request::Answer::kStat;
  // Where the file system does not keep the time of birth, the time of change stands in.
  const statx_timestamp& birth = (s.stx_mask & STATX_BTIME) != 0 ? s.stx_btime : s.stx_ctime;
  const int64_t values[kStatFields] = {
      static_cast<int64_t>(makedev(s.stx_dev_major, s.stx_dev_minor)),
      s.stx_mode,
      s.stx_nlink,
      s.stx_uid,
      s.stx_gid,
      static_cast<int64_t>(makedev(s.stx_rdev_major, s.stx_rdev_minor)),
      s.stx_blksize,
      static_cast<int64_t>(s.stx_ino),
      static_cast<int64_t>(s.stx_size),
      static_cast<int64_t>(s.stx_blocks),
      s.stx_atime.tv_sec,
      s.stx_atime.tv_nsec,
      s.stx_mtime.tv_sec,
      s.stx_mtime.tv_nsec,
      s.stx_ctime.tv_sec,
      s.stx_ctime.tv_nsec,
      birth.tv_sec,
      birth.tv_nsec,
  };
  std::copy(std::begin(values), std::end(values), r.stat);
}

}  // namespace

void Stat(Request& r) {
  struct statx s;
  FillStat(r, sys::GetStatus(PathOf(r, grant::kRead, r.numbers[0] != 0), &s), s);
}

void FdStat(Request& r) {
  struct statx s;
  FillStat(r, Plain(statx(r.fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS | STATX_BTIME, &s)), s);
}

void StatFs(Request& r) {
  struct statfs s;
  r.result = sys::GetFileSystem(PathOf(r, grant::kRead), &s);
  if (r.result < 0) return;
  r.answer = Request::Answer::kStat;
  const int64_t values[] = {static_cast<int64_t>(s.f_type),   static_cast<int64_t>(s.f_bsize),
                            static_cast<int64_t>(s.f_frsize), static_cast<int64_t>(s.f_blocks),
                            static_cast<int64_t>(s.f_bfree),  static_cast<int64_t>(s.f_bavail),
                            static_cast<int64_t>(s.f_files),  static_cast<int64_t>(s.f_ffree)};
  std::copy(std::begin(values), std::end(values), r.stat);
}

void Access(Request& r) {
  r.result = sys::Access(PathOf(r, grant::kRead), static_cast<int>(r.numbers[0]));
}

void ChangeMode(Request& r) {
  r.result = sys::ChangeMode(PathOf(r, grant::kWrite), static_cast<mode_t>(r.numbers[0]));
}
void FdChangeMode(Request& r) {
  r.result = Plain(fchmod(r.fd, static_cast<mode_t>(r.numbers[0])));
}

void ChangeOwner(Request& r) {
  r.result = sys::ChangeOwner(PathOf(r, grant::kWrite, r.numbers[2] != 0),
                              static_cast<uid_t>(r.numbers[0]), static_cast<gid_t>(r.numbers[1]));
}
void FdChangeOwner(Request& r) {
  r.result =
      Plain(fchown(r.fd, static_cast<uid_t>(r.numbers[0]), static_cast<gid_t>(r.numbers[1])));
}

namespace {

timespec Time(double seconds) {
  // Far beyond what any file system keeps, and exact to convert.
  constexpr double kMost = 9007199254740991;
  if (std::isnan(seconds)) seconds = 0;
  double whole = std::clamp(std::floor(seconds), -kMost, kMost);
  if (std::abs(whole) == kMost) seconds = whole;
  return {static_cast<time_t>(whole), static_cast<long>((seconds - whole) * 1e9)};
}

}  // namespace

void SetTimes(Request& r) {
  timespec times[2] = {Time(r.times[0]), Time(r.times[1])};
  r.result = sys::SetTimes(PathOf(r, grant::kWrite, r.numbers[0] != 0), times);
}
void FdSetTimes(Request& r) {
  timespec times[2] = {Time(r.times[0]), Time(r.times[1])};
  r.result = Plain(futimens(r.fd, times));
}

}  // namespace sluice::js::fs
