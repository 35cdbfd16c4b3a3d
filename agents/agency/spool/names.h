/* What is in the folders of the spool: lists of names, in the order in which they are taken. */
#ifndef AGENTS_AGENCY_SPOOL_NAMES_H
#define AGENTS_AGENCY_SPOOL_NAMES_H

#include "agents/agency/spool/folder.h"

/* The names of files in a folder, oldest first: by when they were written, or, where they have
   it, by their TIME. */
struct spool_names {
    struct spool_named {
        char name[SPOOL_FILE];
        int64_t changed; /* microseconds; 0 where their TIME says it */
    } * at;
    size_t count, cap, next;
};

/* Told of what lies in the spool and will never be taken: a link, a folder, a name that can't
   be kept. */
typedef void spool_odd(void *context, const char *name, const char *reason);

/* Lists what may be taken from the spool, or what is in taking/ or taken/; `odd` may be NULL.
   0 or -errno, here and below. */
int spool_names_list(const struct spool_folder *f, enum spool_place place, struct spool_names *out,
                     spool_odd *odd, void *context);
void spool_names_free(struct spool_names *names);

/* Lists the folders in the spool that are the agent's own. */
int spool_names_list_own(const struct spool_folder *f, struct spool_names *out);

/* FILE while it is being written, as `.FILE.tmp`; returns `out`. */
enum { SPOOL_DRAFT = SPOOL_FILE + sizeof "..tmp" };
const char *spool_names_draft(const char *file, char out[SPOOL_DRAFT]);

/* Lists the files of a folder that are being written, as FILE. */
int spool_names_list_drafts(int folder, struct spool_names *out);

/* Adds a name, without its place: a file that may be taken from the spool. */
void spool_names_add(const struct spool_folder *f, struct spool_names *names, const char *name);

/* Adds a name of taking/. */
void spool_names_put(struct spool_names *names, const char *file);
void spool_names_sort(struct spool_names *names);

#endif
