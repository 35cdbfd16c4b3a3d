/* What a client keeps of its board's journal: the newest tree head that the broker
   has shown it, as it was signed, in a file for each broker:

       FOLDER/heads/KEY     KEY is the broker's public key, in hexadecimal

   A journal whose tree does not begin with all of that head's was rewritten, or
   rolled back. Then the file is the evidence, until a person takes the journal as
   it is now.

       head_open -> { head_read, head_compare, head_keep } ...

   Processes may share a folder; the larger head stays.                          */
#ifndef AGENTS_LIBMAAT_HEAD_H
#define AGENTS_LIBMAAT_HEAD_H

#include <limits.h>

#include "schema/checkpoint.h"
#include "schema/wire/identity.h"

enum { HEAD_WHY = PATH_MAX + 300 };

struct head_keeper {
    struct checkpoint kept; /* what is kept; its origin is empty where nothing is */
    uint8_t signing[CURVE_KEY];
    bool is_signed; /* `signing` is known: only what it signed is believed */
    const char *forget;
    char folder[PATH_MAX], path[PATH_MAX];
};

/* How what is shown stands to what is kept. */
enum head_change {
    HEAD_FIRST,     /* nothing is kept */
    HEAD_SAME,      /* it is what is kept */
    HEAD_GREW,      /* it is larger: a proof must show that it goes on from it */
    HEAD_SHRANK,    /* it is smaller: the journal was rolled back */
    HEAD_REWRITTEN, /* of the same size, with another root */
    HEAD_RESTORED,  /* of the same board, restored since: there must be an entry that says so */
    HEAD_OTHER,     /* of another journal, or of one that was restored less often */
};

/* Reads what is kept of this identity's broker, below `folder`, which is there.
   `forget` (borrowed) is the command by which a person takes the journal as it is
   now. 0, or -errno or -EBADMSG with a sentence in `why`. */
int head_open(struct head_keeper *k, const char *folder, const struct identity *identity,
              const char *forget, char why[HEAD_WHY]);

/* Is anything kept? */
bool head_is_kept(const struct head_keeper *k);

/* What the broker shows: a note by the board's key, of the log that is named so.
   Nothing of it is proven. */
bool head_read(const struct head_keeper *k, struct text note, const char *origin,
               struct checkpoint *out, struct fault *fault);

enum head_change head_compare(const struct head_keeper *k, const struct checkpoint *shown);

/* Keeps it, durably, unless another process has kept a larger one. 0 or -errno. */
int head_keep(struct head_keeper *k, const struct checkpoint *shown, struct text note);

/* A person takes the journal as it is now, or it says itself that it was restored: the file is put
   aside, as KEY.forgotten. 1, 0 where nothing was kept, or -errno. */
int head_forget(struct head_keeper *k);

#endif
