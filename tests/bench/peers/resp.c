#include "tests/bench/peers/resp.h"

#include <stdlib.h>
#include <string.h>

bool
resp_read(const char *at, size_t len, struct resp_token *t)
{
    const char *end = len ? memchr(at, '\n', len) : NULL;

    if (!end)
        return false;
    *t = (struct resp_token){*at, strtoll(at + 1, NULL, 10), at + 1, (size_t)(end - at) - 2,
                             (size_t)(end - at) + 1};
    if (*at != '$' || t->number < 0)
        return true;
    t->text = end + 1;
    t->len = (size_t)t->number;
    t->whole += t->len + 2;
    return t->whole <= len;
}

bool
resp_ends(struct resp *reply, const struct resp_token *t)
{
    if (reply->left == 0)
        reply->left = 1;
    reply->left += t->kind == '*' && t->number > 0 ? t->number - 1 : -1;
    return reply->left == 0;
}
