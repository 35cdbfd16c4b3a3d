/* The broker's journal beside what is kept of it, and what a person is told where the
   one does not go on from the other. */
#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/libmaat/link_inside.h"
#include "schema/must.h"

/* --- why it stops ----------------------------------------------------------------- */

void
link_because(struct link *l, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    (void)vsnprintf(l->reason, sizeof l->reason, format, args);
    va_end(args);
}

void
link_stop(struct link *l, const char *format, ...)
{
    va_list args;

    l->state = LINK_STOPPED;
    va_start(args, format);
    (void)vsnprintf(l->reason, sizeof l->reason, format, args);
    va_end(args);
}

void
link_stop_at_journal(struct link *l, const char *format, ...)
{
    char what[LINK_REASON / 2];
    char seen[CHECKPOINT_ORIGIN + CHECKPOINT_ROOT + 80] = "";
    char root[CHECKPOINT_ROOT + 1];
    char forget[80] = "";
    va_list args;

    va_start(args, format);
    (void)vsnprintf(what, sizeof what, format, args);
    va_end(args);
    if (l->head && head_is_kept(l->head)) {
        const struct checkpoint *kept = &l->head->kept;
        checkpoint_print_root(&kept->head.root, root);
        (void)snprintf(seen, sizeof seen, " Seen before: %s, entry %" PRIu64 ", root %s.",
                       kept->origin, kept->head.size, root);
        (void)snprintf(forget, sizeof forget, ", and if so `%s` takes the journal as it is now",
                       l->head->forget);
    }
    l->other_journal = true;
    link_stop(
        l,
        "other-journal: %s.%s Nothing was sent since, and what waits is kept. Ask the board's "
        "operator whether the broker was restored from a backup%s",
        what, seen, forget);
}

void
link_stop_at_shown(struct link *l, const char *why)
{
    char root[CHECKPOINT_ROOT + 1];

    checkpoint_print_root(&l->shown.head.root, root);
    link_stop_at_journal(l, "the broker shows the journal %s, entry %" PRIu64 ", root %s, %s",
                         l->shown.origin, l->shown.head.size, root, why);
}

/* --- what WELCOME shows --------------------------------------------------------------- */

static bool
read_shown(struct link *l, const struct welcome *w)
{
    char origin[CHECKPOINT_ORIGIN + 1];
    struct fault fault;

    checkpoint_origin(w->board, w->epoch, origin);
    if (head_read(l->head, w->head, origin, &l->shown, &fault))
        return true;
    link_stop(l,
              "no-head: what the broker shows of its journal can't be believed: %s. Nothing was "
              "sent. Ask the board's operator, and compare broker/signing-key of the key file with "
              "theirs",
              fault.reason);
    return false;
}

bool
link_needs_proof(struct link *l, const struct welcome *w)
{
    if (!l->head || !read_shown(l, w))
        return false;
    switch (head_compare(l->head, &l->shown)) {
    case HEAD_FIRST:
    case HEAD_SAME: break;
    case HEAD_GREW: return !l->proven;
    case HEAD_SHRANK: link_stop_at_shown(l, "which is less: it was rolled back"); break;
    case HEAD_REWRITTEN:
        link_stop_at_shown(l, "another root for the same entry: it was rewritten");
        break;
    case HEAD_RESTORED:
        if (link_see_restored(l, w))
            return l->restored.seen <= l->restored.last;
        link_stop_at_shown(l, "and no entry that says that it was restored since");
        break;
    case HEAD_OTHER: link_stop_at_shown(l, "which is not the one that was seen"); break;
    }
    return false;
}

void
link_hold_welcome(struct link *l, const void *frame, size_t len)
{
    l->welcome.at = must(malloc(len));
    memcpy(l->welcome.at, frame, len);
    l->welcome.len = len;
    l->state = LINK_PROVING;
    l->proof_due = true;
}

void
link_drop_welcome(struct link *l)
{
    free(l->welcome.at);
    l->welcome.at = NULL;
}

bool
link_is_proof(const struct link *l, const struct result *r)
{
    struct tree_proof proof;

    return r->has.proof && tree_proof_read(&proof, r->proof.at, r->proof.len)
           && tree_verify_consistency(&l->head->kept.head, &l->shown.head, &proof);
}

/* Later heads of the connection are not proven, and not kept. */
int
link_keep_shown(struct link *l, struct text note)
{
    int rc = 0;

    if (!l->head || l->proven)
        return 0;
    if (head_compare(l->head, &l->shown) != HEAD_SAME)
        rc = head_keep(l->head, &l->shown, note);
    l->proven = rc == 0;
    return rc;
}

/* --- a person's word --------------------------------------------------------------------- */

void
link_keep_head(struct link *l, struct head_keeper *head)
{
    l->head = head;
}

int
link_forget_head(struct link *l)
{
    if (l->state != LINK_STOPPED || !l->other_journal)
        return 0;
    int rc = l->head ? head_forget(l->head) : 0;
    if (rc < 0)
        return rc;
    l->other_journal = false;
    l->state = LINK_DOWN;
    return 1;
}
