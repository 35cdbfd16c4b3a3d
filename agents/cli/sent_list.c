/* Runs are kept for 30 days, each in an outbox of its own, those of all keys in one folder:
   which are of this key says the name of each. */
#include "agents/cli/sent_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/cli/sending/run_name.h"
#include "agents/cli/sending/seen.h"
#include "agents/cli/talk.h"
#include "schema/codec.h"
#include "schema/must.h"
#include "schema/submission_line.h"

SENT_OPTIONS(RECORD_TABLE)

struct line {
    int64_t number;
    struct text json;
};

struct listing_sent {
    struct talk *talk;
    struct maat_outbox *outboxes;
    int64_t after;
    struct line *lines;
    size_t count, cap;
};

static void
keep(struct listing_sent *l, int64_t number, struct text json)
{
    if (l->count == l->cap) {
        l->cap = l->cap ? 2 * l->cap : 64;
        l->lines = must(realloc(l->lines, l->cap * sizeof *l->lines));
    }
    l->lines[l->count++] = (struct line){number, json};
}

/* One submission: into the name of its run, and into the list if it was accepted. */
static bool
take(struct listing_sent *l, struct run_name *name, const struct maat_kept *kept)
{
    int kind = word_find(&submission_kinds, kept->kind, strlen(kept->kind));
    struct arena *arena = l->talk->arena;
    uint8_t same[DIGEST_SIZE];
    struct fault fault;
    union body body;

    if (kind < 0
        || !record_decode(arena, body_records[kind], &body,
                          arena_copy(arena, kept->body, kept->body_len), kept->body_len, &fault))
        return false;
    run_name_same((enum submission_kind)kind, &body, same);
    run_name_add(name, (enum submission_kind)kind, same);
    seen_drop((enum submission_kind)kind, &body);
    if (kept->state == MAAT_ACCEPTED && kept->number > l->after)
        keep(l, kept->number, submission_to_json(arena, (enum submission_kind)kind, &body));
    return true;
}

/* What is not of this key, or not whole any more, leaves nothing. */
static int
take_run(struct listing_sent *l, const struct maat_outbox_id *id)
{
    const size_t before = l->count;
    char source[RUN_NAME] = "";
    char text[RUN_NAME];
    struct run_name name;
    struct maat_kept kept;
    bool whole = true;
    int rc;

    run_name_begin(&name, maat_key_public(l->talk->key));
    for (int64_t n = 1; (rc = maat_outbox_get(l->outboxes, id, n, &kept)) == 1 && whole; n++) {
        if (n == 1)
            (void)snprintf(source, sizeof source, "%s", kept.source);
        whole = take(l, &name, &kept);
    }
    run_name_print(&name, text);
    if (!whole || strcmp(source, text) != 0)
        l->count = before;
    return rc < 0 ? rc : 0;
}

static int
take_all(struct listing_sent *l)
{
    struct maat_outbox_id id = {{0}};
    int rc;

    while ((rc = maat_outbox_each(l->outboxes, &id)) == 1)
        if ((rc = take_run(l, &id)))
            break;
    return rc;
}

static int
by_number(const void *a, const void *b)
{
    const struct line *x = a;
    const struct line *y = b;
    return (x->number > y->number) - (x->number < y->number);
}

static int
print_all(struct listing_sent *l)
{
    int rc = take_all(l);

    if (rc)
        return talk_complain(EXIT_MACHINE, "the outbox can't be read: %s", maat_error_text(rc));
    if (l->count)
        qsort(l->lines, l->count, sizeof *l->lines, by_number);
    for (size_t i = 0; i < l->count; i++)
        printf("%.*s\n", (int)l->lines[i].json.len, l->lines[i].json.at);
    return EXIT_DONE;
}

static int
list(struct talk *t, int64_t after)
{
    struct listing_sent l = {.talk = t, .after = after};
    char folder[CONFIG_PATH];
    struct maat_fault why;
    struct fault fault;

    if (!t->key)
        return talk_complain(EXIT_USAGE, "this needs a key of your own: an agent sends again by "
                                         "itself what a restored board lacks");
    if (!config_state_folder(folder, &fault))
        return talk_complain(EXIT_MACHINE, "%s", fault.reason);
    if (maat_outbox_open(&l.outboxes, folder, 0, false, &why))
        return talk_complain(EXIT_MACHINE, "%s", why.reason);
    int rc = print_all(&l);
    maat_outbox_close(&l.outboxes);
    free(l.lines);
    return rc;
}

int
sent_list(const struct invocation *in, struct arena *arena)
{
    struct sent_option o;
    struct talk t;
    int rc = talk_options(in, arena, &o);

    if (rc != EXIT_DONE)
        return rc;
    if ((rc = talk_open(&t, in, arena)) == EXIT_DONE)
        rc = list(&t, o.after);
    talk_close(&t);
    return rc;
}
