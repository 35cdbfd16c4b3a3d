#include "tests/bench/bench_board.h"

#include "schema/codec.h"
#include "schema/wire/frame.h"
#include "schema/wire/peer.h"
#include "tests/bench/latency.h"
#include "tests/caller.h"
#include "tests/t.h"

static void
agency_name(unsigned i, char name[ACTION_ID])
{
    (void)snprintf(name, ACTION_ID, "agency-%u", i);
}

static void
client_file(unsigned i, char name[ACTION_ID])
{
    (void)snprintf(name, ACTION_ID, "crm-%02u.zpl", i);
}

static void
add_agencies(struct caller *operator)
{
    for (unsigned i = 0; i < AGENCIES; i++) {
        char agency[ACTION_ID];
        agency_name(i, agency);
        caller_must(operator, "{'kind': 'agency', 'id': '%s', 'name': 'Agency %u', 'sector': "
                              "'health', 'seen': 0, 'epoch': 0}",
                    agency, i);
    }
}

static void
add_clients(struct bench_board *b, struct caller *operator)
{
    for (unsigned i = 0; i < PRODUCERS_MAX; i++) {
        char client[ACTION_ID];
        char file[ACTION_ID];
        (void)snprintf(client, sizeof client, PRODUCER_NAME, i % AGENCIES, i);
        client_file(i, file);
        caller_enrol(b->rig, operator, client, "agency", file);
    }
}

static void
add_registry(struct bench_board *b)
{
    struct caller *operator= caller_open(b->rig, "board/operator.zpl");

    add_agencies(operator);
    add_clients(b, operator);
    caller_close(&operator);
}

static void
add_plans(struct bench_board *b)
{
    struct caller *lead = caller_open(b->rig, "board/lead.zpl");

    for (unsigned i = 0; i < b->updates.plans; i++)
        caller_must(lead,
                    "{'kind': 'plan', 'id': 'plan-%03u', 'title': 'Plan %u', 'type': "
                    "'action-plan', 'marking': 'OFFICIAL', 'members': 'all', 'seen': 0, "
                    "'epoch': 0}",
                    i, i);
    caller_close(&lead);
}

/* A production's `frame`: action n - 1. */
static size_t
action_frame(void *context, unsigned producer, int64_t n, uint8_t out[PRODUCER_FRAME])
{
    static const char text[] =
        "Agencies make sure that staff know how and when to refer, that what was decided is "
        "written down on the day, and that managers look at a sample of cases each quarter";
    static const struct text themes[] = {{"neglect", 7}};
    const struct bench_board *b = context;
    unsigned k = (unsigned)n - 1;
    char id[ACTION_ID];
    char agency[ACTION_ID];
    uint8_t body[PRODUCER_FRAME / 2];
    uint8_t nonce[NONCE_SIZE] = {0};

    (void)producer;
    updates_action(&b->updates, k, id);
    agency_name(k % AGENCIES, agency);
    const struct text lead = text_of(agency);
    struct action a = {.id = text_of(id),
                       .ref = text_of(id + strlen("plan-000/")),
                       .title = text_of("Staff are trained and cases are looked at"),
                       .text = text_of(text),
                       .themes = {themes, 1},
                       .leads = {{&lead, 1}, false},
                       .due = b->updates.today + 365};
    a.has.id = a.has.ref = a.has.title = a.has.text = a.has.themes = a.has.leads = a.has.due = 1;
    a.has.seen = a.has.epoch = 1;
    struct submit submit = {
        .n = n,
        .kind = KIND_ACTION,
        .nonce = {nonce, NONCE_SIZE},
        .body = {body, (uint32_t)record_encode(&action_record, &a, body, sizeof body)}};
    submit.has.n = submit.has.kind = submit.has.nonce = submit.has.body = 1;
    return frame_encode(SAY_SUBMIT, &submit, out, PRODUCER_FRAME);
}

static void
add_actions(struct bench_board *b)
{
    struct identity lead;
    const struct production work = {.frame = action_frame,
                                    .context = b,
                                    .window = PEER_SEND_LIMIT,
                                    .last = b->updates.actions,
                                    .last_ms = INT32_MAX};
    struct yield yield;

    caller_identity(b->rig, "board/lead.zpl", &lead);
    struct producers *p = producers_open(&lead, 1, false);
    producers_work(p, &work, NULL, NULL, &yield);
    producers_close(&p);
    identity_wipe(&lead);
}

void
bench_board_begin(struct bench_board *b, unsigned actions, unsigned plans)
{
    *b = (struct bench_board){.rig = rig_open()};
    updates_init(&b->updates, actions, plans);
}

void
bench_board_found(struct bench_board *b)
{
    rig_init_board(b->rig);
    (void)bench_board_start(b);
    add_registry(b);
    add_plans(b);
    add_actions(b);
    bench_board_load(b);
}

void
bench_board_load(struct bench_board *b)
{
    char file[ACTION_ID];

    for (unsigned i = 0; i < PRODUCERS_MAX; i++) {
        client_file(i, file);
        caller_identity(b->rig, file, &b->clients[i]);
    }
}

void
bench_board_open(struct bench_board *b, unsigned actions, unsigned plans)
{
    bench_board_begin(b, actions, plans);
    bench_board_found(b);
}

double
bench_board_start(struct bench_board *b)
{
    const char *const more[] = {"--entries-a-day", "1000000000", NULL};
    int64_t begun = latency_now();

    rig_start_broker(b->rig, more);
    double took = latency_seconds_since(begun);
    for (unsigned i = 0; i < PRODUCERS_MAX; i++)
        (void)snprintf(b->clients[i].address[0], sizeof b->clients[i].address[0], "%.250s",
                       b->rig->address);
    return took;
}

void
bench_board_stop(struct bench_board *b)
{
    rig_signal(b->rig->broker, SIGTERM);
    CHECK_INT(0, rig_wait(b->rig->broker));
}

void
bench_board_close(struct bench_board *b)
{
    rig_close(b->rig);
    b->rig = NULL;
}

int64_t
bench_board_newest(const struct bench_board *b)
{
    struct caller *lead = caller_open(b->rig, "board/lead.zpl");

    (void)caller_ask(lead, "{'id': 1, 'what': 'head'}");
    int64_t number = lead->seen;
    caller_close(&lead);
    return number;
}
