#include "agents/cli/sending/through_agent.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agents/libmaat/maat.h"
#include "schema/codec.h"
#include "schema/json.h"
#include "schema/local.h"
#include "schema/submission_line.h"

/* Said before the first of them must be answered. */
enum { AHEAD = 64 };

static struct text
line_of(struct sending *s, const struct submission *sub)
{
    static const char wait[] = "{\"wait\":true,";
    const struct record *r = body_records[sub->sent.kind];
    union body body;
    struct fault fault;

    if (!record_decode(s->scratch, r, &body, sub->body.at, sub->body.len, &fault))
        abort(); /* it was checked when it was added */
    struct text json = submission_to_json(s->scratch, sub->sent.kind, &body);
    if (!s->talk->options.wait)
        return json;
    char *line = arena_take(s->scratch, json.len + sizeof wait);
    memcpy(line, wait, sizeof wait - 1);
    memcpy(line + sizeof wait - 1, json.at + 1, json.len - 1);
    return (struct text){line, json.len + (uint32_t)sizeof wait - 2};
}

static void
take_refusal(struct arena *arena, struct sent *sent, const struct refusal *refusal)
{
    sent->state = SENT_REFUSED;
    KEEP(sent, refusal, number);
    KEEP(sent, refusal, code);
    KEEP(sent, refusal, field);
    KEEP(sent, refusal, reason);
    sent->field.at = arena_copy(arena, refusal->field.at, refusal->field.len);
    sent->reason.at = arena_copy(arena, refusal->reason.at, refusal->reason.len);
}

/* Its exit code. */
static int
take_answer(struct sending *s, struct sent *sent, const struct answer *answer)
{
    int rc = EXIT_DONE;

    if (answer->has.later)
        return talk_complain(EXIT_UNREACHABLE, "%s: the agent at %s can't take it now: %.*s",
                             sent->label.at, s->talk->config.agent, (int)answer->later.len,
                             answer->later.at);
    sent->n = answer->queued;
    sent->has.n = answer->has.queued;
    if (answer->has.accepted) {
        sent->state = SENT_ACKNOWLEDGED;
        sent->number = answer->accepted;
        sent->has.number = 1;
    }
    if (answer->has.refused) {
        take_refusal(s->talk->arena, sent, &answer->refused);
        rc = EXIT_REFUSED;
    }
    sent_say(sent, s->talk->options.json);
    return rc;
}

static int
lost(const struct sending *s, size_t heard, int error)
{
    bool late = error == -EAGAIN || error == -EWOULDBLOCK;

    return talk_complain(EXIT_UNREACHABLE,
                         "%s: the agent at %s %s. Whether it has this one and those after it: "
                         "maat-agent status",
                         s->list[heard].sent.label.at, s->talk->config.agent,
                         late ? "has no answer yet" : strerror(-error));
}

static int
hear(struct sending *s, struct maat_agent *agent, struct answer *out)
{
    struct fault fault;
    const char *line;
    size_t len;
    int rc = maat_agent_hear(agent, &line, &len);

    if (rc)
        return rc;
    return record_from_json(s->scratch, &answer_record, out, line, len, &fault) ? 0 : -EPROTO;
}

static int
say_and_hear(struct sending *s, struct maat_agent *agent)
{
    int exit_code = EXIT_DONE;
    size_t said = 0;
    struct answer answer;
    int rc = 0;

    for (size_t heard = 0; heard < s->count; heard++) {
        for (; rc == 0 && said < s->count && said < heard + AHEAD; said++) {
            arena_reset(s->scratch);
            struct text line = line_of(s, &s->list[said]);
            rc = maat_agent_say(agent, line.at, line.len);
        }
        arena_reset(s->scratch);
        if (rc || (rc = hear(s, agent, &answer)))
            return lost(s, heard, rc);
        int one = take_answer(s, &s->list[heard].sent, &answer);
        exit_code = one > exit_code ? one : exit_code;
    }
    return exit_code;
}

int
through_agent_send(struct sending *s)
{
    struct maat_agent *agent;
    struct maat_fault why;

    for (size_t i = 0; i < s->count; i++)
        if (s->list[i].unseen)
            return talk_complain(EXIT_REFUSED,
                                 "%s: an agent can't fill in `seen`: nothing was sent",
                                 s->list[i].sent.label.at);
    if (maat_agent_open(&agent, s->talk->config.agent, &why) != MAAT_DONE)
        return talk_complain(EXIT_UNREACHABLE, "the agent can't be reached: %s", why.reason);
    maat_agent_patience(agent, s->talk->ms);
    int rc = say_and_hear(s, agent);
    maat_agent_close(&agent);
    return rc;
}
