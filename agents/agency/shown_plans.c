#include "agents/agency/shown_plans.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/agency/events.h"
#include "agents/files/whole_file.h"
#include "schema/codec.h"
#include "schema/messages.h"
#include "schema/must.h"
#include "schema/wire/host_clock.h"

enum { ASK_AGAIN = 30 * 1000000, LINE = ID_MAX + 2 };

/* --- the file -------------------------------------------------------------------------- */

void
shown_plans_load(struct shown_plans *p, const char *dir)
{
    char line[LINE + 1];

    *p = (struct shown_plans){0};
    plan_list_init(&p->list);
    (void)snprintf(p->path, sizeof p->path, "%s/plans", dir);
    FILE *in = fopen(p->path, "re");
    if (!in)
        return;
    while (fgets(line, sizeof line, in))
        plan_list_add(&p->list, line, strcspn(line, "\n"));
    (void)fclose(in);
    (void)plan_list_take(&p->list);
}

void
shown_plans_end(struct shown_plans *p)
{
    plan_list_end(&p->list);
}

static void
keep(const struct shown_plans *p)
{
    const struct plan_ids *shown = &p->list.shown;
    char *text = must(malloc((size_t)shown->count * LINE + 1));
    struct log_line line = agent_event(AGENT_PLANS_NOT_KEPT);
    size_t len = 0;

    for (uint32_t i = 0; i < shown->count; i++)
        len += (size_t)sprintf(text + len, "%.*s\n", (int)shown->at[i].len, shown->at[i].at);
    int rc = whole_file_write(p->path, 0640, text, len);
    free(text);
    if (rc == 0)
        return;
    log_word(&line, "file", p->path);
    log_word(&line, "reason", strerror(-rc));
    log_write(&line);
}

/* --- asking ------------------------------------------------------------------------------ */

static bool
on_page(void *context, const struct maat_record *page)
{
    struct shown_plans *p = context;
    struct arena *arena = arena_new();
    struct result result;
    struct fault fault;

    if (!record_decode(arena, &result_record, &result, page->map, page->len, &fault))
        abort(); /* the library has read it by the same table */
    for (uint32_t i = 0; i < result.plans.count; i++)
        plan_list_add(&p->list, result.plans.at[i].plan.id.at, result.plans.at[i].plan.id.len);
    arena_destroy(&arena);
    return true;
}

static void
on_answered(void *context, enum maat_outcome outcome, const struct maat_fault *why)
{
    struct shown_plans *p = context;

    (void)why;
    p->asking = false;
    if (outcome == MAAT_DONE && plan_list_take(&p->list))
        keep(p);
}

void
shown_plans_ask(struct shown_plans *p, struct maat *broker)
{
    static const char query[] = "{\"what\":\"plans\"}";
    int64_t now = clock_microseconds(CLOCK_MONOTONIC);
    struct maat_fault why;

    if (p->asking || now < p->ask_at)
        return;
    plan_list_begin(&p->list);
    p->ask_at = now + ASK_AGAIN;
    p->asking = maat_ask(broker, query, strlen(query), on_page, on_answered, p, &why) == MAAT_DONE;
}

void
shown_plans_list(const struct shown_plans *p, struct text after, struct answer *out)
{
    uint32_t left = plan_list_after(&p->list, after, &out->plans.at);

    out->has.plans = p->list.known;
    out->has.more = 1;
    out->plans.count = left < LOCAL_PLANS_MAX ? left : LOCAL_PLANS_MAX;
    out->more = left > LOCAL_PLANS_MAX;
}
