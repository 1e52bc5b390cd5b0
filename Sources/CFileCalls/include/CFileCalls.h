#ifndef CFILECALLS_H
#define CFILECALLS_H

/// Gives a file another name, unless something has that name.
///
/// Returns 0, or the number of the error: EEXIST when the name is taken; EINVAL, ENOSYS or ENOTSUP where the system or
/// the file system can't do it.
int cfilecalls_rename_if_absent(const char *path, const char *new_path);

/// When an open file or directory was made: nanoseconds since 1970-01-01T00:00:00Z, 0 where the file system does not say.
long long cfilecalls_birth(int file);

/// Does nothing, which the compiler doesn't know.
void cfilecalls_arrive(void);

#endif
