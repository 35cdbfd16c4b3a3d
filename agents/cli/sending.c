#include "agents/cli/sending.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "agents/cli/printable.h"
#include "schema/codec.h"
#include "schema/digest.h"
#include "schema/json.h"
#include "schema/judge.h"

enum { SOURCE = 80, PRUNE_MOST = 10000 };
#define OUTBOX_MAP ((size_t)1 << 34)

struct sent {
    const char *label;
    enum submission_kind kind;
    struct bytes body;
    uint8_t same[DIGEST_SIZE]; /* of what it says, whatever was seen */
    struct kept kept;          /* what became of it */
    bool settled;
};

/* One run of one command: its outbox, and the name by which it is found again. */
struct run {
    struct outboxes *outboxes;
    struct outbox_id outbox;
    char source[SOURCE];
};

void
sending_begin(struct sending *s, struct talk *t)
{
    *s = (struct sending){.talk = t};
}

void
sending_end(struct sending *s)
{
    free(s->list);
    *s = (struct sending){0};
}

/* --- gathering --------------------------------------------------------------------- */

/* As if nothing had been seen: what a second run says the same again. */
static void
unsee(enum submission_kind kind, union body *body)
{
    switch (kind) {
    case KIND_AGENCY: body->agency.seen = body->agency.epoch = 0; break;
    case KIND_CLIENT: body->client.seen = body->client.epoch = 0; break;
    case KIND_PLAN: body->plan.seen = body->plan.epoch = 0; break;
    case KIND_ACTION: body->action.seen = body->action.epoch = 0; break;
    case KIND_DECISION: body->decision.seen = body->decision.epoch = 0; break;
    case KIND_BOARD:
    case KIND_PROGRESS:
    case KIND_RATING:
    case KIND_STRIKE:
    case SUBMISSION_KIND_COUNT: break;
    }
}

static int
complain_of(const char *label, const struct fault *fault)
{
    return talk_complain(EXIT_REFUSED, "%s: refused: %s: %s%s%s", label,
                         word_text(&fault_codes, (int)fault->code), fault->field,
                         *fault->field ? ": " : "", fault->reason);
}

int
sending_add(struct sending *s, enum submission_kind kind, const union body *body, const char *label)
{
    static uint8_t encoded[BODY_MAX];
    struct arena *arena = s->talk->arena;
    struct guard guard = talk_guard(s->talk);
    union body checked = *body;
    struct fault fault;
    size_t len = record_encode(body_records[kind], body, encoded, sizeof encoded);

    if (len == 0) {
        (void)fault_set(&fault, FAULT_LIMIT, "", "is longer than %d bytes", (int)BODY_MAX);
        return complain_of(label, &fault);
    }
    struct bytes bytes = {arena_copy(arena, encoded, len), (uint32_t)len};
    if (!submission_decode(arena, &guard, kind, bytes, &checked, &fault))
        return complain_of(label, &fault);
    if (s->count == s->cap) {
        s->cap = s->cap ? 2 * s->cap : 16;
        s->list = realloc(s->list, s->cap * sizeof *s->list);
        if (!s->list)
            abort();
    }
    struct sent *sent = &s->list[s->count++];
    *sent = (struct sent){.kind = kind, .body = bytes};
    sent->label = arena_copy(arena, label, strlen(label) + 1);
    unsee(kind, &checked);
    len = record_encode(body_records[kind], &checked, encoded, sizeof encoded);
    submission_digest(kind, (struct bytes){0}, (struct bytes){encoded, (uint32_t)len}, sent->same);
    return EXIT_DONE;
}

/* --- a run and its outbox ----------------------------------------------------------- */

static int64_t
wall(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_REALTIME, &ts);
    return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

