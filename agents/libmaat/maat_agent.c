#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agents/libmaat/local.h"
#include "agents/libmaat/maat_inside.h"
#include "schema/json.h"
#include "schema/must.h"

struct maat_agent {
    struct local *local;
    struct arena *arena; /* of the last line */
};

enum maat_outcome
maat_agent_open(struct maat_agent **out, const char *socket, struct maat_fault *why)
{
    struct maat_agent *a = must(calloc(1, sizeof *a));
    char said[LOCAL_WHY];

    *out = NULL;
    a->arena = arena_new();
    if (local_open(&a->local, socket, said)) {
        inside_say(why, "", "%s", said);
        maat_agent_close(&a);
        return MAAT_UNREACHABLE;
    }
    *out = a;
    return MAAT_DONE;
}

void
maat_agent_close(struct maat_agent **a)
{
    if (*a) {
        local_close(&(*a)->local);
        arena_destroy(&(*a)->arena);
        free(*a);
    }
    *a = NULL;
}

void
maat_agent_patience(struct maat_agent *a, int ms)
{
    local_patience(a->local, ms);
}

int
maat_agent_say(struct maat_agent *a, const char *line, size_t len)
{
    return local_say(a->local, (struct text){line, (uint32_t)len});
}

int
maat_agent_hear(struct maat_agent *a, const char **line, size_t *len)
{
    struct text heard;
    int rc = local_hear_line(a->local, &heard);

    *line = rc ? "" : heard.at;
    *len = rc ? 0 : heard.len;
    return rc;
}

/* --- a submission ------------------------------------------------------------------------- */

static enum maat_outcome
read_answer(const struct answer *answer, bool wait, int64_t *n, int64_t *number,
            struct maat_fault *why)
{
    *n = answer->queued;
    *number = answer->accepted;
    if (answer->has.refused) {
        const struct refusal *r = &answer->refused;
        inside_say(why, word_text(&fault_codes, (int)r->code), "%.*s", (int)r->reason.len,
                   r->reason.at);
        if (why)
            memcpy(why->field, r->field.at, r->field.len < MAAT_FIELD ? r->field.len : 0);
        *number = r->number;
        return MAAT_REFUSED;
    }
    if (answer->has.later) {
        inside_say(why, "", "%.*s", (int)answer->later.len, answer->later.at);
        return MAAT_UNREACHABLE;
    }
    return answer->has.accepted || (answer->has.queued && !wait) ? MAAT_DONE : MAAT_MACHINE;
}

/* A blank where "wait" is not asked for, so that any object may follow. */
static int
say(struct maat_agent *a, const char *json, bool wait)
{
    static const char with_wait[] = "{\"wait\":true,";
    const char *open = strchr(json, '{');

    if (!wait || !open)
        return maat_agent_say(a, json, strlen(json));
    size_t rest = strlen(open + 1);
    char *line = arena_take(a->arena, sizeof with_wait + rest);
    memcpy(line, with_wait, sizeof with_wait - 1);
    memcpy(line + sizeof with_wait - 1, open + 1, rest);
    return maat_agent_say(a, line, sizeof with_wait - 1 + rest);
}

enum maat_outcome
maat_agent_submit(struct maat_agent *a, const char *json, bool wait, int64_t *n, int64_t *number,
                  struct maat_fault *why)
{
    struct answer answer;

    *n = *number = 0;
    arena_reset(a->arena);
    if (strchr(json, '\n')) {
        inside_say(why, "malformed", "is more than one line");
        return MAAT_WRONG;
    }
    int rc = say(a, json, wait);
    if (rc == 0)
        rc = local_hear(a->local, a->arena, &answer);
    if (rc == 0)
        return read_answer(&answer, wait, n, number, why);
    bool late = rc == -EAGAIN || rc == -EWOULDBLOCK;
    inside_say(why, "", "%s; whether the agent has it: maat-agent status",
               late ? "there is no answer yet" : strerror(-rc));
    return MAAT_UNREACHABLE;
}
