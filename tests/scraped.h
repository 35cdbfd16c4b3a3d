/* What a program tells Prometheus, read strictly: its text format 0.0.4, and how it asks
   metrics to be named. */
#ifndef TESTS_SCRAPED_H
#define TESTS_SCRAPED_H

#include "schema/exposition.h"
#include "tests/rig.h"

/* Fails the test at the first line that is wrong. */
void scraped_check(const char *page);

/* The value of a sample, written as on the page: `name`, or `name{label="word"}`. Fails the
   test if there is none. */
double scraped_value(const char *page, const char *sample);

/* Where a sample's number lies in what a program counts. */
struct scraped_row {
    const char *sample;
    int64_t *at;
    int64_t unit; /* 1; or 1000000, of what is told in seconds */
};

/* Gives each a number of its own, and fails the test where it is not told under its name, or
   a metric of the table has no row. */
void scraped_check_table(const struct metrics *metrics, const void *values,
                         const struct scraped_row *rows, unsigned count);

/* GET of a path at the UNIX socket in the rig's directory: the status; the content is in
   r->output. Fails the test where nobody answers. */
int scraped_get(struct rig *r, const char *socket, const char *path);

#endif
