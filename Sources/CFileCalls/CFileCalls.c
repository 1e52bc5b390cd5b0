// The C libraries declare this call only to those who ask for it before the first header, which Swift can't.
#define _GNU_SOURCE
#include "CFileCalls.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

int cfilecalls_rename_if_absent(const char *path, const char *new_path) {
#if defined(__APPLE__)
  return renamex_np(path, new_path, RENAME_EXCL) == 0 ? 0 : errno;
#elif defined(__linux__) && defined(SYS_renameat2)
  const unsigned noreplace = 1;
  return syscall(SYS_renameat2, AT_FDCWD, path, AT_FDCWD, new_path, noreplace) == 0 ? 0 : errno;
#else
  (void)path;
  (void)new_path;
  return ENOSYS;
#endif
}

long long cfilecalls_birth(int file) {
#if defined(__APPLE__)
  struct stat status;
  if (fstat(file, &status) != 0) return 0;
  return (long long)status.st_birthtimespec.tv_sec * 1000000000 + status.st_birthtimespec.tv_nsec;
#elif defined(__linux__) && defined(STATX_BTIME)
  struct statx status;
  if (statx(file, "", AT_EMPTY_PATH, STATX_BTIME, &status) != 0 || (status.stx_mask & STATX_BTIME) == 0) return 0;
  return (long long)status.stx_btime.tv_sec * 1000000000 + status.stx_btime.tv_nsec;
#else
  (void)file;
  return 0;
#endif
}

void cfilecalls_arrive(void) {}
