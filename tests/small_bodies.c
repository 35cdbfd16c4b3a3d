/* What clients of a small board may submit. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "schema/codec.h"
#include "schema/submission_line.h"
#include "tests/small_board.h"

/* # stands for a number about that of the newest entry. */
/* clang-format off */
static const char *const lines[] = {
    "{\"kind\":\"progress\",\"action\":\"p/1\",\"on\":\"2016-04-01\",\"note\":\"n\",\"percent\":#}",
    "{\"kind\":\"progress\",\"action\":\"p/1\",\"on\":\"2016-04-01\",\"status\":\"claimed-complete\",\"evidence\":{\"title\":\"t\",\"kind\":\"audit\",\"held\":\"h\"}}",
    "{\"kind\":\"progress\",\"action\":\"p/1\",\"on\":\"2016-04-01\",\"value\":{\"amount\":#,\"date\":\"2016-04-01\"}}",
    "{\"kind\":\"progress\",\"action\":\"p/1\",\"on\":\"2016-04-01\",\"withdraw_evidence\":#,\"epoch\":0}",
    "{\"kind\":\"progress\",\"action\":\"p/1\",\"agency\":\"police\",\"reported\":\"r\",\"on\":\"2016-04-01\",\"note\":\"n\"}",
    "{\"kind\":\"decision\",\"action\":\"p/1\",\"what\":\"assure\",\"override\":true,\"reason\":\"r\",\"seen\":#,\"epoch\":0}",
    "{\"kind\":\"decision\",\"action\":\"p/1\",\"what\":\"reopen\",\"reason\":\"r\",\"seen\":#,\"epoch\":0}",
    "{\"kind\":\"decision\",\"action\":\"p/1\",\"what\":\"rescind\",\"reason\":\"r\",\"rescinds\":#,\"seen\":#,\"epoch\":0}",
    "{\"kind\":\"decision\",\"action\":\"p/1\",\"what\":\"note\",\"reason\":\"r\",\"reply_by\":\"2016-05-01\",\"seen\":#,\"epoch\":0}",
    "{\"kind\":\"action\",\"id\":\"p/1\",\"ref\":\"1\",\"title\":\"B\",\"leads\":\"all\",\"reason\":\"r\",\"seen\":#,\"epoch\":0}",
    "{\"kind\":\"plan\",\"id\":\"p\",\"title\":\"P\",\"type\":\"review\",\"marking\":\"OFFICIAL\",\"members\":\"all\",\"closed\":true,\"seen\":#,\"epoch\":0}",
    "{\"kind\":\"agency\",\"id\":\"health\",\"name\":\"Health\",\"sector\":\"health\",\"seen\":#,\"epoch\":0}",
    "{\"kind\":\"agency\",\"id\":\"police\",\"name\":\"P\",\"sector\":\"police\",\"succeeded_by\":\"health\",\"seen\":#,\"epoch\":0}",
    "{\"kind\":\"client\",\"id\":\"police/crm\",\"revoked\":true,\"seen\":#,\"epoch\":0}",
    "{\"kind\":\"client\",\"id\":\"police/crm\",\"key\":\"0404040404040404040404040404040404040404040404040404040404040404\",\"seen\":#,\"epoch\":0}",
    "{\"kind\":\"board\",\"what\":\"accept-gap\",\"client\":\"police/crm\",\"outbox\":\"03030303030303030303030303030303\",\"from\":#,\"to\":#}",
};
/* clang-format on */

/* Each # becomes the number. */
static void
fill_in(char line[SMALL_BODY], const char *form, int64_t number)
{
    size_t len = 0;

    for (const char *c = form; *c && len < SMALL_BODY; c++)
        if (*c == '#')
            len += (size_t)snprintf(line + len, SMALL_BODY - len, "%lld", (long long)number);
        else
            line[len++] = *c;
    if (len >= SMALL_BODY)
        abort();
    line[len] = '\0';
}

uint32_t
small_board_body(unsigned which, int64_t number, enum submission_kind *kind,
                 uint8_t body[SMALL_BODY])
{
    struct arena *arena = arena_new();
    struct submission_line sub;
    struct fault fault;
    char line[SMALL_BODY];

    fill_in(line, lines[which % (sizeof lines / sizeof *lines)], number);
    if (!submission_from_json(arena, &sub, line, strlen(line), &fault))
        abort();
    *kind = sub.kind;
    uint32_t len = (uint32_t)record_encode(body_records[sub.kind], &sub.body, body, SMALL_BODY);
    arena_destroy(&arena);
    if (len == 0)
        abort();
    return len;
}
