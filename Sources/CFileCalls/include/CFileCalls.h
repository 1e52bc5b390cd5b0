#ifndef CFILECALLS_H
#define CFILECALLS_H

/// Gives a file another name, unless something has that name.
///
/// Returns 0, or the number of the error: EEXIST when the name is taken; EINVAL, ENOSYS or ENOTSUP where the system or
/// the file system can't do it.
int cfilecalls_rename_if_absent(const char *path, const char *new_path);

/// Does nothing, which the compiler doesn't know.
void cfilecalls_arrive(void);

#endif
