// The C libraries declare this call only to those who ask for it before the first header, which Swift can't.
#define _GNU_SOURCE
#include "CFileCalls.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

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

void cfilecalls_arrive(void) {}
