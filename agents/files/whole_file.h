/* A small file that is there whole or not at all, whenever its writer is killed. */
#ifndef AGENTS_FILES_WHOLE_FILE_H
#define AGENTS_FILES_WHOLE_FILE_H

#include <stddef.h>
#include <sys/types.h>

/* In place of what was there, with the mode less the umask; durable when this
   returns. Written by root it is the folder's owner's. One at a time. 0 or -errno. */
int whole_file_write(const char *path, mode_t mode, const char *text, size_t len);

/* Makes what was renamed or made in the folder durable. 0 or -errno. */
int whole_file_sync_folder(const char *dir);

/* What root makes in the folder `dir` is given to whoever has that: a program of less rights
   could not read it else. Does nothing where others make it. 0 or -errno. */
int whole_file_give(int fd, const char *dir);

#endif
