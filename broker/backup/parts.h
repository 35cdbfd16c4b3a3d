/* What a backup is: a folder that only its owner may enter.

       TO/head        the journal's tree head then, signed by the board's key
       TO/journal/    the journal, up to there
       TO/settings/   the board's files, as far as they lay in its directory:
                      broker.zpl, operator.zpl, lead.zpl, board.zpl
       TO/restored    once it was restored (restored.h)

   The state is not of it: it follows from the journal. Nor are files of clients that
   lie elsewhere. Whoever has board.zpl can speak as the board; a backup may be made
   without files that hold keys, and is then restored with the board.zpl of another
   place.                                                                       */
#ifndef BROKER_BACKUP_PARTS_H
#define BROKER_BACKUP_PARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "broker/options.h"
#include "schema/arena.h"
#include "schema/checkpoint.h"
#include "schema/why.h"

/* Copies the file `from` as broker.zpl of a folder; -ENOENT if it is not there. */
int parts_copy_settings(const char *from, const char *to, struct why *why);

/* Copies the files that hold keys from one folder to another, board.zpl last. Those that
   are not there are passed over. 0 or a negative error. */
int parts_copy_keys(const char *from, const char *to, struct why *why);

/* The settings of DIR/broker.zpl, or those that hold without it; `out` lives as long as the
   arena. 0 or -EINVAL. */
int parts_read_settings(const char *dir, struct arena *arena, struct run_option *out,
                        struct why *why);

/* The folder that `path` is in, as it is written, in place of it. */
void parts_cut_name(char *path);

/* May the folder `path` be made? -EINVAL within a board's directory or a backup, which would
   be lost or taken away together. */
int parts_check_place(const char *path, struct why *why);

/* Is there room for `bytes` more where `path` is, and `reserve` left? -ENOSPC if not. */
int parts_check_room(const char *path, uint64_t bytes, uint64_t reserve, struct why *why);

/* Bytes of the file DIR/journal/data.mdb, which a copy takes at most; 0 if there is none. */
uint64_t parts_journal_size(const char *dir);

/* DIR/head, written and read. Nothing of what is read is proven. 0 or a negative error. */
int parts_write_head(const char *dir, const char *note, struct why *why);
int parts_read_head(const char *dir, char note[CHECKPOINT_NOTE], struct checkpoint *out,
                    struct why *why);

/* Is the path a folder that holds nothing but what a backup may, finished or not? Else it is
   somebody's, whatever its name. */
bool parts_are_all(const char *path);

/* Takes away a folder and all that is in it; or, `emptied`, only what is in it. 0 or
   -errno. */
int parts_remove(const char *path, bool emptied);

#endif
