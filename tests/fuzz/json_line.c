/* A line that is a submission has a body that encodes, within what a body may
   be, or is too large to be sent; it decodes to the same, and its JSON is a line
   again. One that is none gets a reason. Chance never hits on a line, so the input
   is also put into lines of each kind, in place of some of their bytes.        */
#include <stdlib.h>
#include <string.h>

#include "schema/codec.h"
#include "schema/guard.h"
#include "schema/json.h"
#include "schema/judge.h"
#include "schema/submission_line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { CAP = 1 << 17 };

/* clang-format off */
static const char *const lines[] = {
    "{\"kind\":\"board\",\"what\":\"accept-gap\",\"client\":\"police/crm\",\"outbox\":\"00112233445566778899aabbccddeeff\",\"from\":1,\"to\":2}",
    "{\"kind\":\"agency\",\"id\":\"police\",\"name\":\"Police\",\"sector\":\"police\",\"closed\":true,\"seen\":0,\"epoch\":0}",
    "{\"kind\":\"client\",\"id\":\"police/crm\",\"role\":\"agency\",\"revoked\":false,\"seen\":7,\"epoch\":0}",
    "{\"kind\":\"plan\",\"id\":\"p\",\"title\":\"P\",\"type\":\"review\",\"marking\":\"OFFICIAL\",\"members\":[\"police\",\"health\"],\"review_days\":30,\"seen\":0,\"epoch\":0}",
    "{\"kind\":\"action\",\"id\":\"p/1\",\"ref\":\"1\",\"title\":\"A\",\"leads\":\"all\",\"except\":[{\"agency\":\"health\",\"reason\":\"r\"}],\"measure\":{\"counted\":\"c\",\"unit\":\"count\",\"comparator\":\">\",\"target\":12.5},\"cells\":[{\"heading\":\"h\",\"text\":\"t\"}],\"seen\":0,\"epoch\":0}",
    "{\"kind\":\"progress\",\"wait\":true,\"action\":\"p/1\",\"on\":\"2016-04-01\",\"status\":\"in-progress\",\"percent\":50,\"note\":\"n\",\"evidence\":{\"title\":\"t\",\"kind\":\"audit\",\"held\":\"h\"},\"value\":{\"amount\":-1.5,\"date\":\"2016-04-01\"}}",
    "{\"kind\":\"decision\",\"action\":\"p/1\",\"what\":\"return\",\"agencies\":[\"police\"],\"reason\":\"r\",\"met\":\"2016-04-01\",\"seen\":9,\"epoch\":0}",
    "{\"kind\":\"rating\",\"plan\":\"p\",\"day\":\"2016-04-01\",\"part\":1,\"parts\":1,\"changes\":[{\"action\":\"p/1\",\"before\":\"grey\",\"after\":\"red\",\"reasons\":[\"overdue\",\"silent\"]}]}",
};
/* clang-format on */

static void
check(bool holds)
{
    if (!holds)
        abort();
}

/* The body's own object with the kind put before its fields. */
static struct text
as_line(struct arena *arena, const struct submission_line *sub)
{
    struct text body = record_to_json(arena, body_records[sub->kind], &sub->body);
    const char *kind = submission_kinds.text[sub->kind];
    size_t head = strlen("{\"kind\":\"\",") + strlen(kind);
    char *line = arena_take(arena, head + body.len + 1);

    check(body.len > 2 && body.at[0] == '{');
    strcpy(line, "{\"kind\":\"");
    strcat(line, kind);
    strcat(line, "\",");
    memcpy(line + head, body.at + 1, body.len - 1);
    return (struct text){line, (uint32_t)(head + body.len - 1)};
}

static void
check_line(struct arena *arena, const char *line, size_t len)
{
    static const struct guard no_mailboxes;
    static uint8_t first[CAP];
    static uint8_t second[CAP];
    struct submission_line sub;
    struct submission_line again;
    struct fault fault = {.reason = ""};
    union body decoded;

    arena_reset(arena);
    if (!submission_from_json(arena, &sub, line, len, &fault)) {
        check(*fault.reason && memchr(fault.field, '\0', sizeof fault.field));
        return;
    }
    const struct record *r = body_records[sub.kind];
    size_t size = record_encode(r, &sub.body, first, sizeof first);
    check(size > 0);
    if (!submission_decode(arena, &no_mailboxes, sub.kind, (struct bytes){first, (uint32_t)size},
                           &decoded, &fault))
        check(fault.code == FAULT_PERSONAL_DATA);
    struct text written = as_line(arena, &sub);
    check(submission_from_json(arena, &again, written.at, written.len, &fault));
    check(again.kind == sub.kind && !again.wait);
    check(record_encode(r, &again.body, second, sizeof second) == size);
    check(memcmp(first, second, size) == 0);
}

/* Which line, from where and how much of it, and what comes there instead. */
static void
check_laid_over(struct arena *arena, const uint8_t *data, size_t len)
{
    static char line[CAP];
    const char *whole = lines[data[0] % (sizeof lines / sizeof *lines)];
    size_t at = (size_t)(data[1] << 8 | data[2]) % strlen(whole);
    size_t gone = data[3] % (strlen(whole) - at + 1);
    size_t rest = strlen(whole) - at - gone;

    if (at + len - 4 + rest > sizeof line)
        return;
    memcpy(line, whole, at);
    memcpy(line + at, data + 4, len - 4);
    memcpy(line + at + len - 4, whole + at + gone, rest);
    check_line(arena, line, at + len - 4 + rest);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static struct arena *arena;

    if (!arena)
        arena = arena_new();
    check_line(arena, (const char *)data, len);
    if (len >= 4)
        check_laid_over(arena, data, len);
    return 0;
}
