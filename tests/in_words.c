#include "tests/in_words.h"

#include <stdarg.h>
#include <stdio.h>

#include "tests/t.h"

static int
print_ack(const struct ack *a, char *to, size_t cap)
{
    int64_t last = a->n + a->numbers.count - 1;

    return last == a->n ? snprintf(to, cap, "ACK %" PRId64, a->n)
                        : snprintf(to, cap, "ACK %" PRId64 "-%" PRId64, a->n, last);
}

static int
print_refused(const struct refused *r, char *to, size_t cap)
{
    return snprintf(to, cap, "REFUSED %" PRId64 " %s%s%.*s", r->n,
                    word_text(&fault_codes, (int)r->code), r->field.len ? " " : "",
                    (int)r->field.len, r->field.at);
}

/* --- of a feed --- */

struct words {
    char *to;
    size_t cap, len;
};

static void __attribute__((format(printf, 2, 3))) add(struct words *w, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    w->len += (size_t)vsnprintf(w->to + w->len, w->cap - w->len, format, args);
    va_end(args);
    CHECK(w->len < w->cap);
}

static int
print_plans(const struct seen_plans *p, char *to, size_t cap)
{
    struct words w = {to, cap, 0};

    add(&w, "PLANS %" PRId64 ":", p->id);
    for (uint32_t i = 0; i < p->plans.count; i++)
        add(&w, " %.*s", (int)p->plans.at[i].len, p->plans.at[i].at);
    return (int)w.len;
}

static void
add_rows(struct words *w, struct list plans, struct list actions, struct texts gone)
{
    const struct plan_row *plan = plans.at;
    const struct listed *action = actions.at;

    for (uint32_t i = 0; i < plans.count; i++)
        add(w, " %.*s", (int)plan[i].id.len, plan[i].id.at);
    for (uint32_t i = 0; i < actions.count; i++)
        add(w, " %.*s %s", (int)action[i].id.len, action[i].id.at,
            word_text(&ratings, (int)action[i].rating));
    for (uint32_t i = 0; i < gone.count; i++)
        add(w, " gone %.*s", (int)gone.at[i].len, gone.at[i].at);
}

static int
print_state(const struct current *s, char *to, size_t cap)
{
    struct words w = {to, cap, 0};
    struct list plans = {s->plans.at, s->plans.count};
    struct list actions = {s->actions.at, s->actions.count};

    add(&w, "STATE %" PRId64 ":", s->id);
    add_rows(&w, plans, actions, s->gone);
    return (int)w.len;
}

static int
print_event(const struct event *e, char *to, size_t cap)
{
    struct words w = {to, cap, 0};
    struct list plans = {e->plans.at, e->plans.count};
    struct list actions = {e->actions.at, e->actions.count};
    const struct entry *entry = e->entries.at;

    add(&w, "EVENT %" PRId64 ":", e->id);
    for (uint32_t i = 0; i < e->entries.count; i++)
        add(&w, " %" PRId64 " %s", entry[i].number,
            word_text(&submission_kinds, (int)entry[i].kind));
    add_rows(&w, plans, actions, e->gone);
    add(&w, " upto %" PRId64, e->upto);
    return (int)w.len;
}

int
in_words(enum message_kind kind, const union message *m, char *to, size_t cap)
{
    switch (kind) {
    case SAY_WELCOME: return snprintf(to, cap, "WELCOME %" PRId64, m->welcome.n);
    case SAY_ACK: return print_ack(&m->ack, to, cap);
    case SAY_REFUSED: return print_refused(&m->refused, to, cap);
    case SAY_REWIND: return snprintf(to, cap, "REWIND %" PRId64, m->rewind.n);
    case SAY_RETRY: return snprintf(to, cap, "RETRY %" PRId64, m->retry.n);
    case SAY_RESULT: return snprintf(to, cap, "RESULT %" PRId64, m->result.id);
    case SAY_ERROR:
        return snprintf(to, cap, "ERROR %s", word_text(&wire_errors, (int)m->error.code));
    case SAY_PLANS: return print_plans(&m->seen_plans, to, cap);
    case SAY_STATE: return print_state(&m->current, to, cap);
    case SAY_LIVE: return snprintf(to, cap, "LIVE %" PRId64 ": %" PRId64, m->live.id, m->live.upto);
    case SAY_EVENT: return print_event(&m->event, to, cap);
    case SAY_PONG:
    case SAY_HELLO:
    case SAY_SUBMIT:
    case SAY_SUBSCRIBE:
    case SAY_CREDIT:
    case SAY_UNSUBSCRIBE:
    case SAY_QUERY:
    case SAY_PING:
    case SAY_BYE:
    case MESSAGE_COUNT: break;
    }
    return snprintf(to, cap, "%s", message_words[kind]);
}
