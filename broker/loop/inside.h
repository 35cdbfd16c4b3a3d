/* The loop's own: what it remembers from one turn to the next, how what was judged is
   written, and how it goes on after a failure. For the files of loop alone.      */
#ifndef BROKER_LOOP_INSIDE_H
#define BROKER_LOOP_INSIDE_H

#include "broker/loop/held.h"
#include "broker/loop/journal_actor.h"
#include "broker/loop/loop.h"
#include "broker/newday.h"
#include "broker/queries/past_queue.h"
#include "broker/watched/vitals.h"
#include "broker/worker.h"
#include "schema/wire/supervisor.h"

#define LOOP_MS INT64_C(1000)
#define LOOP_SECOND (1000 * LOOP_MS)

struct loop {
    const struct loop_parts *with;
    struct ledger *ledger;
    struct service service;
    struct outgoing out;
    struct held held;
    struct journal_actor *actor;
    struct past_queue *pasts;
    struct newday newday;
    bool rating;  /* a day, and there is more to do */
    bool syncing; /* the actor has a batch */
    struct moment now;
    int64_t next_check; /* of what is looked at each second */
    size_t free_least;  /* of memory, since some was given back */
    unsigned checks;
    int64_t stop_by; /* 0: not stopping */
    int sending;     /* the hub's error, or 0 */
    struct supervisor supervisor;

    /* The journal takes batches of this generation; failures in a row. */
    bool accepting;
    uint64_t generation;
    unsigned failures;
    int64_t opened;    /* when intake was tried again */
    enum closing told; /* of intake, by the log */
    bool hangs;        /* the journal does, as was told */

    /* Folds since the state was frozen: when the first and the last were made. What is
       frozen the writer has in hand; or it could not be written, and is again then. */
    int64_t folded;
    int64_t first_fold, last_fold;
    struct worker *writer;
    bool writing;
    int64_t write_again; /* 0: it could */

    struct vitals vitals; /* what of them is counted */
    int64_t handed;       /* when the journal was given its batch */
    bool asked;           /* somebody wants to see them */

    /* Of those whose key is unknown: how many before the start, which were no clients, how
       many when they were told of last, and when they may be again. */
    int64_t strangers_before, strangers;
    int64_t strangers_at;
};

/* Has a frame answered, and keeps it until the answer has left. 0, or a negative
   error of the ledger; then it is kept too. */
int loop_handle(struct loop *l, struct hub_frame *frame);

/* May frames be read? While answers wait for too much, none may. */
bool loop_may_read(const struct loop *l);

/* Has frames answered that have come, as long as the journal syncs. 0, or a negative error of
   the ledger; what was received is kept then. */
int loop_drain(struct loop *l);

/* Who may come in, as the ledger has it now. 0 or a negative error. */
int loop_swap_keys(struct loop *l);

/* Gives the journal the next batch, if it has none in hand: did it? */
bool loop_hand_over(struct loop *l);

/* Takes the journal's word of its batch, if that has come; or waits for it. 0, or what
   it failed with. */
int loop_take_report(struct loop *l);
int loop_finish_sync(struct loop *l);

/* Freezes the state when that is due, has it written once the journal is durable up to
   there, and takes the writer's word; or waits for that. 0, or a negative error of the
   machine that ends the loop. */
int loop_mind_state(struct loop *l);
int loop_finish_writing(struct loop *l);

/* When there is something to do for it, on the steady clock; INT64_MAX: never, as it is. */
int64_t loop_state_due(const struct loop *l);

/* So much was changed while the writer is at it that no more may be. */
bool loop_is_behind(const struct loop *l);

/* All is written that will be. */
bool loop_has_kept(const struct loop *l);

/* Is this an error that going back helps against? */
bool loop_may_recover(int error);

/* Goes back to what is durable, opens intake again if that can be, and has all
   frames handled again whose answers have not left. 0, or a negative error that
   ends the loop. */
int loop_recover(struct loop *l, int cause);

/* The state could not be written: nothing is lost, but intake is closed until it is. Said
   once, however often that is tried. */
void loop_close_for_state(struct loop *l, int cause);

/* That it is alive, and how it stands: once a second. */
void loop_tell_supervisor(struct loop *l);
/* Says it when keys that nobody has were tried. */
void loop_tell_strangers(struct loop *l);

/* Brings its vitals up to now; and shows them to whoever asks. */
void loop_look(struct loop *l);
void loop_show(struct loop *l);

/* As intake would find it now, for what an agency sends. */
enum closing loop_closing(const struct loop *l);

/* Closes intake to all, and says so; or opens it, where what closed it is over. */
void loop_close(struct loop *l, enum closing why);
void loop_try_to_open(struct loop *l);

/* Says it where intake is no longer as was said last. */
void loop_tell_intake(struct loop *l);

/* Once a second: closes intake while there is too little room, opens it where what closed it
   is over, and says how it is. */
void loop_mind_room(struct loop *l);

/* And says it where the journal does not get on with its batch. */
void loop_mind_journal(struct loop *l);

#endif
