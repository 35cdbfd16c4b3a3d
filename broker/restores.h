/* What a client is shown that has seen this journal before it was restored from a
   backup: the entry that says so, and the proof that it is in the tree.         */
#ifndef BROKER_RESTORES_H
#define BROKER_RESTORES_H

#include "broker/ledger/ledger.h"
#include "schema/messages.h"

/* Puts into `w` the entry that ended this epoch, of which the board is past, and its
   inclusion in the tree of `head`. 0 or a negative error. */
int restores_show(struct ledger *l, const struct board_row *board, int64_t epoch,
                  const struct tree_head *head, struct welcome *w);

#endif
