#include "agents/cli/sending/sent.h"

#include <inttypes.h>
#include <stdio.h>

#include "agents/cli/showing/printable.h"
#include "agents/cli/talk.h"
#include "schema/json.h"

VOCABULARY(sent_states, "state", SENT_STATES, SENT_STATE_COUNT);

SENT_RECORDS(RECORD_TABLE)

static void
say_refusal(const struct sent *s)
{
    printf("refused");
    if (s->has.number)
        printf(" (entry %" PRId64 ")", s->number);
    printf(": %s: ", word_text(&fault_codes, (int)s->code));
    printable_print(s->field);
    printf("%s", s->field.len ? ": " : "");
    printable_print(s->reason);
    printf("\n");
}

static void
say_plainly(const struct sent *s)
{
    printable_print(s->label);
    printf(": ");
    if (s->state == SENT_ACKNOWLEDGED)
        printf("accepted as entry %" PRId64 "\n", s->number);
    else if (s->state == SENT_REFUSED)
        say_refusal(s);
    else if (s->has.n)
        printf("queued as n %" PRId64 "\n", s->n);
    else
        printf("no verdict yet\n");
}

void
sent_say(const struct sent *sent, bool json)
{
    if (!json) {
        say_plainly(sent);
        return;
    }
    struct arena *arena = arena_new();
    struct text text = record_to_json(arena, &sent_record, sent);
    printf("%.*s\n", (int)text.len, text.at);
    arena_destroy(&arena);
}

int
sent_complain(const char *label, const struct fault *fault)
{
    return talk_complain(EXIT_REFUSED, "%s: refused: %s: %s%s%s", label,
                         word_text(&fault_codes, (int)fault->code), fault->field,
                         *fault->field ? ": " : "", fault->reason);
}
