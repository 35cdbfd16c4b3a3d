/* What became of the lines of a spool file, beside it, as it becomes known:

       NAME.done       {"file":...,"line":2,"n":17,"number":2041,"at":"2016-04-01T09:12:03Z"}
                       {"file":...,"line":4,"unchanged":true,"at":...}
       NAME.refused    {"file":...,"line":3,"code":...,"field":...,"reason":...,"at":...}

   JSON Lines, appended. `file` is the name that the agent gave the file when it
   took it (TIME-NAME, as in taken/): a file of the same name may come every night,
   and verdicts on the one of yesterday late. A new file's results begin anew.
   What has such a name and is no file of the agent's own is told of (spool-file-left), and
   neither read nor written: those results are nowhere. */
#ifndef AGENTS_AGENCY_SPOOL_RESULTS_H
#define AGENTS_AGENCY_SPOOL_RESULTS_H

#include "agents/libmaat/maat.h"
#include "schema/fault.h"

struct results;

/* In the folder of this descriptor, which it makes its own of. */
struct results *results_open(int folder);
void results_close(struct results **r);

/* "1467294000000000-police.csv" is "police.csv". */
const char *results_name(const char *file);

/* A file of this name is about to be taken: what is there of an earlier one goes. 0
   or -errno, here and below. */
int results_begin(struct results *r, const char *name);

/* The agent refused a line, 0 for the file as a whole; or passed over a row that says nothing.
   `wall` is the time of day. */
int results_refuse(struct results *r, const char *file, int64_t line, const struct fault *why,
                   int64_t wall);
int results_pass(struct results *r, const char *file, int64_t line, int64_t wall);

/* The broker's verdict on a line. */
int results_settle(struct results *r, const char *file, int64_t line, const struct maat_kept *kept);

/* Whether it was said before: of a line that the agent refused or passed over, or of an n. Reads
   the files of results, once for many questions about one. */
bool results_hold_line(struct results *r, const char *file, int64_t line);
bool results_hold_n(struct results *r, const char *file, int64_t n);

/* What was said is durable when this returns 0. */
int results_sync(struct results *r);

#endif
