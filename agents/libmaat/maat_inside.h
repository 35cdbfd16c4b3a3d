/* What the files behind maat.h share: records become plain C here, and the other way. */
#ifndef AGENTS_LIBMAAT_MAAT_INSIDE_H
#define AGENTS_LIBMAAT_MAAT_INSIDE_H

#include <string.h>

#include "agents/libmaat/client.h"
#include "agents/libmaat/maat.h"
#include "schema/fault.h"
#include "schema/guard.h"

struct maat_outbox {
    struct outboxes *outboxes;
    char *folder;
    struct arena *arena; /* of what was handed out last */
};

struct maat_key {
    struct identity identity;
};

struct maat {
    struct client_session *client;
    struct head_keeper head; /* of the board's journal, where one is kept: */
    char *heads;             /* the folder of heads; NULL: none is kept */
    const char *forget;
    struct maat_outbox *outbox; /* borrowed; NULL: none */
    struct maat_events events;
    void *context;
    struct arena *arena; /* of what a program says */
    struct arena *told;  /* and of what it is told */
    char mailbox[LIST_MAX][TITLE_MAX + 1];
    const char *mailboxes[LIST_MAX];
    struct guard guard; /* of these */

    /* the query that is open */
    maat_page *each;
    maat_answered *answered;
    void *each_context;
};

/* An empty one. */
struct maat_key *inside_new_key(void);

/* In place of the identity's; false with a fault where one is none. */
bool inside_take_addresses(struct identity *identity, const char *const *list,
                           struct maat_fault *why);

/* Any of them may be NULL: then nothing is filled. */
void inside_tell(struct maat_fault *why, const struct fault *fault);
__attribute__((format(printf, 3, 4))) void inside_say(struct maat_fault *why, const char *code,
                                                      const char *format, ...);

/* One of this library's outcomes is the session's. */
enum maat_outcome inside_outcome(enum client_outcome outcome);

/* A record of the broker's, in the arena. */
struct maat_record inside_record(struct arena *arena, const char *name, const struct record *r,
                                 const void *rec);

/* A question or a subscription, given as JSON or as MessagePack, which then must live as
   long. Its id is not for programs to give: JSON does without. */
bool inside_read_asked(struct arena *arena, const struct record *r, void *out, const void *given,
                       size_t len, struct fault *fault);

/* A submission in an outbox, as it is handed out, in the arena. */
struct maat_kept inside_kept(struct arena *arena, int64_t n, const struct kept *kept);

/* The library's own id of an outbox is the public one. */
_Static_assert(sizeof(struct maat_outbox_id) == sizeof(struct outbox_id), "16 bytes each");
static inline struct outbox_id
inside_id(const struct maat_outbox_id *id)
{
    struct outbox_id out;
    memcpy(out.at, id->at, sizeof out.at);
    return out;
}

#endif
