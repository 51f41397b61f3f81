// Internal. System calls on paths: each takes the grant of its path (src/grant/grant.h). They
// return 0, a descriptor or a count, or a negative errno value, which is the grant's if it has one.
// Any thread.
#pragma once

#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/types.h>
#include <time.h>

#include <string>

#include "grant/grant.h"

namespace sluice::sys {

// Open opens with O_CLOEXEC.
int Open(const grant::PathGrant& path, int flags, mode_t mode = 0);
// GetStatus fills what statx(2) tells.
int GetStatus(const grant::PathGrant& path, struct statx* status);
int GetFileSystem(const grant::PathGrant& path, struct statfs* status);
int Access(const grant::PathGrant& path, int mode);
int ReadLink(const grant::PathGrant& path, std::string* target);
// RealPath gives the path without symbolic links, of what is there.
int RealPath(const grant::PathGrant& path, std::string* real);

int MakeDirectory(const grant::PathGrant& path, mode_t mode);
int RemoveDirectory(const grant::PathGrant& path);
int Unlink(const grant::PathGrant& path);
int Rename(const grant::PathGrant& from, const grant::PathGrant& to);
int MakeLink(const grant::PathGrant& from, const grant::PathGrant& to);
int MakeSymbolicLink(const std::string& target, const grant::PathGrant& link);
int ChangeMode(const grant::PathGrant& path, mode_t mode);
int ChangeOwner(const grant::PathGrant& path, uid_t user, gid_t group);
int SetTimes(const grant::PathGrant& path, const timespec times[2]);
// WatchPath is inotify_add_watch(2).
int WatchPath(int inotify, const grant::PathGrant& path, uint32_t events);
int ChangeDirectory(const grant::PathGrant& path);

}  // namespace sluice::sys
