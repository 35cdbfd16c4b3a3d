#include "broker/hello.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "broker/access.h"
#include "broker/backup/restored.h"
#include "broker/events.h"
#include "broker/restores.h"
#include "broker/twins.h"
#include "version.h"

static int
say_error(struct service *v, struct session *s, enum wire_error code, const char *reason)
{
    struct error e = {.code = code, .reason = text_of(reason)};
    struct log_line line = broker_event(BROKER_HELLO_REFUSED);

    log_text(&line, "client", s->author.client);
    log_word(&line, "code", word_text(&wire_errors, (int)code));
    log_word(&line, "reason", reason);
    log_write(&line);
    e.has.code = e.has.reason = 1;
    outgoing_say(v->out, s, v->ledger->number, SAY_ERROR, &e);
    return 0;
}

static int
get_board(struct ledger *l, struct board_row *out)
{
    int rc = state_get_board(l->state, l->arena, out);
    return rc == 1 ? 0 : rc < 0 ? rc : -EBADMSG;
}

/* It may have seen the same backup restored before, of which this broker knows nothing; not
   more often than can be. */
static void
add_epoch(struct service *v, const struct hello *hello, char *reason, size_t room)
{
    struct board_row board;

    if (get_board(v->ledger, &board) == 0 && hello->has.epoch && hello->epoch >= board.epoch
        && hello->epoch > 0 && hello->epoch - board.epoch < RESTORED_MOST)
        (void)snprintf(
            reason, room,
            ". If its backup was restored before: do that again with the file `restored` of the "
            "copy that was taken then, or --epoch %" PRId64,
            hello->epoch + 1);
}

/* A client that knows another journal: what this one is, for the person who compares. */
static int
say_other_journal(struct service *v, struct session *s, const struct hello *hello)
{
    char root[CHECKPOINT_ROOT + 1];
    char reason[300];
    struct tree_head head;

    journal_head(v->ledger->journal, &head);
    checkpoint_print_root(&head.root, root);
    int len =
        snprintf(reason, sizeof reason,
                 "the tree head that was seen last, of entry %" PRId64
                 ", does not belong to this journal, which ends with entry %" PRIu64 ", root %s",
                 hello->number, head.size, root);
    add_epoch(v, hello, reason + len, sizeof reason - (size_t)len);
    return say_error(v, s, ERROR_OTHER_JOURNAL, reason);
}

/* The outbox's last n, and whether it may be this client's: 1, 0 or negative. */
static int
last_n(struct service *v, const struct session *s, const struct hello *hello, int64_t *n)
{
    struct chain chain;

    *n = 0;
    if (!hello->has.outbox)
        return 1;
    struct state_key key = state_key_of_outbox(hello->outbox);
    int rc = state_get_chain(v->ledger->state, v->ledger->arena, &key, &chain);
    if (rc < 0)
        return rc;
    *n = chain.n;
    return !chain.client.len || text_equal(chain.client, s->author.client);
}

static void
log_opened(const struct session *s)
{
    struct log_line line = broker_event(BROKER_SESSION_OPENED);

    log_text(&line, "client", s->author.client);
    log_word(&line, "role", word_text(&roles, (int)s->author.role));
    log_write(&line);
}

/* It has seen the journal as it was before a restore: then it compares itself what it is
   shown, and there is more to show. */
static bool
comes_from_before(const struct hello *hello, const struct board_row *board)
{
    return hello->has.epoch && hello->epoch < board->epoch;
}

/* Where another works by its key too, WELCOME says so. */
static int
look_for_twin(struct service *v, struct session *s, const struct hello *hello, int64_t host,
              struct welcome *w)
{
    char origin[HUB_ORIGIN + 1] = "";

    if (v->frame)
        hub_origin(v->frame, origin);
    int rc = twins_greet(v->ledger, v->limits, s, hello->has.alone && hello->alone, origin, host);
    w->has.shared = rc == 1;
    if (rc == 1)
        w->shared = twins_sharer(&s->twin);
    return rc < 0 ? rc : 0;
}

static int
welcome(struct service *v, struct session *s, const struct hello *hello, int64_t n,
        struct moment now)
{
    struct ledger *l = v->ledger;
    struct board_row board;
    struct text head;
    int rc = get_board(l, &board);

    if (!rc)
        rc = heads_sign(&v->heads, l->journal, board.name, board.epoch, &head);
    if (rc)
        return rc;
    struct welcome w = {.version = PROTOCOL_VERSION,
                        .software = text_of("maat-broker " VERSION),
                        .board = board.name,
                        .title = board.title,
                        .client = s->author.client,
                        .role = s->author.role,
                        .n = n,
                        .number = (int64_t)v->heads.newest.head.size,
                        .epoch = board.epoch,
                        .head = head,
                        .today = ledger_day(l, now.host),
                        .window = v->options->window,
                        .body_max = BODY_MAX,
                        .ping_ms = v->options->ping_ms,
                        .mailboxes = v->options->mailboxes,
                        .clock = now.host};
    w.has.version = w.has.software = w.has.board = w.has.title = w.has.client = w.has.role = 1;
    w.has.n = w.has.number = w.has.epoch = w.has.head = w.has.today = w.has.window = 1;
    w.has.body_max = w.has.ping_ms = w.has.mailboxes = w.has.clock = 1;
    if (comes_from_before(hello, &board)
        && (rc = restores_show(l, &board, hello->epoch, &v->heads.newest.head, &w)))
        return rc;
    if ((rc = look_for_twin(v, s, hello, now.host, &w)))
        return rc;
    log_opened(s);
    outgoing_say(v->out, s, l->number, SAY_WELCOME, &w);
    return 0;
}

/* Where no entry may be made, the next key is used a later time. */
static int
use_next_key(struct service *v, const struct session *s, struct moment now)
{
    bool closed = v->intake.closed != OPEN_TO_ALL || !clock_read(&v->ledger->clock, now.host);
    return closed ? 0 : access_use_next_key(v->ledger, v->out, s, now.host);
}

/* Does the head that it has seen belong to this journal? 1, 0 or negative. */
static int
fits(struct service *v, const struct hello *hello)
{
    struct board_row board;
    int rc = get_board(v->ledger, &board);

    if (rc)
        return rc;
    if (!hello->has.number || !hello->has.root || comes_from_before(hello, &board))
        return 1;
    return heads_fit(v->ledger->journal, hello->number, hello->root);
}

int
hello_take(struct service *v, struct session *s, const struct hello *hello, struct moment now)
{
    const struct bytes none = {0};
    int64_t n;
    int rc;

    s->open = false;
    if (hello->oldest > PROTOCOL_VERSION || hello->newest < PROTOCOL_VERSION)
        return say_error(v, s, ERROR_VERSION, "this broker speaks version 1 of the protocol");
    if ((rc = fits(v, hello)) < 0)
        return rc;
    if (rc == 0)
        return say_other_journal(v, s, hello);
    if ((rc = use_next_key(v, s, now)) < 0)
        return rc;
    if ((rc = last_n(v, s, hello, &n)) < 0)
        return rc;
    if (rc == 0)
        return say_error(v, s, ERROR_FORKED, "this outbox is another client's");
    session_begin(s, hello->has.outbox ? hello->outbox : none, v->ledger->number);
    return welcome(v, s, hello, n, now);
}
