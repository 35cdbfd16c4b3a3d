/* Where a watch is, kept in a file from run to run: up to which entry everything was
   written (or run), which plans could be seen then, and of which journal that is so.

       watch_state_open -> { watch_state_upto | _plan | _head | _output } watch_state_save
           ... -> watch_state_close

   Without a file it keeps that for the one run. */
#ifndef AGENTS_CLI_WATCH_STATE_H
#define AGENTS_CLI_WATCH_STATE_H

#include "agents/cli/config.h"
#include "schema/messages.h"
#include "schema/roll.h"

/* clang-format off */
#define WATCH_KEPT_FIELDS(F, S)                                                                    \
    F(S, board,   REQUIRED, ID,                    "of which board")                               \
    F(S, client,  REQUIRED, PATH,                  "who watches")                                  \
    F(S, filter,  REQUIRED, TEXTS(4 * LIST_MAX + 1), "what is watched, as it was asked for")       \
    F(S, upto,    REQUIRED, NUMBER,                "everything to this entry was written, or run") \
    F(S, plans,   OPTIONAL, TEXTS(FEED_ROWS_MAX),  "the plans that could be seen then")            \
    F(S, number,  OPTIONAL, NUMBER,                "size of the newest tree head that was seen")   \
    F(S, root,    OPTIONAL, BIN(32, 32),           "and its root")                                 \
    F(S, epoch,   OPTIONAL, NUMBER,                "how often its journal had been restored; absent: never") \
    F(S, device,  OPTIONAL, NUMBER,                "the file that it was written to,")             \
    F(S, inode,   OPTIONAL, NUMBER,                "where that was one,")                          \
    F(S, size,    OPTIONAL, NUMBER,                "and its size then")
#define WATCH_STATE_RECORDS(X) X(watch_kept, WATCH_KEPT_FIELDS, CLOSED, "Where a watch is.")
/* clang-format on */

WATCH_STATE_RECORDS(RECORD_STRUCT)
WATCH_STATE_RECORDS(RECORD_EXTERN)

struct watch_state {
    struct watch_kept kept; /* but for the plans */
    struct roll plans;      /* of struct watch_plan */
    struct arena *arena;
    char path[CONFIG_PATH]; /* empty: no file */
    int lock;
    bool resumes; /* `upto` is meant */
    bool moved;   /* since it was saved */
    uint8_t root[32];
};

struct watch_plan {
    struct text id;
};

/* `about` says board, client, filter and epoch, and is borrowed. A file that is not there
   is made by the first save; of one that is there all four must be the same. EXIT_DONE,
   or what is wrong was said. */
int watch_state_open(struct watch_state *s, const char *path, const struct watch_kept *about);
void watch_state_close(struct watch_state *s);

void watch_state_upto(struct watch_state *s, int64_t upto);
void watch_state_plan(struct watch_state *s, struct text id, bool seen);
void watch_state_epoch(struct watch_state *s, int64_t epoch);
void watch_state_head(struct watch_state *s, int64_t number, const uint8_t root[32]);

/* Of stdout, where that is a file: how much of it the state covers. */
void watch_state_output(struct watch_state *s, int64_t device, int64_t inode, int64_t size);

/* Durable when this returns, if there is a file and anything moved. EXIT_DONE, or what
   is wrong was said. */
int watch_state_save(struct watch_state *s);

#endif
