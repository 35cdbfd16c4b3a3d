#include "agents/cli/printed/progress.h"

#include <string.h>

#include "agents/cli/printed/period.h"

/* What may stand before a statement and is part of it: "This action has been
   completed". */
/* clang-format off */
static const char *const openings[] = {
    "action", "actions", "recommendation", "task", "tasks", "work", "this", "these", "all", "status", "rag",
    "is", "are", "was", "were", "has been", "have been", "now", "fully", NULL};
static const char *const colours[] = {"blue", "green", "amber", "red", NULL};

static const char *const complete[] = {
    "complete", "completed", "done", "achieved", "finished", "implemented", "actioned", "delivered", NULL};
static const char *const complete_too[] = {
    "and embedded", "and closed", "and signed off", "and evidenced", "and implemented", NULL};
static const char *const on_a_day[] = {"in", "on", "during", "since", "as at", "as of", NULL};

static const char *const under_way[] = {
    "in progress", "ongoing", "on going", "underway", "under way", "started", "commenced", "begun", "progressing",
    "continuing", "partially complete", "partially completed", "partly complete", "partly completed", NULL};
static const char *const not_started[] = {
    "not started", "not yet started", "not begun", "not yet begun", "not commenced", "not yet commenced",
    "yet to start", "yet to begin", "yet to commence", "to be started", "no progress", NULL};

/* Any of these, anywhere: not clearly complete. */
static const char *const doubts[] = {
    "not", "never", "incomplete", "yet", "partially", "partly", "part", "nearly", "almost", "mostly", "largely", "near",
    "nearing", "some", "most", "to be", "to do", "will", "should", "due", "until", "till", "by", "awaiting", "awaited",
    "pending", "once", "when", "if", "unless", "except", "but", "however", "subject to", "remain", "remains",
    "remaining", "outstanding", "expected", "expect", "planned", "plan to", "aim", "hope", "ongoing", "on going",
    "continue", "continues", "continuing", "in progress", "progressing", "started", "underway", "under way", "draft",
    "phase", "stage", "further", "need", "needs", "overdue", "delay", "delayed", "slipped", "revised", "cancelled",
    "tbc", "amber", "red", "unclear", "unknown", "unable", "cannot", NULL};
static const char *const no_doubts[] = {"no further", "not applicable", NULL};
/* clang-format on */

static bool
is_doubtful(const struct phrase *p)
{
    for (size_t i = 0; i < p->count; i++) {
        i += phrase_match_any(p, i, no_doubts);
        if (phrase_match_any(p, i, doubts) || token_is_mark(phrase_token(p, i), '?'))
            return true;
    }
    return p->cut;
}

static bool
is_mark(const struct token *t)
{
    return t->kind == TOKEN_MARK && t->mark != '/' && t->mark != '%';
}

static size_t
skip_marks(const struct phrase *p, size_t at)
{
    while (is_mark(phrase_token(p, at)))
        at++;
    return at;
}

/* A statement ends with the cell or a mark, not within a sentence: "Complete
   the training". */
static bool
ends(const struct phrase *p, size_t at)
{
    return at == p->count || is_mark(phrase_token(p, at));
}

/* Past what may stand before; `blue` if that colour and no other did. */
static size_t
skip_opening(const struct phrase *p, size_t at, bool *blue)
{
    size_t n;
    int count = 0;

    *blue = false;
    while ((n = phrase_match_any(p, at, openings)) > 0
           || (n = phrase_match_any(p, at, colours)) > 0) {
        const struct token *t = phrase_token(p, at);
        if (phrase_match_any(p, at, colours)) {
            *blue = token_is_word(t, "blue") && count == 0;
            count++;
        }
        at = skip_marks(p, at + n);
    }
    return at;
}

/* A date that stands there and ends; how many tokens it takes. Of one that is
   usual rather than certain no day is kept. */
static size_t
take_date(struct printed_progress *out, const struct phrase *p, size_t at)
{
    struct period period;

    period_read(&period, p, at);
    if (period.kind == PERIOD_NONE || !ends(p, at + period.tokens))
        return 0;
    out->dated = period.kind == PERIOD_DAY && !period.assumed;
    out->day = out->dated ? period.last : 0;
    return period.tokens;
}

/* The same after "Completed": with what leads up to it, in the same sentence. */
static size_t
take_date_after(struct printed_progress *out, const struct phrase *p, size_t at)
{
    static const char marks[] = ":-(,[";
    const struct token *t = phrase_token(p, at);
    size_t from = at;

    from += is_mark(t) && t->mark < 128 && memchr(marks, t->mark, sizeof marks - 1);
    from += phrase_match_any(p, from, on_a_day);
    size_t taken = take_date(out, p, from);
    return taken ? from + taken - at : 0;
}

/* "90%", "100% complete" */
static enum progress_kind
read_percent(const struct phrase *p, size_t at)
{
    int percent = token_number(phrase_token(p, at), 1, 3);

    if (percent < 0 || percent > 100 || !token_is_mark(phrase_token(p, at + 1), '%'))
        return PROGRESS_UNKNOWN;
    at += 2;
    if (!ends(p, at + phrase_match_any(p, at, complete)))
        return PROGRESS_UNKNOWN;
    return percent == 100 ? PROGRESS_COMPLETE
           : percent > 0  ? PROGRESS_UNDER_WAY
                          : PROGRESS_NOT_STARTED;
}

static enum progress_kind
read_statement(struct printed_progress *out, const struct phrase *p, size_t at)
{
    bool blue;
    size_t n;

    at += take_date(out, p, at); /* "March 2015: completed" */
    at = skip_opening(p, skip_marks(p, at), &blue);
    if (blue && at == p->count)
        return PROGRESS_COMPLETE;
    if ((n = phrase_match_any(p, at, not_started)) > 0 && ends(p, at + n))
        return PROGRESS_NOT_STARTED;
    if ((n = phrase_match_any(p, at, under_way)) > 0 && ends(p, at + n))
        return PROGRESS_UNDER_WAY;
    if ((n = phrase_match_any(p, at, complete)) == 0)
        return read_percent(p, at);
    at += n;
    at += phrase_match_any(p, at, complete_too);
    if (!out->dated)
        at += take_date_after(out, p, at);
    return ends(p, at) ? PROGRESS_COMPLETE : PROGRESS_UNKNOWN;
}

void
printed_progress_read(struct printed_progress *out, const char *cell)
{
    struct phrase p;

    *out = (struct printed_progress){.kind = PROGRESS_UNKNOWN};
    phrase_read(&p, cell);
    out->kind = read_statement(out, &p, skip_marks(&p, 0));
    if (out->kind == PROGRESS_COMPLETE && is_doubtful(&p))
        out->kind = PROGRESS_UNKNOWN;
    if (out->kind != PROGRESS_COMPLETE)
        out->dated = false;
}
