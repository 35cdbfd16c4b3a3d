/* The state of a journal that nobody serves yet. */
#ifndef BROKER_BACKUP_REBUILDING_H
#define BROKER_BACKUP_REBUILDING_H

#include "broker/board.h"

/* Makes DIR/state, which must not be there, by folding the journal from entry 1. 0 or a
   negative error. */
int rebuilding_run(const char *dir, const struct board_keys *keys, struct journal *journal,
                   size_t map_bytes, struct why *why);

#endif
