#include "tests/crowd.h"

#include <errno.h>
#include <poll.h>
#include <sys/random.h>
#include <time.h>

#include "tests/line.h"
#include "tests/t.h"

enum { BATCH = 100, REFUSED_EACH = 10, STEP_MS = 20, SETTLE_SECONDS = 120 };

void
crowd_open(struct crowd *w, struct stage *s)
{
    char id[40], file[40];

    *w = (struct crowd){.sent = 0};
    for (int i = 0; i < CROWD; i++) {
        (void)snprintf(id, sizeof id, "police/producer-%d", i);
        (void)snprintf(file, sizeof file, "producer-%d.zpl", i);
        caller_enrol(s->rig, s->operator, id, "agency", file);
        w->producers[i] = caller_begin(s->rig, file);
    }
}

void
crowd_close(struct crowd *w)
{
    for (int i = 0; i < CROWD; i++)
        caller_close(&w->producers[i]);
}

/* --- sending -------------------------------------------------------------------- */

static bool
is_refused(int64_t n)
{
    return n % REFUSED_EACH == 0;
}

static void
queue(struct caller *c, int64_t n, int count)
{
    static uint8_t bodies[BATCH][256];
    static uint8_t nonces[BATCH][NONCE_SIZE];
    struct kept list[BATCH];
    char line[200];
    int64_t first;

    CHECK_INT(sizeof nonces, getrandom(nonces, sizeof nonces, 0));
    arena_reset(c->arena);
    for (int i = 0; i < count; i++) {
        (void)snprintf(line, sizeof line,
                       "{\"kind\": \"progress\", \"action\": \"%s\", \"on\": \"2016-02-28\", "
                       "\"percent\": %d}",
                       is_refused(n + i) ? "none/1" : "da-2016/1.1", (int)(n + i) % 100);
        list[i] = (struct kept){.state = KEPT_QUEUED, .nonce = {nonces[i], NONCE_SIZE}};
        list[i].body = (struct bytes){
            bodies[i], (uint32_t)line_encode(c->arena, line, &list[i].kind, bodies[i])};
        list[i].has.state = list[i].has.kind = list[i].has.nonce = list[i].has.body = 1;
        list[i].has.taken = 1;
    }
    CHECK_INT(0, outbox_queue(c->outboxes, &client_link(c->session)->outbox, list, (size_t)count,
                              NULL, 0, &first));
    CHECK_INT(n, first);
}

void
crowd_queue(struct crowd *w, int count)
{
    CHECK(count <= BATCH);
    for (int i = 0; i < CROWD; i++)
        queue(w->producers[i], w->sent + 1, count);
    w->sent += count;
}

static bool
all_settled(struct crowd *w)
{
    struct outbox_counts counts;

    for (int i = 0; i < CROWD; i++) {
        struct caller *c = w->producers[i];
        CHECK_INT(0, outbox_count(c->outboxes, &client_link(c->session)->outbox, &counts));
        if (counts.row.queued)
            return false;
    }
    return true;
}

bool
crowd_step(struct crowd *w)
{
    struct pollfd items[CROWD];

    for (int i = 0; i < CROWD; i++) {
        struct client_session *c = w->producers[i]->session;
        CHECK_INT(0, client_step(c));
        if (client_link(c)->state == LINK_STOPPED)
            FAIL_WITH("a producer stopped: %s", client_state(c));
        items[i] = (struct pollfd){.fd = client_descriptor(c), .events = POLLIN};
    }
    if (poll(items, CROWD, STEP_MS) < 0 && errno != EINTR)
        FAIL_WITH("poll: %s", strerror(errno));
    return !all_settled(w);
}

void
crowd_settle(struct crowd *w)
{
    time_t until = time(NULL) + SETTLE_SECONDS;

    while (crowd_step(w))
        if (time(NULL) > until)
            FAIL_WITH("never settled: %s", client_state(w->producers[0]->session));
}

/* --- counting ---------------------------------------------------------------------- */

static void
check_outbox(struct caller *c, int64_t sent)
{
    const struct outbox_id *id = &client_link(c->session)->outbox;
    struct kept kept;
    int64_t number = 0;

    for (int64_t n = 1; n <= sent; n++) {
        arena_reset(c->arena);
        CHECK_INT(1, outbox_get(c->outboxes, c->arena, id, n, &kept));
        CHECK_INT(is_refused(n) ? KEPT_REFUSED : KEPT_ACKNOWLEDGED, kept.state);
        CHECK(kept.number > number);
        number = kept.number;
    }
    CHECK_INT(0, outbox_get(c->outboxes, c->arena, id, sent + 1, &kept));
}

void
crowd_check(struct crowd *w)
{
    for (int i = 0; i < CROWD; i++)
        check_outbox(w->producers[i], w->sent);
}

void
crowd_count(struct crowd *w, struct stage *s, int64_t before)
{
    char want[100];

    stage_verify(s);
    (void)snprintf(want, sizeof want, "entries     %" PRId64 ": ", before + CROWD * w->sent);
    if (!strstr(s->rig->output, want))
        FAIL_WITH("not %s in %s", want, s->rig->output);
}
