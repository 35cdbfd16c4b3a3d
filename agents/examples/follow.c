/* A lead's tool in C: prints each entry as it happens, and what it moved, a line of JSON
   each; started again, it goes on where it was.

       cc -o follow follow.c $(pkg-config --cflags --libs maat)
       ./follow lead.zpl STATE '{"plans": ["da-2016"]}'

   STATE is a file that holds the number to which all was printed. It is written after
   the lines are out: cut off between, they are printed again, and none is missed.      */
#include <inttypes.h>
#include <maat.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct tool {
    const char *state;
    bool over;
};

static void
print(const char *what, const struct maat_record *record)
{
    char *json = record ? maat_json(record) : NULL;

    printf(",\"%s\":%s", what, json ? json : "null");
    free(json);
}

static void
on_happened(void *context, const struct maat_happening *h)
{
    (void)context;
    printf("{\"day\":\"%s\"", h->day);
    print("entry", h->entry);
    printf("}\n");
    for (size_t i = 0; i < h->count; i++) {
        printf("{\"action\":\"%s\"", h->changes[i].action);
        print("before", h->changes[i].before);
        print("after", h->changes[i].after);
        printf("}\n");
    }
}

/* Whole or not at all: beside it first, then in its place. */
static void
on_upto(void *context, int64_t upto)
{
    const struct tool *t = context;
    char beside[1000];

    (void)fflush(stdout);
    (void)snprintf(beside, sizeof beside, "%.900s.new", t->state);
    FILE *out = fopen(beside, "w");
    if (!out || fprintf(out, "%" PRId64 "\n", upto) < 0 || fclose(out) || rename(beside, t->state))
        perror(t->state);
}

static void
on_over(void *context, const char *code, const char *reason)
{
    struct tool *t = context;

    (void)fprintf(stderr, "follow: %s: %s\n", code, reason);
    t->over = true;
}

static const struct maat_feed_events events = {
    .happened = on_happened, .upto = on_upto, .over = on_over};

/* The subscription with `from`, where there is a state. */
static void
fill_in(const char *state, const char *filter, char said[2000])
{
    FILE *in = fopen(state, "r");
    int64_t upto = -1;

    if (in && fscanf(in, "%" SCNd64, &upto) != 1)
        upto = -1;
    if (in)
        (void)fclose(in);
    if (upto < 0)
        (void)snprintf(said, 2000, "%.1900s", filter);
    else
        (void)snprintf(said, 2000, "{\"from\":%" PRId64 "%s%.1900s", upto,
                       strcmp(filter, "{}") == 0 ? "" : ",", strchr(filter, '{') + 1);
}

static int
run(struct maat *m, struct tool *t, const char *filter)
{
    struct pollfd item = {.fd = maat_fd(m), .events = POLLIN};
    struct maat_feed *feed;
    struct maat_fault why;
    char said[2000];

    fill_in(t->state, filter, said);
    if (maat_follow(m, said, strlen(said), &events, t, &feed, &why) != MAAT_DONE) {
        (void)fprintf(stderr, "follow: %s: %s\n", why.field, why.reason);
        return 2;
    }
    while (!t->over && maat_link(m) != MAAT_LINK_STOPPED)
        if (poll(&item, 1, -1) < 0 || maat_step(m))
            break;
    (void)fprintf(stderr, "follow: %s\n", maat_link_text(m));
    maat_unfollow(m, &feed);
    return 3;
}

int
main(int argc, char **argv)
{
    struct maat_fault why = {{0}, {0}, {0}};
    struct maat *m = NULL;
    int rc = 2;

    if (argc != 4 || !strchr(argv[3], '{')) {
        (void)fprintf(stderr, "usage: follow KEYFILE STATE SUBSCRIPTION\n");
        return 2;
    }
    struct tool t = {.state = argv[2]};
    struct maat_key *key = maat_key_load(argv[1], MAAT_KEY_ALL, &why);
    const struct maat_settings settings = {.key = key, .software = "follow 1.0"};
    if (key && maat_open(&m, &settings, &why) == MAAT_DONE)
        rc = run(m, &t, argv[3]);
    else
        (void)fprintf(stderr, "follow: %s: %s: %s\n", argv[1], why.field, why.reason);
    maat_close(&m);
    maat_key_free(&key);
    return rc;
}
