/* Whether another program works by the same key, as the broker says with WELCOME and PONG. */
#include <ctype.h>
#include <string.h>

#include "agents/libmaat/link_inside.h"

/* A person will read it, on a terminal too. */
static void
copy_address(struct text from, char to[SHARER_ADDRESS + 1])
{
    uint32_t i = 0;

    for (; i < from.len; i++) {
        unsigned char c = (unsigned char)from.at[i];
        to[i] = from.at[i];
        if (c >= 0x80 || !(isalnum(c) || strchr(".:-", c)))
            to[i] = '?';
    }
    to[i] = '\0';
}

void
link_hear_shared(struct link *l, const struct sharer *sharer)
{
    struct link_shared now = {.is = sharer != NULL};

    if (!l->alone)
        return;
    if (sharer) {
        now.since = sharer->since;
        copy_address(sharer->has.address ? sharer->address : text_of(""), now.address);
    }
    bool same = now.is == l->shared.is && now.since == l->shared.since
                && strcmp(now.address, l->shared.address) == 0;
    l->shared = now;
    if (!same && l->events->shared)
        l->events->shared(l->context, &l->shared);
}
