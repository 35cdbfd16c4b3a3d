#include "agents/cli/board.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "agents/cli/sending/sending.h"
#include "schema/days.h"

BOARD_ACT_OPTIONS(RECORD_TABLE)

static int
send_board(const struct invocation *in, struct arena *arena, struct board *b, const char *label)
{
    struct talk t;
    int rc = talk_begin(&t, in, arena);

    if (rc != EXIT_DONE)
        return rc;
    const union body body = {.board = *b};
    rc = sending_one(&t, KIND_BOARD, &body, label);
    talk_close(&t);
    return rc;
}

/* The day is typed by a person who has looked at a calendar: the broker's own is what
   is in doubt. */
int
board_confirm_clock(const struct invocation *in, struct arena *arena)
{
    struct board b = {.what = BOARD_CONFIRM_CLOCK};
    struct text day = text_of(in->words.at[0]);
    struct board_act_option o;
    int rc = talk_options(in, arena, &o);

    if (rc != EXIT_DONE)
        return rc;
    if (!day_parse(day.at, day.len, &b.day))
        return talk_complain(EXIT_USAGE, "%s is no day: today's, as in 2016-04-20", day.at);
    b.has.what = b.has.day = 1;
    KEEP(&b, &o, reason);
    return send_board(in, arena, &b, "confirm-clock");
}

int
board_open_intake(const struct invocation *in, struct arena *arena)
{
    struct board b = {.what = BOARD_OPEN};
    struct board_act_option o;
    int rc = talk_options(in, arena, &o);

    if (rc != EXIT_DONE)
        return rc;
    b.has.what = 1;
    KEEP(&b, &o, reason);
    return send_board(in, arena, &b, "open");
}

/* --- what is kept here of the board's journal ------------------------------------------ */

static int
forget(struct talk *t)
{
    struct maat_head kept;

    if (!maat_head(t->broker, &kept))
        return talk_complain(EXIT_REFUSED, "nothing of this board's journal was kept here");
    int rc = maat_forget_head(t->broker, true);
    if (rc < 0)
        return talk_complain(EXIT_MACHINE, "what was kept can't be put aside: %s", strerror(-rc));
    printf("forgotten: %s, entry %" PRId64 ", root %s. The journal is taken as it is now\n",
           kept.journal, kept.number, kept.printed);
    return EXIT_DONE;
}

/* Speaks with nobody: the next command takes what the broker shows it. */
int
board_forget_head(const struct invocation *in, struct arena *arena)
{
    struct talk t;
    int rc = talk_open(&t, in, arena);

    if (rc == EXIT_DONE && !t.key)
        rc = talk_complain(EXIT_USAGE, "this is kept of a board whose key file is named; of the "
                                       "agent's, `maat-agent forget-head` is meant");
    if (rc == EXIT_DONE)
        rc = talk_open_broker(&t);
    if (rc == EXIT_DONE)
        rc = forget(&t);
    talk_close(&t);
    return rc;
}

/* --- a gap ------------------------------------------------------------------------------ */

static int
digit_of(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool
read_outbox(struct text hex, uint8_t out[OUTBOX_SIZE])
{
    for (size_t i = 0; i < OUTBOX_SIZE; i++) {
        int high = digit_of(hex.at[2 * i]);
        int low = digit_of(hex.at[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        out[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

int
board_accept_gap(const struct invocation *in, struct arena *arena)
{
    struct board b = {.what = BOARD_ACCEPT_GAP, .client = text_of(in->words.at[0])};
    struct board_gap_option o;
    uint8_t outbox[OUTBOX_SIZE];
    int rc = talk_options(in, arena, &o);

    if (rc != EXIT_DONE)
        return rc;
    if (!read_outbox(o.outbox, outbox))
        return talk_complain(EXIT_USAGE, "--outbox: must be 32 hexadecimal digits, in lower case");
    b.outbox = (struct bytes){outbox, OUTBOX_SIZE};
    b.has.what = b.has.client = b.has.outbox = 1;
    KEEP(&b, &o, from);
    KEEP(&b, &o, to);
    KEEP(&b, &o, reason);
    return send_board(in, arena, &b, in->words.at[0]);
}
