/* A query's rows, printed as they are asked for: a table, CSV, or JSON, an object a
   line with the field names of the schema. */
#ifndef AGENTS_CLI_SHOWING_ROWS_H
#define AGENTS_CLI_SHOWING_ROWS_H

#include "agents/cli/showing/listing.h"
#include "agents/cli/talk.h"

struct rows {
    const struct record *record;                       /* of a row */
    struct list (*of)(const struct result *page);      /* the page's rows */
    const char *const *headings;                       /* of the table */
    void (*cells)(struct listing *l, const void *row); /* its cells, in their order */
    const char *none;                                  /* what is said where there are none */
};

/* One row as JSON, an object and the line's end. */
void rows_print_json(const struct rows *rows, const void *row);

/* Asks and prints; `what` names it where it is absent. An exit code. */
int rows_print(struct talk *t, const struct query *q, const char *what, const struct rows *rows);

/* A command that does nothing else. */
int rows_list(const struct invocation *in, struct arena *arena, const struct query *q,
              const char *what, const struct rows *rows);

#endif
