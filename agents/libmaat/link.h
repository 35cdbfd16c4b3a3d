/* One end of the conversation with the broker, without its socket: what to say
   next, and what becomes of what is heard. A state machine over an outbox; clocks
   are arguments: `now` is of one that never jumps, `wall` the time of day for the
   outbox's record, both in microseconds. Whoever drives it moves frames between it and a peer:

       link_connected -> { link_next -> send }  { receive -> link_hear } ... link_lost

   Where a tree head is kept, nothing is submitted or asked before the journal was
   seen, once a connection, to go on from it: by the head's root where it is the same,
   else by a proof. Where it does not, the link is stopped, and says why; but where the
   journal itself has an entry that says that it was restored from a backup, the driver is
   told, what was seen is put aside, and what the broker lacks is sent again.

   It sends the queued submissions of the outbox in order, at most the broker's
   window of them unanswered, again from the first unsettled after each
   reconnection, REWIND or RETRY: the broker answers what it knows already.

   Verdicts are written many at a time, and told when they are written: with what is
   queued next; when nothing more is under way; or after LINK_WRITE_MS at the latest. */
#ifndef AGENTS_LIBMAAT_LINK_H
#define AGENTS_LIBMAAT_LINK_H

#include "agents/libmaat/head.h"
#include "agents/libmaat/outbox.h"
#include "schema/local.h"
#include "schema/messages.h"

/* The board's journal was restored from a backup since it was seen. */
struct link_restored {
    bool is;
    char journal[CHECKPOINT_ORIGIN + 1]; /* what was seen: the board's id and the epoch, */
    int64_t seen;                        /* up to this entry */
    int64_t last;                        /* of which the entries up to this one are left */
    int64_t again;                       /* so many submissions that had their verdicts go again */
};

/* Another program works by the same key, with an outbox of its own. */
struct link_shared {
    bool is;                          /* false: it does no longer */
    int64_t since;                    /* UTC, by the broker's clock */
    char address[SHARER_ADDRESS + 1]; /* printable; "": not known */
};

/* What the driver is told. Each may be NULL. Texts live for the call. */
struct link_events {
    void (*welcome)(void *context, const struct welcome *w);
    void (*settled)(void *context, int64_t n,
                    const struct kept *kept); /* as outbox_next_settled says it */
    void (*result)(void *context, const struct result *r);
    void (*error)(void *context, const struct error *e);
    void (*forked)(void *context, int64_t n, const struct outbox_id *to);
    void (*restored)(void *context, const struct link_restored *r); /* before welcome */
    void (*shared)(void *context, const struct link_shared *s);     /* where that has changed */
    /* PLANS, STATE, LIVE or EVENT, of a frame of `len` bytes. */
    void (*feed)(void *context, enum message_kind kind, const union message *m, size_t len);
    /* What else is to be said, into `buf` (FRAME_IN_MAX bytes): its length, or 0. */
    int (*more)(void *context, int64_t now, uint8_t *buf);
};

enum {
    LINK_REASON = 700,
    LINK_PONGS_MISSED = 3,
    LINK_AGAIN_MOST = 8,
    LINK_AHEAD = 64,        /* submissions read at a time */
    LINK_WRITE_MS = 20,     /* a verdict waits so long for others, unless it is awaited, */
    LINK_WRITE_MOST = 4096, /* and for so many */
};

struct link {
    struct outboxes *outboxes; /* borrowed; NULL: nothing will be submitted */
    struct outbox_id outbox;
    const char *software; /* "maat-agent 1.2"; borrowed */
    const struct link_events *events;
    void *context;
    struct arena *arena;

    enum link_state state;
    char reason[LINK_REASON]; /* why it is waiting, stopped or given up, for a person */
    int64_t sent;             /* the last n sent on this connection */
    int64_t answered;         /* and the last that has its verdict, written or not */
    int64_t unwritten_at;     /* when the first unwritten verdict was heard */
    struct {
        struct outbox_queued at[LINK_AHEAD]; /* to be sent after `sent` */
        int next, count;
        struct arena *arena;
        bool none;      /* nothing was queued after `sent`, */
        uint64_t as_of; /* when outbox_changes was this */
    } ahead;
    int64_t window, ping_ms;
    int64_t until;  /* waiting: till when, microseconds */
    int64_t spoken; /* when something was last said */
    int64_t heard;  /* and heard */
    int64_t pinged; /* and PING said, or WELCOME heard */
    unsigned again; /* so often the broker wanted something anew, and settled nothing */
    bool hello_due, bye_due;
    bool alone;                    /* it means to be the only one with its key */
    struct link_shared shared;     /* and is not, as was last said */
    struct head_keeper *head;      /* borrowed; NULL: no tree head is kept */
    struct checkpoint shown;       /* with WELCOME */
    bool proof_due;                /* it is to be asked for */
    bool proven;                   /* on this connection the journal was seen to go on from it */
    bool other_journal;            /* stopped: it does not */
    struct link_restored restored; /* what WELCOME said of that */
    struct {
        uint8_t *at;
        size_t len;
    } welcome; /* the frame of WELCOME, where a proof was asked for; owned */
    struct {
        uint8_t *at; /* a QUERY frame to be sent; owned */
        size_t len;
    } query;
    int64_t number; /* newest journal number and epoch that WELCOME told */
    int64_t epoch;
};

void link_init(struct link *l, struct outboxes *outboxes, const struct outbox_id *outbox,
               const char *software, const struct link_events *events, void *context);
void link_end(struct link *l);

/* From now on with a tree head kept; before the first connection. */
void link_keep_head(struct link *l, struct head_keeper *head);

/* From now on it says that it means to be the only one that works by its key, and is told
   of another; before the first connection. */
void link_stand_alone(struct link *l);

/* A person takes the journal as it is now: what is kept is forgotten, and a link that
   was stopped for it may be connected again. 1, 0 where that was not why it stopped,
   or a negative error of the head. */
int link_forget_head(struct link *l);

/* A connection is there, or gone. */
void link_connected(struct link *l, int64_t now);
void link_lost(struct link *l);

/* Another key is used from now on: a link that was stopped for the one before goes on; not
   one that was stopped for a journal that is another. */
void link_rekeyed(struct link *l);

/* The next frame to send into `buf` (FRAME_IN_MAX bytes): its length, 0 where
   there is nothing to say now, or a negative error of the outbox. */
int link_next(struct link *l, int64_t now, uint8_t *buf);

/* Hears a frame. 0; -EPROTO if it can't be read, or wants the same said over and over
   (`reason`; drop the connection); or a negative error of the outbox. */
int link_hear(struct link *l, int64_t wall, int64_t now, const void *frame, size_t len);

/* To be called after these: writes verdicts where it is time, and tells of those that
   were written. 0, or a negative error of the outbox. */
int link_settle(struct link *l, int64_t now);

/* Nothing was heard for so long that the connection should be dropped. */
bool link_silent(const struct link *l, int64_t now);

/* Milliseconds until link_next may have something to say by itself. */
int64_t link_due_ms(const struct link *l, int64_t now);

/* One question at a time: false while one is not sent. Answers come as events. */
bool link_ask(struct link *l, const struct query *q);

/* Goes on with an outbox: says HELLO again, so that the broker knows whose n's come. */
void link_begin(struct link *l, struct outboxes *outboxes, const struct outbox_id *outbox);

/* Lets go of the outboxes, which may then be closed: only asks, until it begins again. */
void link_finish(struct link *l);

/* Says BYE next. */
void link_leave(struct link *l);

#endif
