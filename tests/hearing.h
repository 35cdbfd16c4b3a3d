/* A board in memory, to try the rules on: what each client says is a line of
   JSON, what becomes of it a line of text.

       struct hearing *h = hearing_open("2016-04-01");
       CHECK_STR("accepted", hearing_say(h, "police/crm", "{'kind': 'progress', ...}"));
       CHECK_STR("gate override", hearing_say(h, "board/lead", "{'kind': 'decision', ...}"));

   Single quotes stand for JSON's own.
   It has agencies police, health, schools, housing (sector voluntary), board
   (partnership) and ofsted (oversight); clients AGENCY/crm (role agency) of
   each of the first four, board/lead and board/chair (leads), board/operator,
   and ofsted/inspector (observer). Every entry is kept, and hearing_close checks
   that folding them anew gives the same state.                               */
#ifndef TESTS_HEARING_H
#define TESTS_HEARING_H

#include "schema/judge.h"
#include "schema/rating.h"

struct hearing {
    struct state *state;
    struct arena *arena;
    int64_t number; /* of the newest entry */
    int32_t day;
    struct fault fault; /* of the last refusal */
    char said[200];
    struct {
        uint8_t *at;
        uint32_t len;
    } * entries;
    size_t cap;
};

struct hearing *hearing_open(const char *day);

/* The same agencies, but board/operator is the only client yet. */
struct hearing *hearing_found(const char *day);

void hearing_close(struct hearing *h);

/* The broker's day from now on. */
void hearing_day(struct hearing *h, const char *day);

/* The moment at which its entries are made. */
int64_t hearing_time(const struct hearing *h);

/* The next entry, which is folded into the state already: it becomes one of those kept. */
void hearing_keep(struct hearing *h, struct bytes entry);

/* Judges and folds: "accepted", or the fault's code and field ("rule status").
   In the line SEEN stands for the newest entry's number, and `epoch` is added
   where `seen` is. printf's arguments. */
const char *hearing_say(struct hearing *h, const char *client, const char *line, ...)
    __attribute__((format(printf, 3, 4)));

/* The rating of an action today, with its reasons: "red overdue no-evidence". */
const char *hearing_rating(struct hearing *h, const char *action);

/* A row as JSON; "" if there is none. */
const char *hearing_action(struct hearing *h, const char *action);
const char *hearing_part(struct hearing *h, const char *action, const char *agency);

/* Says each line and checks what becomes of it. */
struct hearing_line {
    const char *client, *want, *line;
};
void hearing_run(struct hearing *h, const struct hearing_line *lines, size_t count);
#define HEARING_RUN(h, lines) hearing_run(h, lines, sizeof(lines) / sizeof *(lines))

/* A plan `p` of which all are members, and its action p/1 led by police and
   health, due on the day. */
void hearing_plan(struct hearing *h, const char *due);

#endif
