#include "agents/cli/watch/state.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "agents/cli/talk.h"
#include "agents/files/whole_file.h"
#include "schema/json.h"
#include "schema/must.h"

WATCH_STATE_RECORDS(RECORD_TABLE)

enum { STATE_BYTES = 1024 * 1024 };

/* --- reading ------------------------------------------------------------------------- */

/* Two watches with one file would each think that the other's events were written. */
static int
lock_it(struct watch_state *s)
{
    char path[CONFIG_PATH + 8];

    (void)snprintf(path, sizeof path, "%s.lock", s->path);
    s->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (s->lock < 0)
        return talk_complain(EXIT_MACHINE, "%s can't be made: %s", path, strerror(errno));
    if (flock(s->lock, LOCK_EX | LOCK_NB) == 0)
        return EXIT_DONE;
    return talk_complain(EXIT_USAGE, "another watch uses the state file %s: one each", s->path);
}

/* 1, or 0 where there is none yet; negative: -errno. */
static int
read_file(const char *path, char text[STATE_BYTES], size_t *len)
{
    FILE *in = fopen(path, "re");

    if (!in)
        return errno == ENOENT ? 0 : -errno;
    *len = fread(text, 1, STATE_BYTES, in);
    int rc = ferror(in) ? -EIO : *len == STATE_BYTES ? -EFBIG : 1;
    (void)fclose(in);
    return rc;
}

static bool
same_texts(const struct texts *a, const struct texts *b)
{
    for (uint32_t i = 0; i < a->count && a->count == b->count; i++)
        if (!text_equal(a->at[i], b->at[i]))
            return false;
    return a->count == b->count;
}

static int
take_kept(struct watch_state *s, const struct watch_kept *kept)
{
    const struct watch_kept *about = &s->kept;

    if (!text_equal(kept->board, about->board) || !text_equal(kept->client, about->client))
        return talk_complain(EXIT_USAGE, "the state file %s is of %.*s at %.*s: take another",
                             s->path, (int)kept->client.len, kept->client.at, (int)kept->board.len,
                             kept->board.at);
    if (!same_texts(&kept->filter, &about->filter))
        return talk_complain(EXIT_USAGE,
                             "the state file %s is of a watch for other plans, agencies, themes or "
                             "colours: take another",
                             s->path);
    if ((kept->has.epoch ? kept->epoch : 0) != about->epoch)
        return talk_complain(EXIT_UNREACHABLE,
                             "the state file %s is of the journal as it was before the board was "
                             "restored from a backup: once it is understood what is missing, move "
                             "it away to begin anew",
                             s->path);
    for (uint32_t i = 0; i < kept->plans.count; i++)
        watch_state_plan(s, kept->plans.at[i], true);
    if (kept->has.number && kept->has.root)
        watch_state_head(s, kept->number, kept->root.at);
    if (kept->has.device && kept->has.inode && kept->has.size)
        watch_state_output(s, kept->device, kept->inode, kept->size);
    watch_state_upto(s, kept->upto);
    s->moved = false;
    return EXIT_DONE;
}

static int
load(struct watch_state *s)
{
    char *text = arena_take(s->arena, STATE_BYTES);
    struct watch_kept kept;
    struct fault fault;
    size_t len = 0;
    int rc = read_file(s->path, text, &len);

    if (rc == 0)
        return EXIT_DONE;
    if (rc < 0)
        return talk_complain(EXIT_MACHINE, "the state file %s can't be read: %s", s->path,
                             strerror(-rc));
    if (record_from_json(s->arena, &watch_kept_record, &kept, text, len, &fault))
        return take_kept(s, &kept);
    return talk_complain(EXIT_USAGE, "%s is no state file of a watch: %s%s%s", s->path, fault.field,
                         *fault.field ? ": " : "", fault.reason);
}

int
watch_state_open(struct watch_state *s, const char *path, const struct watch_kept *about)
{
    int rc;

    *s = (struct watch_state){.kept = *about, .arena = arena_new(), .lock = -1};
    s->kept.has.board = s->kept.has.client = s->kept.has.filter = s->kept.has.upto = 1;
    s->kept.has.epoch = 1;
    if (!path)
        return EXIT_DONE;
    (void)snprintf(s->path, sizeof s->path, "%s", path);
    if ((rc = lock_it(s)) == EXIT_DONE)
        rc = load(s);
    if (rc != EXIT_DONE)
        watch_state_close(s);
    return rc;
}

void
watch_state_close(struct watch_state *s)
{
    for (size_t i = 0; i < s->plans.count; i++)
        free(s->plans.at[i]);
    roll_end(&s->plans);
    if (s->lock >= 0)
        (void)close(s->lock);
    arena_destroy(&s->arena);
}

/* --- moving ---------------------------------------------------------------------------- */

void
watch_state_upto(struct watch_state *s, int64_t upto)
{
    s->moved = s->moved || !s->resumes || s->kept.upto != upto;
    s->kept.upto = upto;
    s->resumes = true;
}

void
watch_state_plan(struct watch_state *s, struct text id, bool seen)
{
    struct watch_plan *plan = roll_find(&s->plans, id);

    if (seen == (plan != NULL))
        return;
    s->moved = true;
    if (plan) {
        roll_remove(&s->plans, plan);
        free(plan);
        return;
    }
    plan = must(malloc(sizeof *plan + id.len));
    memcpy(plan + 1, id.at, id.len);
    plan->id = (struct text){(const char *)(plan + 1), id.len};
    roll_add(&s->plans, plan);
}

void
watch_state_epoch(struct watch_state *s, int64_t epoch)
{
    s->moved = s->moved || s->kept.epoch != epoch;
    s->kept.epoch = epoch;
}

void
watch_state_head(struct watch_state *s, int64_t number, const uint8_t root[32])
{
    s->kept.number = number;
    memcpy(s->root, root, sizeof s->root);
    s->kept.root = (struct bytes){s->root, sizeof s->root};
    s->kept.has.number = s->kept.has.root = 1;
    s->moved = true;
}

void
watch_state_output(struct watch_state *s, int64_t device, int64_t inode, int64_t size)
{
    s->kept.device = device;
    s->kept.inode = inode;
    s->kept.size = size;
    s->kept.has.device = s->kept.has.inode = s->kept.has.size = 1;
}

int
watch_state_save(struct watch_state *s)
{
    if (!s->path[0] || !s->moved || !s->resumes)
        return EXIT_DONE;
    arena_reset(s->arena);
    struct text *plans = arena_take(s->arena, (s->plans.count + 1) * sizeof *plans);
    for (size_t i = 0; i < s->plans.count; i++)
        plans[i] = ((const struct watch_plan *)s->plans.at[i])->id;
    s->kept.plans = (struct texts){plans, (uint32_t)s->plans.count};
    s->kept.has.plans = 1;
    struct text json = record_to_json(s->arena, &watch_kept_record, &s->kept);
    char *line = arena_string(s->arena, json.at, json.len + 1);
    line[json.len] = '\n';
    int rc = whole_file_write(s->path, 0640, line, json.len + 1);
    if (rc)
        return talk_complain(EXIT_MACHINE, "the state file %s can't be written: %s", s->path,
                             strerror(-rc));
    s->moved = false;
    return EXIT_DONE;
}
