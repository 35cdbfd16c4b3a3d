#include "agents/agency/requests.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/agency/events.h"
#include "schema/wire/disk.h"

void
requests_init(struct requests *r, struct maat_outbox *outboxes, struct maat *broker,
              const struct spool *spool, const char *software, refusal_dealt *dealt, void *context)
{
    *r = (struct requests){.outboxes = outboxes,
                           .broker = broker,
                           .spool = spool,
                           .software = software,
                           .room = true,
                           .dealt = dealt,
                           .context = context};
}

void
requests_watch(struct requests *r, const struct agent_vitals *vitals, const char *outbox,
               struct maat_key *const *key)
{
    r->vitals = vitals;
    r->outbox = outbox;
    r->key = key;
}

void
requests_welcome(struct requests *r, const struct welcome *w, int64_t wall)
{
    (void)snprintf(r->name, sizeof r->name, "%.*s", (int)w->client.len, w->client.at);
    (void)snprintf(r->board, sizeof r->board, "%.*s", (int)w->title.len, w->title.at);
    r->knows_clock = w->has.clock;
    r->clock_ahead = w->has.clock ? wall - w->clock : 0;
}

void
requests_shared(struct requests *r, const struct maat_shared *shared)
{
    if (shared->is)
        r->shared = *shared;
    r->shared.is = shared->is;
}

void
requests_tell_room(struct requests *r, bool room)
{
    struct log_line line = agent_event(room ? AGENT_OUTBOX_HAS_ROOM : AGENT_OUTBOX_FULL);

    if (r->room != room)
        log_write(&line);
    r->room = room;
}

static void
answer_spool(const struct spool *spool, struct agent_status *out)
{
    const char *taking = spool_taking(spool, &out->line);

    out->spool = spool_waiting(spool);
    if (!taking)
        return;
    out->taking = text_of(taking);
    out->has.taking = out->has.line = 1;
}

static void
answer_vitals(const struct requests *r, struct agent_status *out)
{
    struct disk disk;

    out->started = r->vitals->started;
    out->accepted = r->vitals->accepted;
    out->key = (struct bytes){maat_key_public(*r->key), MAAT_KEY_SIZE};
    out->has.started = out->has.accepted = out->has.key = 1;
    out->has.disk_free = disk_look(r->outbox, &disk) == 0;
    out->disk_free = disk.free;
}

/* The language's word for each of the library's states. */
static enum link_state
link_of(const struct maat *broker)
{
    switch (maat_link(broker)) {
    case MAAT_LINK_DOWN: break;
    case MAAT_LINK_GREETING: return LINK_GREETING;
    case MAAT_LINK_PROVING: return LINK_PROVING;
    case MAAT_LINK_OPEN: return LINK_OPEN;
    case MAAT_LINK_WAITING: return LINK_WAITING;
    case MAAT_LINK_STOPPED: return LINK_STOPPED;
    }
    return LINK_DOWN;
}

/* For a person, who also wants to know what a connection that is there waits for. */
static struct text
say_connection(const struct maat *broker, struct arena *arena)
{
    char state[1000 + 1]; /* as much as there may be of it */
    bool waits = maat_link(broker) == MAAT_LINK_WAITING;

    (void)snprintf(state, sizeof state, "%s%s%s", maat_link_text(broker),
                   waits ? "; it takes nothing now: " : "", waits ? maat_link_reason(broker) : "");
    return text_copy(arena, text_of(state));
}