/* The digest of all that is sent and of who sends it. */
static void
name_run(const struct sending *s, struct run *run)
{
    uint8_t digest[DIGEST_SIZE] = {0};
    struct bytes so_far = {digest, DIGEST_SIZE};
    int len = snprintf(run->source, sizeof run->source, "maat ");

    submission_digest(KIND_BOARD, so_far, (struct bytes){s->talk->identity.public, CURVE_KEY},
                      digest);
    for (size_t i = 0; i < s->count; i++)
        submission_digest(s->list[i].kind, so_far, (struct bytes){s->list[i].same, DIGEST_SIZE},
                          digest);
    for (int i = 0; i < DIGEST_SIZE; i++)
        len += snprintf(run->source + len, sizeof run->source - (size_t)len, "%02x", digest[i]);
}

static int
queue_all(struct sending *s, struct run *run)
{
    struct kept *list = arena_take(s->talk->arena, s->count * sizeof *list);
    uint8_t *nonces = arena_take(s->talk->arena, s->count * NONCE_SIZE);
    const int64_t now = wall();
    const struct outbox_note note = {run->source, now};
    int64_t first;
    int rc = outbox_current(run->outboxes, true, &run->outbox);

    for (size_t i = 0; i < s->count && rc == 0; i++) {
        uint8_t *nonce = nonces + i * NONCE_SIZE;
        if (getrandom(nonce, NONCE_SIZE, 0) != NONCE_SIZE)
            return -EIO;
        list[i] = (struct kept){.state = KEPT_QUEUED,
                                .kind = s->list[i].kind,
                                .nonce = {nonce, NONCE_SIZE},
                                .body = s->list[i].body,
                                .taken = now,
                                .source = text_of(run->source)};
        list[i].has.state = list[i].has.kind = list[i].has.nonce = list[i].has.body = 1;
        list[i].has.taken = list[i].has.source = 1;
    }
    return rc ? rc : outbox_queue(run->outboxes, &run->outbox, list, s->count, &note, &first);
}

/* The outbox of the same run, begun at `begun` and not ended: 1, or 0 if there is
   none, or a negative error. */
static int
find_run(struct sending *s, struct run *run, int64_t begun)
{
    struct kept first;
    int rc;

    run->outbox = (struct outbox_id){{0}};
    while ((rc = outbox_each(run->outboxes, &run->outbox)) == 1) {
        rc = outbox_get(run->outboxes, s->talk->arena, &run->outbox, 1, &first);
        if (rc < 0)
            return rc;
        if (rc == 1 && first.taken == begun && text_is(first.source, run->source))
            return 1;
    }
    return rc;
}

static int
begin_run(struct sending *s, struct run *run)
{
    int64_t begun;
    int rc = outbox_noted(run->outboxes, run->source, &begun);

    if (rc == 0 && begun)
        rc = find_run(s, run, begun);
    if (rc == 0)
        return queue_all(s, run);
    return rc == 1 ? 0 : rc;
}

/* --- sending -------------------------------------------------------------------------- */

static int
open_outboxes(const struct sending *s, struct run *run)
{
    char folder[CONFIG_PATH];
    char why[OUTBOX_WHY];
    struct fault fault;

    if (!config_state_folder(folder, &fault))
        return talk_complain(EXIT_MACHINE, "%s", fault.reason);
    if (outboxes_open(&run->outboxes, folder, OUTBOX_MAP, why))
        return talk_complain(EXIT_MACHINE, "%s", why);
    (void)outbox_prune(run->outboxes, wall(), PRUNE_MOST);
    name_run(s, run);
    return EXIT_DONE;
}

static int
open_run(struct sending *s, struct run *run)
{
    int rc = open_outboxes(s, run);

    if (rc != EXIT_DONE)
        return rc;
    if ((rc = begin_run(s, run)) == 0)
        return EXIT_DONE;
    outboxes_close(&run->outboxes);
    return talk_complain(EXIT_MACHINE, "nothing was sent: the outbox: %s", outbox_error_text(rc));
}

int
sending_begun(const struct sending *s, bool *begun)
{
    struct run run = {0};
    int64_t place = 0;
    int rc = open_outboxes(s, &run);

    if (rc != EXIT_DONE)
        return rc;
    int error = outbox_noted(run.outboxes, run.source, &place);
    outboxes_close(&run.outboxes);
    *begun = place != 0;
    return error ? talk_complain(EXIT_MACHINE, "the outbox: %s", outbox_error_text(error))
                 : EXIT_DONE;
}

