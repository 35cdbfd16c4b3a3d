#include "agents/cli/sending/run_name.h"

#include <stdio.h>
#include <string.h>

#include "agents/cli/sending/seen.h"
#include "agents/libmaat/maat.h"
#include "schema/codec.h"

static void
add(struct run_name *name, enum submission_kind kind, const uint8_t *bytes, uint32_t len)
{
    const struct bytes so_far = {name->digest, DIGEST_SIZE};
    uint8_t next[DIGEST_SIZE];

    submission_digest(kind, so_far, (struct bytes){bytes, len}, next);
    memcpy(name->digest, next, sizeof next);
}

void
run_name_begin(struct run_name *name, const uint8_t *key)
{
    *name = (struct run_name){{0}};
    add(name, KIND_BOARD, key, MAAT_KEY_SIZE);
}

void
run_name_add(struct run_name *name, enum submission_kind kind, const uint8_t same[DIGEST_SIZE])
{
    add(name, kind, same, DIGEST_SIZE);
}

void
run_name_print(const struct run_name *name, char text[RUN_NAME])
{
    int len = snprintf(text, RUN_NAME, "maat ");

    for (int i = 0; i < DIGEST_SIZE; i++)
        len += snprintf(text + len, RUN_NAME - (size_t)len, "%02x", name->digest[i]);
}

void
run_name_same(enum submission_kind kind, union body *body, uint8_t same[DIGEST_SIZE])
{
    static uint8_t encoded[BODY_MAX];

    seen_put(kind, body, 0, 0);
    size_t len = record_encode(body_records[kind], body, encoded, sizeof encoded);
    submission_digest(kind, (struct bytes){0}, (struct bytes){encoded, (uint32_t)len}, same);
}
