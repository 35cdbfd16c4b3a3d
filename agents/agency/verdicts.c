#include "agents/agency/verdicts.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/agency/events.h"
#include "agents/agency/refusals.h"

#define SPOOL "spool "

enum { NOTE = 64, NAME = 300 };

void
verdicts_source(const char *file, int64_t line, char source[VERDICTS_SOURCE])
{
    (void)snprintf(source, VERDICTS_SOURCE, SPOOL "%s:%" PRId64, file, line);
}

/* The reverse; false for what did not come from the spool. */
static bool
read_source(const char *source, char file[NAME], int64_t *line)
{
    const char *from = source + strlen(SPOOL);
    const char *end = source + strlen(source);
    const char *colon = end;

    if (strncmp(source, SPOOL, strlen(SPOOL)) != 0)
        return false;
    while (colon > from && colon[-1] != ':')
        colon--;
    if (colon <= from + 1 || colon - from > NAME)
        return false;
    (void)snprintf(file, NAME, "%.*s", (int)(colon - 1 - from), from);
    *line = 0;
    for (; colon < end; colon++)
        *line = *line * 10 + (*colon - '0');
    return true;
}

static void
name_note(const struct verdicts *v, char note[NOTE])
{
    size_t len = (size_t)snprintf(note, NOTE, "said ");
    for (size_t i = 0; i < OUTBOX_SIZE; i++)
        len += (size_t)snprintf(note + len, NOTE - len, "%02x", v->outbox.at[i]);
}

/* --- saying -------------------------------------------------------------------------- */

/* `again`: it may have been said before. */
static int
say(struct verdicts *v, const struct maat_kept *kept, bool again)
{
    char file[NAME];
    int64_t line;
    int rc = 0;

    if (kept->state == MAAT_NOT_ACCEPTED && !kept->seen)
        rc = refusals_write(v->refused, v->arena, &v->outbox, kept);
    if (rc == 0 && v->results && read_source(kept->source, file, &line)
        && !(again && results_hold_n(v->results, file, kept->n)))
        rc = results_settle(v->results, file, line, kept);
    return rc;
}

/* Once, however often it is tried; and when all is said. */
static void
tell_behind(struct verdicts *v, int rc)
{
    struct log_line line = agent_event(rc ? AGENT_VERDICTS_NOT_WRITTEN : AGENT_VERDICTS_WRITTEN);

    v->behind = rc != 0;
    if (v->told == v->behind)
        return;
    v->told = v->behind;
    if (rc)
        log_word(&line, "reason", strerror(-rc));
    log_write(&line);
}

void
verdicts_say(struct verdicts *v, const struct maat_kept *verdict)
{
    const int64_t n = verdict->n;
    struct maat_kept kept;
    int rc = 0;

    v->last = n;
    if (v->behind || (verdict->state == MAAT_ACCEPTED && n > v->from_spool))
        return;
    arena_reset(v->arena);
    if (maat_outbox_get(v->outboxes, &v->outbox, n, &kept) == 1)
        rc = say(v, &kept, false);
    if (rc)
        tell_behind(v, rc);
}

static bool
is_verdict(const struct maat_kept *kept)
{
    return kept->state == MAAT_ACCEPTED || kept->state == MAAT_NOT_ACCEPTED;
}

/* All that is settled after what was noted, and may have been said or not. */
static int
catch_up(struct verdicts *v)
{
    struct maat_counts counts;
    struct maat_kept kept;
    int rc = maat_outbox_count(v->outboxes, &v->outbox, &counts);

    if (rc)
        return rc;
    v->behind = false;
    int64_t n = v->said >= counts.kept_from ? v->said + 1 : counts.kept_from;
    for (; n <= counts.last && !v->behind; n++) {
        arena_reset(v->arena);
        if ((rc = maat_outbox_get(v->outboxes, &v->outbox, n, &kept)) < 0)
            return rc;
        if (rc && is_verdict(&kept) && (rc = say(v, &kept, true)))
            tell_behind(v, rc);
    }
    if (!v->behind)
        tell_behind(v, 0);
    v->last = counts.first_queued - 1;
    return 0;
}

/* --- how far -------------------------------------------------------------------------- */

int
verdicts_note(struct verdicts *v)
{
    char name[NOTE];
    int64_t first;
    int rc = v->behind ? catch_up(v) : 0;

    if (rc || v->behind)
        return rc;
    if (v->last <= v->said || (v->results && results_sync(v->results)))
        return 0;
    name_note(v, name);
    const struct maat_note note = {name, v->last};
    rc = maat_outbox_queue(v->outboxes, &v->outbox, NULL, 0, &note, 1, &first);
    if (rc == 0)
        v->said = note.place;
    return maat_error_is_full(rc) ? 0 : rc;
}

void
verdicts_expect(struct verdicts *v)
{
    struct maat_counts counts;

    if (v->results)
        v->from_spool =
            maat_outbox_count(v->outboxes, &v->outbox, &counts) ? INT64_MAX : counts.last;
}

void
verdicts_use(struct verdicts *v, const struct maat_outbox_id *outbox)
{
    v->outbox = *outbox;
    v->said = v->last = 0;
    verdicts_expect(v);
}

int
verdicts_open(struct verdicts *v, struct maat_outbox *outboxes, const struct maat_outbox_id *outbox,
              struct results *results, const char *refused)
{
    char name[NOTE];

    *v = (struct verdicts){.outboxes = outboxes, .results = results, .refused = refused};
    v->arena = arena_new();
    verdicts_use(v, outbox);
    name_note(v, name);
    int rc = maat_outbox_noted(outboxes, name, &v->said);
    return rc ? rc : catch_up(v);
}

void
verdicts_close(struct verdicts *v)
{
    if (v->arena)
        arena_destroy(&v->arena);
}