static void
say_result(const struct sending *s, const struct sent *sent, int64_t n)
{
    const struct kept *k = &sent->kept;
    struct text json = record_to_json(s->talk->arena, &kept_record, k);

    if (s->talk->options.json) {
        printf("%.*s\n", (int)json.len, json.at);
    } else if (k->state == KEPT_ACKNOWLEDGED) {
        printf("%s: accepted as entry %" PRId64 "\n", sent->label, k->number);
    } else if (k->state == KEPT_REFUSED) {
        printf("%s: refused (entry %" PRId64 "): %s: ", sent->label, k->number,
               word_text(&fault_codes, (int)k->code));
        printable_print(k->field);
        if (k->field.len)
            printf(": ");
        printable_print(k->reason);
        printf("\n");
    } else {
        printf("%s: not sent yet (n %" PRId64 ")\n", sent->label, n);
    }
}

/* The body is not said again. */
static int
read_results(struct sending *s, struct run *run)
{
    int exit_code = EXIT_DONE;

    for (size_t i = 0; i < s->count; i++) {
        struct sent *sent = &s->list[i];
        int rc = outbox_get(run->outboxes, s->talk->arena, &client_link(s->talk->client)->outbox,
                            (int64_t)i + 1, &sent->kept);
        if (rc != 1)
            return talk_complain(EXIT_MACHINE, "the outbox can't be read");
        sent->kept.has.body = sent->kept.has.nonce = sent->kept.has.source = 0;
        sent->settled = sent->kept.state != KEPT_QUEUED;
        say_result(s, sent, (int64_t)i + 1);
        if (sent->kept.state == KEPT_REFUSED)
            exit_code = EXIT_REFUSED;
    }
    return exit_code;
}

static int
send_all(struct sending *s, struct run *run)
{
    client_begin(s->talk->client, run->outboxes, &run->outbox);
    enum client_outcome outcome = client_settle(s->talk->client, s->talk->ms);
    int exit_code = read_results(s, run);

    if (outcome != CLIENT_DONE)
        return talk_complain(client_exit_code(outcome),
                             "%s (%s). What was not sent is kept: the same command again goes on",
                             client_outcome_text(outcome), client_state(s->talk->client));
    (void)fflush(stdout);
    (void)outbox_forget(run->outboxes, run->source);
    return exit_code;
}

static int
say_all(const struct sending *s)
{
    for (size_t i = 0; i < s->count; i++) {
        const struct record *r = body_records[s->list[i].kind];
        union body body;
        struct fault fault;
        if (!record_decode(s->talk->arena, r, &body, s->list[i].body.at, s->list[i].body.len,
                           &fault))
            abort();
        struct text json = record_to_json(s->talk->arena, r, &body);
        printf("%s: would be sent: %s %.*s\n", s->list[i].label,
               word_text(&submission_kinds, (int)s->list[i].kind), (int)json.len, json.at);
    }
    return EXIT_DONE;
}

int
sending_run(struct sending *s)
{
    struct run run = {0};

    if (s->talk->options.dry_run || s->count == 0)
        return say_all(s);
    int rc = open_run(s, &run);
    if (rc != EXIT_DONE)
        return rc;
    rc = send_all(s, &run);
    client_finish(s->talk->client);
    outboxes_close(&run.outboxes);
    return rc;
}

int
sending_one(struct talk *t, enum submission_kind kind, const union body *body, const char *label)
{
    struct sending s;

    sending_begin(&s, t);
    int rc = sending_add(&s, kind, body, label);
    if (rc == EXIT_DONE)
        rc = sending_run(&s);
    sending_end(&s);
    return rc;
}

bool
sending_accepted(const struct sending *s, size_t i)
{
    return s->list[i].settled && s->list[i].kept.state == KEPT_ACKNOWLEDGED;
}

enum fault_code
sending_refusal(const struct sending *s, size_t i)
{
    return s->list[i].kept.code;
}

struct bytes
sending_body(const struct sending *s, size_t i)
{
    return s->list[i].settled ? s->list[i].kept.body : s->list[i].body;
}