int
requests_status(struct requests *r, struct arena *arena, struct agent_status *out)
{
    const struct maat_outbox_id *outbox = maat_outbox_in_use(r->broker);
    struct maat_counts counts;
    int rc = maat_outbox_count(r->outboxes, outbox, &counts);

    if (rc)
        return rc;
    *out = (struct agent_status){.software = text_of(r->software),
                                 .client = text_of(r->name),
                                 .board = text_of(r->board),
                                 .link = link_of(r->broker),
                                 .connection = say_connection(r->broker, arena),
                                 .outbox = {outbox->at, OUTBOX_SIZE},
                                 .last = counts.last,
                                 .queued = counts.queued,
                                 .clock_ahead = r->clock_ahead,
                                 .oldest = counts.oldest,
                                 .refused = counts.refused,
                                 .shared = r->shared.is,
                                 .shared_since = r->shared.since,
                                 .shared_from = text_of(r->shared.address),
                                 .room = r->room};
    out->has.software = out->has.link = out->has.connection = out->has.outbox = out->has.last = 1;
    out->has.queued = out->has.refused = out->has.room = out->has.spool = 1;
    out->has.client = out->has.board = r->name[0] != '\0';
    out->has.oldest = counts.oldest != 0;
    out->has.clock_ahead = r->knows_clock;
    out->has.shared = out->has.shared_since = r->shared.is || r->shared.since;
    out->has.shared_from = *r->shared.address != '\0';
    if (r->spool)
        answer_spool(r->spool, out);
    if (r->vitals)
        answer_vitals(r, out);
    return 0;
}

enum { HEX = 2 * OUTBOX_SIZE };

/* --- refusals ------------------------------------------------------------------------ */

/* "17" in the outbox in use, "3fa9.../17" in an earlier one. */
static struct text
name_refusal(const struct requests *r, struct arena *arena, const struct maat_outbox_id *id,
             int64_t n)
{
    char name[LOCAL_WHICH + 1] = "";
    size_t len = 0;

    if (memcmp(id, maat_outbox_in_use(r->broker), sizeof *id) != 0) {
        for (; len < HEX; len += 2)
            (void)snprintf(name + len, sizeof name - len, "%02x", id->at[len / 2]);
        name[len++] = '/';
    }
    len += (size_t)snprintf(name + len, sizeof name - len, "%" PRId64, n);
    return text_of(arena_string(arena, name, len));
}

static bool
find_refusal(const struct requests *r, struct text which, struct maat_outbox_id *id, int64_t *n)
{
    char name[LOCAL_WHICH + 1];
    const char *number = name;
    unsigned byte;

    *id = *maat_outbox_in_use(r->broker);
    if (which.len > LOCAL_WHICH)
        return false;
    (void)snprintf(name, sizeof name, "%.*s", (int)which.len, which.at);
    const char *slash = strchr(name, '/');
    if (slash) {
        if (slash - name != HEX)
            return false;
        for (size_t i = 0; i < OUTBOX_SIZE; i++) {
            if (sscanf(name + 2 * i, "%2x", &byte) != 1) /* NOLINT: two digits */
                return false;
            id->at[i] = (uint8_t)byte;
        }
        number = slash + 1;
    }
    char *end;
    *n = strtoll(number, &end, 10);
    return *number && !*end && *n > 0;
}

static struct refused_item
item_of(const struct requests *r, struct arena *arena, const struct maat_outbox_id *id,
        const struct maat_kept *kept)
{
    int kind = word_find(&submission_kinds, kept->kind, strlen(kept->kind));
    int code = word_find(&fault_codes, kept->code, strlen(kept->code));
    struct refused_item item = {.which = name_refusal(r, arena, id, kept->n),
                                .kind = (enum submission_kind)kind,
                                .taken = kept->taken,
                                .refused = kept->settled,
                                .source = text_copy(arena, text_of(kept->source)),
                                .number = kept->number,
                                .code = (enum fault_code)code,
                                .field = text_copy(arena, text_of(kept->field)),
                                .reason = text_copy(arena, text_of(kept->reason))};

    item.has.which = item.has.kind = item.has.taken = item.has.refused = item.has.source = 1;
    item.has.number = item.has.code = item.has.field = item.has.reason = 1;
    return item;
}

static int
list_refusals(struct requests *r, struct arena *arena, const struct request *request,
              struct answer *out)
{
    struct refused_item *list = arena_take(arena, LOCAL_REFUSED_MAX * sizeof *list);
    struct maat_outbox_id id = {{0}};
    struct maat_kept kept;
    int64_t n = 0;
    int rc = 0;

