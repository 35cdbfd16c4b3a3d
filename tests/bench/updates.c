#include "tests/bench/updates.h"

#include <endian.h>
#include <time.h>

#include "schema/codec.h"
#include "schema/days.h"
#include "schema/wire/frame.h"
#include "tests/t.h"

#define MOULD_N UINT32_C(0x7e7d7c7b) /* so large that each n takes its place in five bytes */
static const uint8_t mould_nonce[NONCE_SIZE + 1] = "nonce.nonce.none";
static const char mould_action[] = "plan-000/0000000";
static const char mould_word[] = "week 00";
static const char mould_note[] =
    "week 00: staff of the front line were trained, those of nights and weekends follow; the "
    "managers' group has looked at a sample of the cases and found it done in most of them, "
    "with what is left to be seen to by its next meeting";

static size_t
find(const struct updates *u, const void *what, size_t len)
{
    const uint8_t *at = memmem(u->mould, u->len, what, len);
    CHECK(at != NULL);
    return (size_t)(at - u->mould);
}

/* As much of the note as makes the body 256 bytes long. */
static size_t
encode_body(int32_t today, uint8_t body[UPDATE_BODY])
{
    struct progress p = {.action = text_of(mould_action),
                         .on = today,
                         .status = CLAIM_IN_PROGRESS,
                         .percent = 40,
                         .note = text_of(mould_note)};
    uint8_t whole[2 * UPDATE_BODY];

    p.has.action = p.has.on = p.has.status = p.has.percent = p.has.note = 1;
    size_t len = record_encode(&progress_record, &p, whole, sizeof whole);
    CHECK(len >= UPDATE_BODY);
    p.note.len -= (uint32_t)(len - UPDATE_BODY);
    return record_encode(&progress_record, &p, body, UPDATE_BODY);
}

void
updates_init(struct updates *u, unsigned actions, unsigned plans)
{
    const uint32_t n = htobe32(MOULD_N);
    uint8_t body[UPDATE_BODY];
    struct submit submit = {.n = MOULD_N,
                            .kind = KIND_PROGRESS,
                            .nonce = {mould_nonce, NONCE_SIZE},
                            .body = {body, UPDATE_BODY}};

    *u = (struct updates){.actions = actions,
                          .plans = plans,
                          .today = day_in_london((int64_t)time(NULL) * 1000000),
                          .random = UINT64_C(0x9e3779b97f4a7c15)};
    CHECK_INT(UPDATE_BODY, encode_body(u->today, body));
    submit.has.n = submit.has.kind = submit.has.nonce = submit.has.body = 1;
    u->len = frame_encode(SAY_SUBMIT, &submit, u->mould, sizeof u->mould);
    CHECK(u->len > 0);
    u->n_at = find(u, &n, sizeof n);
    u->nonce_at = find(u, mould_nonce, NONCE_SIZE);
    u->body_at = find(u, body, sizeof body);
    u->action_at = find(u, mould_action, strlen(mould_action));
    u->word_at = find(u, mould_word, strlen(mould_word));
}

static void
write_digits(uint8_t *at, unsigned places, uint64_t number)
{
    while (places--) {
        at[places] = (uint8_t)('0' + number % 10);
        number /= 10;
    }
}

static uint64_t
draw(struct updates *u) /* xorshift */
{
    u->random ^= u->random << 13;
    u->random ^= u->random >> 7;
    return u->random ^= u->random << 17;
}

static void
write_action(const struct updates *u, unsigned k, uint8_t *at)
{
    memcpy(at, mould_action, strlen(mould_action));
    write_digits(at + strlen("plan-"), 3, k / (u->actions / u->plans));
    write_digits(at + strlen("plan-000/"), 7, k);
}

void
updates_action(const struct updates *u, unsigned k, char id[ACTION_ID])
{
    uint8_t text[ACTION_ID] = "";

    write_action(u, k, text);
    memcpy(id, text, sizeof text);
}

size_t
updates_frame(void *context, unsigned producer, int64_t n, uint8_t out[PRODUCER_FRAME])
{
    struct updates *u = context;
    uint32_t big = htobe32((uint32_t)n);
    uint64_t random = draw(u);
    unsigned k = (unsigned)(random % (u->actions / AGENCIES)) * AGENCIES + producer % AGENCIES;

    memcpy(out, u->mould, u->len);
    memcpy(out + u->n_at, &big, sizeof big);
    memcpy(out + u->nonce_at, &random, sizeof random);
    write_action(u, k, out + u->action_at);
    write_digits(out + u->word_at + strlen("week "), 2, random >> 32);
    return u->len;
}
