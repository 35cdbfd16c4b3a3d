/* The entries by which restores of a backup began their epochs, kept with it. The next restore
   begins with them, byte for byte: so a client that has seen one of these epochs finds in the
   journal what it has seen, and after it the entry that ended that epoch.

       BACKUP/restored    a line of JSON for each, the first first

       restored_load -> restored_add, for each epoch -> restored_keep -> restored_settle   */
#ifndef BROKER_BACKUP_RESTORED_H
#define BROKER_BACKUP_RESTORED_H

#include "broker/board.h"
#include "schema/arena.h"
#include "schema/record.h"
#include "schema/why.h"
#include "store/journal.h"

enum { RESTORED_MOST = 100 };

struct restored {
    struct bytes at[RESTORED_MOST];
    unsigned count;
};

/* In the arena. 0, also where there are none; or -EBADMSG for what no restore has written. */
int restored_load(struct arena *arena, const char *backup, struct restored *out, struct why *why);

/* The last epoch known of this board: in which the backup, or one beside it whose head the
   board's key has signed, was made, or which a restore of one of them has begun; or 0. */
int64_t restored_last(struct arena *arena, const char *backup, const struct board_keys *keys);

/* Begins an epoch: by this entry of an earlier restore, which must be the very next of this
   journal, or, where it is NULL, by a new one. `doubted` is of the host's clock
   (broker/commands/own.h). 0 or a negative error. */
int restored_add(struct journal *journal, const struct bytes *entry, bool *doubted,
                 struct why *why);

/* Those of the journal from this number to its end, for now as BACKUP/restored.new. 0 or
   -errno. */
int restored_keep(const char *backup, struct journal *journal, uint64_t from);

/* All went well, and they count; or they are taken away. */
void restored_settle(const char *backup, bool well);

#endif