    if (request->has.after && !find_refusal(r, request->after, &id, &n))
        return -ENOENT;
    for (uint32_t i = 0;
         i < LOCAL_REFUSED_MAX && (rc = maat_outbox_next_refusal(r->outboxes, &id, &n, &kept)) == 1;
         i++)
        list[out->list.count++] = item_of(r, arena, &id, &kept);
    out->list.at = list;
    out->has.list = 1;
    out->has.more = 1;
    out->more = rc == 1;
    return rc < 0 ? rc : 0;
}

static int
deal_with(struct requests *r, enum local_ask ask, const struct maat_outbox_id *id, int64_t n)
{
    int64_t again;
    int rc = ask == ASK_RETRY
                 ? maat_outbox_retry(r->outboxes, id, n, maat_outbox_in_use(r->broker), &again)
                 : maat_outbox_mark_seen(r->outboxes, id, n);
    if (rc == 0)
        r->dealt(r->context, id, n);
    return rc;
}

/* Those that are named; one that is not there is a fault, and those before it are
   done. */
static int
deal_with_named(struct requests *r, struct arena *arena, const struct request *request,
                struct answer *out)
{
    struct maat_outbox_id id;
    struct fault fault;
    int64_t n;
    int rc = 0;

    for (uint32_t i = 0; i < request->which.count && !rc; i++) {
        struct text which = request->which.at[i];
        rc = find_refusal(r, which, &id, &n) ? deal_with(r, request->ask, &id, n) : -ENOENT;
        out->done += rc == 0;
        if (rc != -ENOENT)
            continue;
        fault_set(&fault, FAULT_NOT_FOUND, "which", "%.*s is no refusal that waits for a person",
                  (int)which.len, which.at);
        local_refuse(arena, out, &fault);
        return 0;
    }
    return rc;
}

static int
deal_with_all(struct requests *r, enum local_ask ask, struct answer *out)
{
    struct maat_outbox_id id = {{0}};
    struct maat_kept kept;
    int64_t n = 0;
    int rc;

    while ((rc = maat_outbox_next_refusal(r->outboxes, &id, &n, &kept)) == 1) {
        if ((rc = deal_with(r, ask, &id, n)))
            return rc;
        out->done++;
    }
    return rc;
}

/* --- the broker's journal ------------------------------------------------------------- */

/* What was seen of it is forgotten, and the broker is dialled again. */
static int
forget_head(struct requests *r, struct arena *arena, struct answer *out)
{
    struct log_line line = agent_event(AGENT_HEAD_FORGOTTEN);
    struct fault fault;
    int rc = maat_forget_head(r->broker, false);

    if (rc == 1)
        log_write(&line);
    if (rc)
        return rc < 0 ? rc : 0;
    (void)fault_set(&fault, FAULT_RULE, "",
                    "the broker's journal is the one that was seen: nothing was forgotten");
    local_refuse(arena, out, &fault);
    return 0;
}

/* --- any request ----------------------------------------------------------------------- */

static void
answer_failure(struct arena *arena, int rc, struct answer *out)
{
    const char *text = maat_error_text(rc);

    *out = (struct answer){.later = text_copy(arena, text_of(text))};
    out->has.later = 1;
}

void
requests_answer(void *context, struct arena *arena, const struct request *request,
                struct answer *out)
{
    struct requests *r = context;
    int rc = 0;

    switch (request->ask) {
    case ASK_STATUS:
        out->has.status = 1;
        rc = requests_status(r, arena, &out->status);
        break;
    case ASK_REFUSED: rc = list_refusals(r, arena, request, out); break;
    case ASK_RETRY:
    case ASK_SEEN:
        out->has.done = 1;
        rc = request->which.count ? deal_with_named(r, arena, request, out)
                                  : deal_with_all(r, request->ask, out);
        break;
    case ASK_FORGET_HEAD:
        out->has.done = 1;
        out->done = 1;
        rc = forget_head(r, arena, out);
        break;
    case ASK_PLANS:
        shown_plans_ask(&r->plans, r->broker);
        shown_plans_list(&r->plans, request->has.after ? request->after : text_of(""), out);
        break;
    case LOCAL_ASK_COUNT: break;
    }
    if (rc)
        answer_failure(arena, rc, out);
}
