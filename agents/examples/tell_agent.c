/* The same as report.c where maat-agent runs on this host: it keeps what it is told, and
   no key is needed. Waits for the verdict with a second argument "wait".

       cc -o tell_agent tell_agent.c $(pkg-config --cflags --libs maat)
       ./tell_agent /run/maat/agent.sock '{"kind": "progress", "action": "da-2016/1.1",
                                           "note": "Second course held"}' wait           */
#include <inttypes.h>
#include <maat.h>
#include <stdio.h>

enum { PATIENCE = 30000 };

static int
tell(struct maat_agent *a, const char *json, bool wait)
{
    struct maat_fault why = {{0}, {0}, {0}};
    int64_t n = 0;
    int64_t number = 0;
    enum maat_outcome outcome = maat_agent_submit(a, json, wait, &n, &number, &why);

    if (outcome != MAAT_DONE)
        (void)fprintf(stderr, "tell_agent: %s: %s\n", why.field, why.reason);
    else if (wait)
        printf("accepted as entry %" PRId64 "\n", number);
    else
        printf("queued as n %" PRId64 "\n", n);
    return maat_exit_code(outcome);
}

int
main(int argc, char **argv)
{
    struct maat_fault why = {{0}, {0}, {0}};
    struct maat_agent *a = NULL;

    if (argc < 3) {
        (void)fprintf(stderr, "usage: tell_agent SOCKET JSON [wait]\n");
        return 2;
    }
    enum maat_outcome outcome = maat_agent_open(&a, argv[1], &why);
    if (outcome != MAAT_DONE) {
        (void)fprintf(stderr, "tell_agent: %s\n", why.reason);
        return maat_exit_code(outcome);
    }
    maat_agent_patience(a, PATIENCE);
    int rc = tell(a, argv[2], argc > 3);
    maat_agent_close(&a);
    return rc;
}
