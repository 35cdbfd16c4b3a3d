#define SD_JOURNAL_SUPPRESS_LOCATION
#include "schema/wire/logging.h"

#include <czmq.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

/* --- to journald, or to stderr ----------------------------------------------------- */

/* "DEVICE:INODE" of the stream. */
static bool
journald_listens(void)
{
    const char *stream = getenv("JOURNAL_STREAM");
    struct stat st;
    char *end;

    if (!stream || fstat(STDERR_FILENO, &st))
        return false;
    uintmax_t device = strtoumax(stream, &end, 10);
    return *end == ':' && device == st.st_dev && strtoumax(end + 1, NULL, 10) == st.st_ino;
}

/* "left-out" is kept as MAAT_LEFT_OUT. */
static void
name_field(const char *key, char name[32])
{
    (void)snprintf(name, 32, "MAAT_%s", key);
    for (char *c = name; *c; c++)
        if (*c == '-')
            *c = '_';
        else
            *c = (char)toupper((unsigned char)*c);
}

static bool
write_fields(const struct log_line *line, struct text whole)
{
    char text[3 + LOG_FIELDS][LOG_VALUES + 48];
    struct iovec fields[3 + LOG_FIELDS];
    char message[LOG_LINE + 16];
    char name[32];
    int count = 0;

    fields[count].iov_base = message;
    fields[count++].iov_len =
        (size_t)snprintf(message, sizeof message, "MESSAGE=%.*s", (int)whole.len - 1, whole.at);
    (void)snprintf(text[count++], sizeof *text, "PRIORITY=%d", line->event->severity);
    (void)snprintf(text[count++], sizeof *text, "MAAT_EVENT=%s", line->event->id);
    for (unsigned i = 0; i < line->count; i++) {
        name_field(line->fields[i].key, name);
        (void)snprintf(text[count++], sizeof *text, "%s=%s", name,
                       line->values + line->fields[i].at);
    }
    for (int i = 1; i < count; i++)
        fields[i] = (struct iovec){text[i], strlen(text[i])};
    return sd_journal_sendv(fields, count) == 0;
}

/* One write, so that lines of other processes do not come between. */
static void
write_line(const struct log_line *line)
{
    static atomic_int journald = -1;
    char room[LOG_LINE];
    struct text whole = log_line_text(line, room);

    if (journald < 0)
        journald = journald_listens();
    if (journald && write_fields(line, whole))
        return;
    ssize_t written = write(STDERR_FILENO, whole.at, whole.len);
    (void)written;
}

/* --- so many, and no more -------------------------------------------------------------- */

enum { LINES_AT_ONCE = 100, MS_A_LINE = 2000 };

/* A line costs its share of time; who is further ahead than so many lines waits. */
static struct bucket {
    const struct log_event *event;
    int64_t paid_until; /* ms of zclock_mono */
    int64_t left_out;
} buckets[EVENTS_MAX];
static pthread_mutex_t buckets_held = PTHREAD_MUTEX_INITIALIZER;

static struct bucket *
bucket_of(const struct log_event *event)
{
    struct bucket *b = buckets;

    while (b->event && b->event != event)
        b++;
    assert(b < buckets + EVENTS_MAX - 1);
    b->event = event;
    return b;
}

/* How many were left out before this one, or -1: it is to be left out too. */
static int64_t
pay(struct bucket *b, int64_t now)
{
    int64_t left_out = b->left_out;

    if (b->paid_until < now)
        b->paid_until = now;
    if (b->paid_until + MS_A_LINE > now + (int64_t)LINES_AT_ONCE * MS_A_LINE) {
        b->left_out++;
        return -1;
    }
    b->paid_until += MS_A_LINE;
    b->left_out = 0;
    return left_out;
}

void
log_write(struct log_line *line)
{
    (void)pthread_mutex_lock(&buckets_held);
    int64_t left_out = pay(bucket_of(line->event), zclock_mono());
    (void)pthread_mutex_unlock(&buckets_held);
    if (left_out < 0)
        return;
    if (left_out)
        log_number(line, "left-out", left_out);
    write_line(line);
}

void
log_left_out(void)
{
    (void)pthread_mutex_lock(&buckets_held);
    for (struct bucket *b = buckets; b->event; b++) {
        struct log_line line = log_line_of(b->event);
        if (b->left_out == 0)
            continue;
        log_number(&line, "left-out", b->left_out);
        write_line(&line);
        b->left_out = 0;
    }
    (void)pthread_mutex_unlock(&buckets_held);
}
