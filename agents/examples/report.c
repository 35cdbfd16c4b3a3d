/* An agency's system in C: says how an action stands, waits for the board's verdict, and
   prints what the board then shows.

       cc -o report report.c $(pkg-config --cflags --libs maat)
       ./report police.zpl OUTBOX da-2016/1.1 "Second course held"

   Cut off at any point, what it said is in OUTBOX: the next run sends it first.        */
#include <inttypes.h>
#include <maat.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATIENCE = 30000 };

struct report {
    int64_t n; /* of what it says; the verdict on this is waited for */
    bool settled, accepted;
};

static int
complain(const char *what, const struct maat_fault *why)
{
    (void)fprintf(stderr, "report: %s: %s%s%s\n", what, why->field, *why->field ? ": " : "",
                  why->reason);
    return 1;
}

/* --- events --------------------------------------------------------------------------- */

static void
on_settled(void *context, const struct maat_kept *kept)
{
    struct report *r = context;

    if (kept->n != r->n)
        return;
    r->settled = true;
    r->accepted = kept->state == MAAT_ACCEPTED;
    if (r->accepted)
        printf("accepted as entry %" PRId64 "\n", kept->number);
    else
        printf("refused: %s: %s\n", kept->field, kept->reason);
    (void)fflush(stdout);
}

static const struct maat_events events = {.settled = on_settled};

static bool
print_page(void *context, const struct maat_record *page)
{
    char *json = maat_json(page);

    (void)context;
    printf("%s\n", json ? json : "what came can't be read");
    free(json);
    return true;
}

/* --- the work -------------------------------------------------------------------------- */

/* However long it takes. Any loop will do: the library needs to be called when its
   descriptor is readable. */
static bool
wait_for_verdict(struct maat *m, const struct report *r)
{
    struct pollfd item = {.fd = maat_fd(m), .events = POLLIN};

    while (!r->settled && maat_link(m) != MAAT_LINK_STOPPED)
        if (poll(&item, 1, -1) < 0 || maat_step(m))
            return false;
    return r->settled;
}

static int
say_and_ask(struct maat *m, struct report *r, const char *action, const char *note)
{
    struct maat_fault why = {{0}, {0}, {0}};
    char said[1000];

    int len = snprintf(said, sizeof said,
                       "{\"kind\": \"progress\", \"action\": \"%.130s\", \"note\": \"%.800s\"}",
                       action, note);
    if (maat_submit(m, NULL, said, (size_t)len, &r->n, &why) != MAAT_DONE)
        return complain("not said", &why);
    if (!wait_for_verdict(m, r)) {
        (void)fprintf(stderr, "report: no verdict yet (%s); it is kept\n", maat_link_text(m));
        return 3;
    }
    len = snprintf(said, sizeof said, "{\"what\": \"show\", \"action\": \"%.130s\"}", action);
    enum maat_outcome outcome = maat_query(m, said, (size_t)len, PATIENCE, print_page, NULL, &why);
    if (outcome != MAAT_DONE)
        return complain(maat_outcome_text(outcome), &why);
    return r->accepted ? 0 : 1;
}

int
main(int argc, char **argv)
{
    struct report r = {0};
    struct maat_fault why = {{0}, {0}, {0}};
    struct maat_outbox *outbox = NULL;
    struct maat *m = NULL;
    int rc = 1;

    if (argc != 5) {
        (void)fprintf(stderr, "usage: report KEYFILE OUTBOX PLAN/REF NOTE\n");
        return 2;
    }
    struct maat_key *key = maat_key_load(argv[1], MAAT_KEY_ALL, &why);
    if (!key)
        return complain(argv[1], &why);
    if (maat_outbox_open(&outbox, argv[2], 0, true, &why))
        return complain(argv[2], &why);
    const struct maat_settings settings = {
        .key = key, .software = "report 1.0", .outbox = outbox, .events = &events, .context = &r};
    if (maat_open(&m, &settings, &why) == MAAT_DONE)
        rc = say_and_ask(m, &r, argv[3], argv[4]);
    else
        (void)complain(argv[1], &why);
    maat_close(&m);
    maat_outbox_close(&outbox);
    maat_key_free(&key);
    return rc;
}
