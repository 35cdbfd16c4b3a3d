#include "agents/agency/requests.h"

#include <stdio.h>
#include <string.h>

#include "agents/agency/log.h"

void
requests_init(struct requests *r, struct outboxes *outboxes, struct client_session *client,
              const char *software)
{
    *r = (struct requests){
        .outboxes = outboxes, .client = client, .software = software, .room = true};
}

void
requests_welcome(struct requests *r, const struct welcome *w)
{
    (void)snprintf(r->name, sizeof r->name, "%.*s", (int)w->client.len, w->client.at);
    (void)snprintf(r->board, sizeof r->board, "%.*s", (int)w->title.len, w->title.at);
}

void
requests_tell_room(struct requests *r, bool room)
{
    struct log_line line = log_event(room ? "outbox-has-room" : "outbox-full");

    if (r->room != room)
        agent_log(&line);
    r->room = room;
}

static int
answer_status(struct requests *r, struct arena *arena, struct agent_status *out)
{
    const struct link *link = client_link(r->client);
    const char *state = client_state(r->client);
    struct outbox_counts counts;
    int rc = outbox_count(r->outboxes, &link->outbox, &counts);

    if (rc)
        return rc;
    *out = (struct agent_status){.software = text_of(r->software),
                                 .client = text_of(r->name),
                                 .board = text_of(r->board),
                                 .link = link->state,
                                 .connection = text_of(arena_string(arena, state, strlen(state))),
                                 .outbox = {link->outbox.at, OUTBOX_SIZE},
                                 .last = counts.row.last,
                                 .queued = counts.row.queued,
                                 .oldest = counts.oldest,
                                 .refused = counts.row.refused,
                                 .room = r->room};
    out->has.software = out->has.link = out->has.connection = out->has.outbox = out->has.last = 1;
    out->has.queued = out->has.refused = out->has.room = out->has.spool = 1;
    out->has.client = out->has.board = r->name[0] != '\0';
    out->has.oldest = counts.oldest != 0;
    return 0;
}

static void
answer_failure(struct arena *arena, int rc, struct answer *out)
{
    const char *text = outbox_error_text(rc);

    *out = (struct answer){.later = text_of(arena_string(arena, text, strlen(text)))};
    out->has.later = 1;
}

void
requests_answer(void *context, struct arena *arena, const struct request *request,
                struct answer *out)
{
    struct requests *r = context;
    int rc = 0;

    switch (request->ask) {
    case ASK_STATUS:
        out->has.status = 1;
        rc = answer_status(r, arena, &out->status);
        break;
    case ASK_REFUSED:
    case ASK_RETRY:
    case ASK_SEEN:
    case LOCAL_ASK_COUNT: break;
    }
    if (rc)
        answer_failure(arena, rc, out);
}
