#include "agents/agency/spool/intake.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agents/agency/events.h"
#include "agents/libmaat/maat.h"

enum { SECOND = 1000000, DAY_SECONDS = 86400 };

/* --- coming and going -------------------------------------------------------------------- */

int
spool_intake_open(struct spool_intake *i, const struct agent_option *o, bool stamped,
                  struct why *why)
{
    *i = (struct spool_intake){.settle = o->settle_ms * 1000, .kept_days = o->taken_days};
    int rc = spool_folder_open(&i->folder, o->spool, o->spool_group, why);
    if (rc)
        return rc;
    i->folder.stamped = stamped;
    i->results = results_open(i->folder.at[SPOOL_WAITS]);
    spool_arrivals_begin(&i->arrivals, &i->folder);
    spool_intake_resume(i);
    return 0;
}

void
spool_intake_close(struct spool_intake *i)
{
    spool_file_close(&i->rows);
    spool_names_free(&i->claimed);
    spool_arrivals_end(&i->arrivals);
    spool_folder_close(&i->folder);
}

struct pollfd
spool_intake_item(const struct spool_intake *i)
{
    return (struct pollfd){.fd = i->arrivals.notify, .events = POLLIN};
}

void
spool_intake_resume(struct spool_intake *i)
{
    spool_file_close(&i->rows);
    (void)spool_names_list(&i->folder, SPOOL_TAKING, &i->claimed, NULL, NULL);
    i->again = i->loose = true;
}

/* What is wrong with the folder, not with a file of it. */
static bool
is_of_disk(int rc)
{
    return rc == -EROFS || rc == -ENOSPC || rc == -EDQUOT || rc == -EIO;
}

/* Once, however many files wait; and when one could be taken. */
static void
tell_disk(struct spool_intake *i, int rc)
{
    struct log_line line = agent_event(rc ? AGENT_SPOOL_STANDS : AGENT_SPOOL_GOES_ON);

    if (i->stands == (rc != 0))
        return;
    i->stands = rc != 0;
    log_word(&line, "folder", i->folder.root);
    if (rc)
        log_word(&line, "reason", strerror(-rc));
    log_write(&line);
}

static void
tell(struct spool_intake *i, const char *file, int rc)
{
    if (is_of_disk(rc))
        tell_disk(i, rc);
    else
        spool_arrivals_odd(&i->arrivals, file,
                           rc == -EPERM ? "the folder is sticky and another user's: as root, chown "
                                          "it to the agent's user"
                                        : maat_error_text(rc));
}

void
spool_intake_rest(struct spool_intake *i, int rc, int64_t now)
{
    if (rc)
        tell(i, *i->file ? i->file : i->folder.root, rc);
    i->rest_until = now + SECOND;
}

void
spool_intake_goes_on(struct spool_intake *i)
{
    tell_disk(i, 0);
}

bool
spool_intake_rests(const struct spool_intake *i, int64_t now)
{
    return now < i->rest_until;
}

void
spool_intake_prune(const struct spool_intake *i, int64_t wall)
{
    spool_folder_prune(&i->folder, wall - i->kept_days * DAY_SECONDS * SECOND);
}

/* --- which file --------------------------------------------------------------------------- */

/* Those of a rest stand with its file's. */
static void
begin_results(struct spool_intake *i, const char *name)
{
    if (!i->folder.stamped)
        (void)results_begin(i->results, name);
    else if (!spool_folder_is_rest(name))
        (void)results_begin(i->results, results_name(name));
}

/* First the results, so that it is never claimed with those of an earlier one beside it. */
static void
claim(struct spool_intake *i, const char *name, int64_t wall)
{
    int rc = spool_folder_is_ready(&i->folder, name, i->settle, wall);

    if (rc == 1) {
        begin_results(i, name);
        rc = spool_folder_claim(&i->folder, name, wall, &i->claimed);
    }
    if (rc < 0 && rc != -ENOENT)
        tell(i, name, rc);
}

