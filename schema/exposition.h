/* What a program counts, as Prometheus reads it: its text format 0.0.4, from a table
   that says of each metric where its numbers lie in the program's own struct.

       static const struct metric list[] = {
           {"maat_agent_waiting_submissions", "Submissions that wait.", METRIC_GAUGE,
            .offset = offsetof(struct agent_vitals, waiting)}, ...
       };
       const struct metrics metrics = {list, sizeof list / sizeof *list};
       struct text page = exposition_write(arena, &metrics, &vitals);

   Pure. Numbers are int64_t; times are kept in microseconds, and told in seconds. */
#ifndef SCHEMA_EXPOSITION_H
#define SCHEMA_EXPOSITION_H

#include "schema/arena.h"
#include "schema/record.h"

/* --- how often a value was so large ------------------------------------------------------ */

enum { HISTOGRAM_BOUNDS = 16 };

/* The least bound that a value does not pass is where it is counted; one more place is for
   those that pass all. */
struct histogram {
    const int64_t *bounds; /* rising; borrowed */
    unsigned bound_count;
    int64_t count[HISTOGRAM_BOUNDS + 1];
    int64_t sum;
};

/* The value, so many times over. */
void histogram_add(struct histogram *h, int64_t value, int64_t times);

/* --- the table --------------------------------------------------------------------------- */

enum metric_type {
    METRIC_COUNTER,   /* int64_t; never less than it was */
    METRIC_GAUGE,     /* int64_t */
    METRIC_HISTOGRAM, /* struct histogram */
    METRIC_INFO,      /* const char *, the label's value; told as a gauge of 1 */
};

enum metric_unit { IN_ONES, IN_MICROSECONDS };

struct metric {
    const char *name; /* as Prometheus asks: the unit in full, a counter's ends in _total */
    const char *help; /* a sentence; no backslash and no end of a line */
    enum metric_type type;
    enum metric_unit unit;
    size_t offset;
    const char *label;        /* NULL: none. With words, it is one int64_t for each of them */
    const char *const *words; /* of plain letters */
    unsigned word_count;
};

struct metrics {
    const struct metric *at;
    unsigned count;
};

/* "counter", as it is told. */
const char *metric_type_word(enum metric_type type);

/* All of them, in the table's order; in the arena. */
struct text exposition_write(struct arena *arena, const struct metrics *metrics,
                             const void *values);

#endif
