#include "agents/agency/commands/running.h"

#include <poll.h>
#include <string.h>

#include "agents/agency/watched.h"
#include "schema/wire/host_clock.h"

enum { AGAIN_MS = 100, THOUSAND = 1000 };

bool
running_uses_another(const struct agent_status *s, const struct maat_key *key)
{
    return s->has.key && (!s->has.client || text_is(s->client, maat_key_client(key)))
           && memcmp(s->key.at, maat_key_public(key), MAAT_KEY_SIZE) != 0;
}

static bool
uses(struct text outbox, const struct maat_key *key)
{
    struct arena *arena = arena_new();
    struct agent_status s;
    struct why why;
    bool well = watched_ask(arena, outbox, &s, &why) == 0 && !running_uses_another(&s, key);

    arena_destroy(&arena);
    return well;
}

bool
running_await_key(struct text outbox, const struct maat_key *key, int ms)
{
    int64_t until = clock_microseconds(CLOCK_MONOTONIC) + (int64_t)ms * THOUSAND;

    while (!uses(outbox, key)) {
        if (clock_microseconds(CLOCK_MONOTONIC) >= until)
            return false;
        (void)poll(NULL, 0, AGAIN_MS);
    }
    return true;
}
