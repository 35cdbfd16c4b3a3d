/* The folders of the spool, and the way of files from one to the next. Many
   move, and then what moved is made durable at once: it may not be relied on before.
   Others write in the spool, so each folder is opened once, and never reached by path again. */
#ifndef AGENTS_AGENCY_SPOOL_FOLDER_H
#define AGENTS_AGENCY_SPOOL_FOLDER_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "schema/record.h"
#include "schema/why.h"

/* Longer ones have no room for TIME- and an ending. */
enum { SPOOL_NAME = 220, SPOOL_FILE = 256 };

/* SPOOL, SPOOL/taking and SPOOL/taken. */
enum spool_place { SPOOL_WAITS, SPOOL_TAKING, SPOOL_TAKEN, SPOOL_PLACES };

struct spool_folder {
    char root[PATH_MAX];  /* for people */
    int at[SPOOL_PLACES]; /* descriptors */
    int64_t stamp;        /* the last TIME given */
    bool stamped;         /* files come with a TIME that none had before, and keep it */
};

struct spool_names; /* names.h */

/* Makes what is not there, with the modes of modes.h; the group may be empty. 0 or -errno
   with a sentence in `why`: -EWOULDBLOCK where another agent has the folder open. */
int spool_folder_open(struct spool_folder *f, struct text root, struct text group, struct why *why);
void spool_folder_close(struct spool_folder *f);

/* A folder in the spool that is the agent's own, made where there is none: its descriptor, or
   -errno with a sentence in `why`, as where it is another's, or a link. */
int spool_folder_own(const struct spool_folder *f, const char *name, mode_t mode, struct why *why);

/* When it was written, in microseconds. */
int64_t spool_folder_changed(const struct stat *st);

/* Is it whole? False where its last line has no end and it changed within
   `settle` microseconds before `wall`, or gets shorter meanwhile. Negative: it can't be read;
   -ENOENT: nor is it a file any more. */
int spool_folder_is_ready(const struct spool_folder *f, const char *name, int64_t settle,
                          int64_t wall);

/* NAME to taking/TIME-NAME, with a TIME no file had before; that is added to the names. */
int spool_folder_claim(struct spool_folder *f, const char *name, int64_t wall,
                       struct spool_names *claimed);

/* The TIME of a name that was given, TIME-NAME or TIME.K-NAME, in microseconds of the time of day;
   false of any other name. */
bool spool_folder_time(const char *name, int64_t *time);

/* Whether it is TIME.K-NAME: the rest of a file, whose other rows went before (front/parts.h). */
bool spool_folder_is_rest(const char *name);

/* Opens a file of taking/ to be read: its descriptor, or -errno. */
int spool_folder_read(const struct spool_folder *f, const char *file);

/* From taking/ to taken/, or, where it is not kept, away. */
int spool_folder_finish(const struct spool_folder *f, const char *file, bool kept);

/* What was claimed is durable, or what was finished. */
int spool_folder_sync_claimed(const struct spool_folder *f);
int spool_folder_sync_finished(const struct spool_folder *f);

/* Removes from taken/ what got its name before `before`. */
void spool_folder_prune(const struct spool_folder *f, int64_t before);

#endif
