#include "tests/feed_model.h"

#include "schema/ids.h"

const char *const model_agencies[] = {"board",   "police", "health", "schools",
                                      "housing", "new-1",  "new-2"};
const char *const model_clients[] = {
    "board/operator", "board/lead",   "police/crm",  "board/chair", "health/crm",  "schools/crm",
    "housing/crm",    "police/watch", "health/late", "new-1/crm",   "board/watch",
};
const char *const model_plans[] = {"p", "zqzq-one", "zqzq-two", "zqzq-three", "zqzq-four"};

/* --- names ------------------------------------------------------------------------------- */

static int
place_of_name(struct text name, const char *const *names, int count)
{
    for (int i = 0; i < count; i++)
        if (text_is(name, names[i]))
            return i;
    return MODEL_NONE;
}

int
model_agency(struct text name)
{
    return place_of_name(path_first(name), model_agencies, MODEL_AGENCIES);
}

int
model_client(struct text name)
{
    return place_of_name(name, model_clients, MODEL_CLIENTS);
}

int
model_plan(struct text name)
{
    return place_of_name(path_first(name), model_plans, MODEL_PLANS);
}

int
model_action(struct text name)
{
    return model_plan(name) * MODEL_REFS + name.at[name.len - 1] - '1';
}

/* --- rights ---------------------------------------------------------------------------------- */

bool
model_key_is_valid(const struct model *m, int client, int key)
{
    const struct model_client *c = &m->client[client];
    return !c->revoked && c->role != MODEL_NONE && key && (key == c->key || key == c->next_key);
}

static int
agency_of(int client)
{
    return model_agency(text_of(model_clients[client]));
}

static bool
acts_for(const struct model *m, int agency, int other)
{
    while (other != agency && other != MODEL_NONE)
        other = m->successor[other];
    return other == agency;
}

bool
model_sees_plan(const struct model *m, int client, int plan)
{
    const int role = m->client[client].role;
    const int agency = agency_of(client);

    if (!m->plan[plan].there || role == ROLE_OPERATOR || role == MODEL_NONE)
        return false;
    bool sees = role == ROLE_LEAD || m->plan[plan].all;
    for (int a = 0; a < MODEL_AGENCIES; a++)
        sees |= (m->plan[plan].members >> a & 1) && acts_for(m, agency, a);
    return sees;
}

bool
model_sees_entry(const struct model *m, int client, const struct model_entry *e)
{
    const int role = m->client[client].role;

    if (e->refused)
        return role == ROLE_LEAD || acts_for(m, agency_of(client), e->agency);
    if (e->kind == KIND_CLIENT)
        return role == ROLE_LEAD || role == ROLE_OPERATOR;
    return e->plan == MODEL_NONE || model_sees_plan(m, client, e->plan);
}

/* --- what was accepted ------------------------------------------------------------------------ */

void
model_begin(struct model *m)
{
    *m = (struct model){0};
    for (int a = 0; a < MODEL_AGENCIES; a++)
        m->successor[a] = MODEL_NONE;
    for (int c = 0; c < MODEL_CLIENTS; c++)
        m->client[c].role = m->client[c].waiting_role = MODEL_NONE;
}

void
model_entry_of(const struct stored *stored, struct model_entry *out)
{
    const union body *body = &stored->body;
    struct text action = {"", 0};

    *out = (struct model_entry){.kind = stored->entry.kind,
                                .refused = !stored->accepted,
                                .agency = model_agency(stored->entry.client),
                                .plan = MODEL_NONE,
                                .action = MODEL_NONE};
    if (out->refused)
        return;
    if (out->kind == KIND_PLAN)
        out->plan = model_plan(body->plan.id);
    else if (out->kind == KIND_RATING && body->rating.has.plan)
        out->plan = model_plan(body->rating.plan);
    else if (out->kind == KIND_ACTION)
        action = body->action.id;
    else if (out->kind == KIND_PROGRESS)
        action = body->progress.action;
    else if (out->kind == KIND_DECISION)
        action = body->decision.action;
    if (action.len) {
        out->plan = model_plan(action);
        out->action = model_action(action);
    }
}

static void
take_plan(struct model *m, const struct plan *p)
{
    int plan = model_plan(p->id);

    m->plan[plan].there = true;
    m->plan[plan].all = p->members.all;
    m->plan[plan].members = 0;
    for (uint32_t i = 0; i < p->members.list.count; i++)
        m->plan[plan].members |= 1U << model_agency(p->members.list.at[i]);
}

static void
confirm(struct model_client *c)
{
    if (c->waiting_key) {
        c->key = c->waiting_key;
        c->next_key = 0;
    }
    if (c->waiting_role != MODEL_NONE)
        c->role = c->waiting_role;
    c->waiting_key = 0;
    c->waiting_role = MODEL_NONE;
}

static bool
oversees(int role)
{
    return role == ROLE_LEAD || role == ROLE_OBSERVER;
}

/* A lead's or observer's new key or role waits for another lead's word. */
static void
enrol(struct model_client *c, const struct client *said, bool by_broker)
{
    if (c->revoked && said->has.revoked && !said->revoked)
        c->key = c->next_key = 0;
    if (said->has.revoked)
        c->revoked = said->revoked;
    int role = said->has.role && (int)said->role != c->role ? (int)said->role : MODEL_NONE;
    int key = said->has.key && said->key.at[0] != c->key ? said->key.at[0] : 0;
    bool watched = oversees(c->role) || (said->has.role && oversees((int)said->role));
    if (role == MODEL_NONE && !key)
        return;
    c->waiting_key = key;
    c->waiting_role = role;
    if (by_broker || !watched)
        confirm(c);
}

static void
take_client(struct model *m, const struct client *said, struct text by)
{
    struct model_client *c = &m->client[model_client(said->id)];
    bool by_broker = text_is(by, "broker");

    if (said->confirm) {
        confirm(c);
    } else if (by_broker && !said->has.role) {
        c->key = c->next_key;
        c->next_key = 0;
    } else if (text_equal(by, said->id)) {
        c->next_key = said->key.at[0];
    } else {
        enrol(c, said, by_broker);
    }
}

void
model_take(struct model *m, const struct stored *stored)
{
    const union body *body = &stored->body;

    if (!stored->accepted)
        return;
    if (stored->entry.kind == KIND_AGENCY) {
        int agency = model_agency(body->agency.id);
        m->agency[agency] = true;
        m->successor[agency] =
            body->agency.has.succeeded_by ? model_agency(body->agency.succeeded_by) : MODEL_NONE;
    }
    if (stored->entry.kind == KIND_PLAN)
        take_plan(m, &body->plan);
    if (stored->entry.kind == KIND_CLIENT)
        take_client(m, &body->client, stored->entry.client);
}
