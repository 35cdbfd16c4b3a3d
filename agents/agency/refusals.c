#include "agents/agency/refusals.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "agents/files/whole_file.h"
#include "schema/codec.h"
#include "schema/submission_line.h"

enum { HEAD = 2048, MOMENT = 32 };

int
refusals_make_folder(const char *dir)
{
    return mkdir(dir, 0750) && errno != EEXIST ? -errno : 0;
}

/* The outbox's first bytes tell its files from those of an earlier one. */
static bool
path_of(const char *dir, const struct maat_outbox_id *outbox, int64_t n, char path[PATH_MAX])
{
    int len = snprintf(path, PATH_MAX, "%s/%02x%02x%02x%02x-%" PRId64 ".txt", dir, outbox->at[0],
                       outbox->at[1], outbox->at[2], outbox->at[3], n);
    return len < PATH_MAX;
}

static void
print_moment(int64_t utc, char text[MOMENT])
{
    time_t seconds = (time_t)(utc / 1000000);
    struct tm tm;

    (void)strftime(text, MOMENT, "%Y-%m-%d %H:%M:%SZ", gmtime_r(&seconds, &tm));
}

static struct text
submission_of(struct arena *arena, const struct maat_kept *kept)
{
    int kind = word_find(&submission_kinds, kept->kind, strlen(kept->kind));
    union body body;
    struct fault fault;

    if (kind < 0
        || !record_decode(arena, body_records[kind], &body, kept->body, kept->body_len, &fault))
        return text_of("");
    return submission_to_json(arena, (enum submission_kind)kind, &body);
}

int
refusals_write(const char *dir, struct arena *arena, const struct maat_outbox_id *outbox,
               const struct maat_kept *kept)
{
    struct text said = submission_of(arena, kept);
    size_t cap = HEAD + said.len;
    char *text = arena_take(arena, cap);
    char path[PATH_MAX];
    char moment[MOMENT];

    if (!path_of(dir, outbox, kept->n, path))
        return -ENAMETOOLONG;
    print_moment(kept->settled, moment);
    int len = snprintf(text, cap,
                       "The board's broker refused this submission; it is not sent again by "
                       "itself.\nWhen the cause is mended: maat-agent retry %" PRId64
                       "\nTo let it be:            maat-agent refused --seen %" PRId64 "\n\n"
                       "code     %s\nfield    %s\nreason   %s\n"
                       "refused  %s, journal number %" PRId64 "\nfrom     %s\n\n%.*s\n",
                       kept->n, kept->n, kept->code, kept->field, kept->reason, moment,
                       kept->number, kept->source, (int)said.len, said.at);
    return whole_file_write(path, 0640, text, (size_t)len);
}

void
refusals_remove(const char *dir, const struct maat_outbox_id *outbox, int64_t n)
{
    char path[PATH_MAX];

    if (path_of(dir, outbox, n, path))
        (void)unlink(path);
}
