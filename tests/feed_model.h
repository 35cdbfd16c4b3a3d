/* Who may see what of a feed, found a second time: from what was accepted, with
   nothing of the broker's or of schema/access. A small world: every agency, client,
   plan and action of it has its place in a list of names. */
#ifndef TESTS_FEED_MODEL_H
#define TESTS_FEED_MODEL_H

#include "schema/fold.h"

enum {
    MODEL_AGENCIES = 7,
    MODEL_CLIENTS = 11,
    MODEL_PLANS = 5, /* those after the first have names that nothing else contains */
    MODEL_REFS = 3,  /* actions of a plan: 1, 2, 3 */
    MODEL_NONE = -1,
};
extern const char *const model_agencies[MODEL_AGENCIES];
extern const char *const model_clients[MODEL_CLIENTS];
extern const char *const model_plans[MODEL_PLANS];

/* The place of a name, an agency's or plan's also before a "/"; or MODEL_NONE. */
int model_agency(struct text name);
int model_client(struct text name);
int model_plan(struct text name);
int model_action(struct text name); /* its plan's place * MODEL_REFS + ref - 1 */

/* After an entry: what rights follow from. Keys are known by their first byte. */
struct model {
    bool agency[MODEL_AGENCIES];
    int successor[MODEL_AGENCIES];
    struct {
        bool there, all;
        unsigned members; /* a bit each */
    } plan[MODEL_PLANS];
    struct model_client {
        int role, waiting_role; /* or MODEL_NONE */
        int key, next_key, waiting_key;
        bool revoked;
    } client[MODEL_CLIENTS];
};

void model_begin(struct model *m);

/* An entry as it concerns who may see it. */
struct model_entry {
    enum submission_kind kind;
    bool refused;
    int agency; /* whose client sent it; MODEL_NONE: the broker */
    int plan, action;
};

void model_entry_of(const struct stored *stored, struct model_entry *out);

/* Takes an entry in. */
void model_take(struct model *m, const struct stored *stored);

bool model_key_is_valid(const struct model *m, int client, int key);
bool model_sees_plan(const struct model *m, int client, int plan);
bool model_sees_entry(const struct model *m, int client, const struct model_entry *e);

#endif