static void
claim_some(struct spool_intake *i, int64_t now, int64_t wall)
{
    const char *name;

    i->again = false;
    i->claimed.count = i->claimed.next = 0;
    while (i->claimed.count < SPOOL_CLAIMS && (name = spool_arrivals_next(&i->arrivals, now)))
        claim(i, name, wall);
    i->loose = i->claimed.count > 0;
}

/* Durable before a row is passed on: else a file could wait once more after a fall of the machine,
   and be taken again. */
int
spool_intake_next(struct spool_intake *i, int64_t now, int64_t wall, const char **file)
{
    if (i->claimed.next == i->claimed.count)
        claim_some(i, now, wall);
    int rc = i->loose ? spool_folder_sync_claimed(&i->folder) : 0;
    i->loose = rc != 0;
    if (rc || i->claimed.next == i->claimed.count)
        return rc;
    *file = i->claimed.at[i->claimed.next++].name;
    return 1;
}

/* --- its rows ------------------------------------------------------------------------------ */

/* Once. */
static bool
was_told(struct spool_intake *i, int64_t line)
{
    return i->again && results_hold_line(i->results, i->said_as, line);
}

static int
refuse_whole(struct spool_intake *i, const struct fault *why, int64_t wall)
{
    if (was_told(i, 0))
        return 0;
    i->told = true;
    return results_refuse(i->results, i->said_as, 0, why, wall);
}

int
spool_intake_begin(struct spool_intake *i, const char *file, const char *said_as, int64_t line,
                   int64_t wall, struct fault *why)
{
    struct log_line said = agent_event(AGENT_SPOOL_FILE);

    (void)snprintf(i->file, sizeof i->file, "%s", file);
    (void)snprintf(i->said_as, sizeof i->said_as, "%s", said_as);
    if (!spool_folder_time(file, &i->handed_in) || i->handed_in > wall)
        i->handed_in = wall;
    i->line = line;
    i->unreadable = false;
    int fd = spool_folder_read(&i->folder, file);
    if (fd == -ENOENT)
        return fd;
    log_word(&said, "file", file);
    log_write(&said);
    const char *kind = strcmp(file, said_as) == 0 ? file : "";
    int rc = fd < 0 ? fd : spool_file_open(&i->rows, fd, kind, why);
    if (rc == 1 && !(rc = spool_file_go(i->rows, line)))
        return 1;
    spool_file_close(&i->rows);
    if (rc < 0)
        fault_set(why, FAULT_MALFORMED, "", "can't be read: %s", strerror(-rc));
    return refuse_whole(i, why, wall);
}

void
spool_intake_end(struct spool_intake *i)
{
    spool_file_close(&i->rows);
}

int
spool_intake_row(struct spool_intake *i, struct arena *arena, struct spool_row *row)
{
    int rc = i->unreadable ? 0 : spool_file_next(i->rows, arena, row);

    if (rc < 0) {
        i->unreadable = true;
        *row = (struct spool_row){.line = i->line + 1, .whole = true, .refused = true};
        fault_set(&row->why, FAULT_MALFORMED, "", "the file can't be read from here on: %s",
                  strerror(-rc));
    }
    if (rc)
        i->line = row->line;
    return rc != 0;
}

int
spool_intake_tell(struct spool_intake *i, struct spool_row *row, int64_t wall)
{
    if (!row->whole && row->why.code == FAULT_MALFORMED)
        fault_set(&row->why, FAULT_MALFORMED, "",
                  "the file ends within this line: it may have been cut off");
    if (was_told(i, row->line))
        return 0;
    i->told = true;
    int rc = row->nothing ? results_pass(i->results, i->said_as, row->line, wall)
                          : results_refuse(i->results, i->said_as, row->line, &row->why, wall);
    return rc ? rc : 1;
}

int
spool_intake_sync(struct spool_intake *i)
{
    int rc = i->told ? results_sync(i->results) : 0;

    i->told = rc != 0;
    return rc;
}
