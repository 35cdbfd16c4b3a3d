/* An LMDB environment in a folder of its own, made and opened with all the care
   that LMDB leaves to its user: it would make a new file where one is missing,
   and die of SIGBUS where one is cut off. */
#ifndef STORE_ENVIRONMENT_H
#define STORE_ENVIRONMENT_H

#include <lmdb.h>
#include <stddef.h>

#include "schema/why.h"

/* The most that one may grow to, in GiB and in bytes, if nobody says otherwise. It
   costs address space alone (of which ThreadSanitizer leaves little: the Makefile
   says less there), and is never changed while open: growing it under a reader
   makes him read unmapped memory. */
#ifndef ENVIRONMENT_GIB
#define ENVIRONMENT_GIB 1024
#endif
#define GIB ((size_t)1 << 30)
#define ENVIRONMENT_MAP (ENVIRONMENT_GIB * GIB)

struct environment {
    const char *path; /* of the folder */
    size_t map_bytes;
    unsigned tables;
    unsigned flags; /* of mdb_env_open: 0, MDB_RDONLY, and MDB_NOLOCK where nobody writes */
};

/* Makes the folder if it is not there, and an empty environment in it. Returns
   0, or a negative error: -EEXIST if it holds one already. What is committed
   first is durable once environment_sync_folder has returned 0 too. */
int environment_create(MDB_env **out, const struct environment *e, struct why *why);
int environment_sync_folder(const struct environment *e, struct why *why);

/* Opens one that is there. Returns 0, -ENOENT if it is not, MDB_CORRUPTED if the
   file is shorter than it says, MDB_INVALID if it is none of LMDB's, or another
   negative error. Read transactions are not bound to threads (MDB_NOTLS); all
   other flags of one that is written are LMDB's defaults, which keep the promise. */
int environment_open(MDB_env **out, const struct environment *e, struct why *why);

/* Makes what was made and renamed in the folder at `path` durable. */
int environment_sync(const char *path, struct why *why);

/* LMDB takes keys and values through pointers to non-const, but does not write
   through them. */
MDB_val environment_val(const void *data, size_t len);

#endif
