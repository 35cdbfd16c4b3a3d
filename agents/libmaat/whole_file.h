/* A small file that is there whole or not at all, whenever the agent is killed. */
#ifndef AGENTS_LIBMAAT_WHOLE_FILE_H
#define AGENTS_LIBMAAT_WHOLE_FILE_H

#include <stddef.h>

/* In place of what was there, mode 0640 less the umask; durable when this returns.
   0 or -errno. */
int whole_file_write(const char *path, const char *text, size_t len);

/* Makes what was renamed or made in the folder durable. 0 or -errno. */
int whole_file_sync_folder(const char *dir);

#endif
