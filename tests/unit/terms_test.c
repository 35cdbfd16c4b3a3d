/* The terms of actions that are kept: found again, changed, and let go. */
#include "schema/terms.h"

#include <stdio.h>

#include "store/state_memory.h"
#include "tests/rows.h"
#include "tests/t.h"

static struct state_key
key_of(int k)
{
    char id[24];

    (void)snprintf(id, sizeof id, "plan/%d", k);
    return state_key_of(text_of(id));
}

static void
keep(struct terms **t, int k)
{
    struct state_key key = key_of(k);
    char terms[24];

    int len = snprintf(terms, sizeof terms, "terms of %d", k);
    terms_keep(t, &key, (struct bytes){(const uint8_t *)terms, (uint32_t)len});
}

static bool
is_kept(struct terms *t, int k)
{
    struct state_key key = key_of(k);
    struct bytes found;
    char terms[24];
    int len = snprintf(terms, sizeof terms, "terms of %d", k);

    if (!terms_find(t, &key, &found))
        return false;
    CHECK_INT(len, found.len);
    CHECK(memcmp(terms, found.at, found.len) == 0);
    return true;
}

TEST(terms_are_found_until_they_are_dropped)
{
    struct terms *t = NULL;
    struct state_key gone;

    CHECK(!is_kept(t, 1));
    for (int k = 0; k < 1000; k++)
        keep(&t, k);
    for (int k = 0; k < 1000; k += 3) {
        gone = key_of(k);
        terms_drop(t, &gone);
        terms_drop(t, &gone);
    }
    for (int k = 0; k < 1000; k++)
        CHECK_INT(k % 3 != 0, is_kept(t, k));
    keep(&t, 0);
    CHECK(is_kept(t, 0));
    terms_forget(&t);
    CHECK(!is_kept(t, 1));
    terms_forget(&t);
}

/* Of more than are kept some of the new ones move in, for others that nobody looks at. */
TEST(terms_that_nobody_looks_at_make_room)
{
    enum { NEW = TERMS_MAX / 4 };
    struct terms *t = NULL;
    int in = 0;

    for (int k = 0; k < TERMS_MAX; k++)
        keep(&t, k);
    for (int round = 0; round < 16; round++)
        for (int k = 0; k < NEW; k++) {
            (void)is_kept(t, k); /* one of those that are looked at */
            if (!is_kept(t, TERMS_MAX + k))
                keep(&t, TERMS_MAX + k);
        }
    for (int k = 0; k < NEW; k++)
        in += is_kept(t, TERMS_MAX + k);
    CHECK(in > 0);
    for (int k = 0; k < NEW; k++)
        in += is_kept(t, k);
    CHECK(in > NEW);
    terms_forget(&t);
}

/* As the row is now, whoever changed it. */
TEST(terms_of_an_action_follow_its_row)
{
    struct action_row row = {.id = text_of("p/1"), .standing = STANDING_OPEN};
    struct state *s = state_memory_open();
    struct arena *arena = arena_new();
    const struct action_row *terms;

    CHECK_INT(0, state_see_terms(s, arena, text_of("p/1"), &terms));
    for (int standing = STANDING_OPEN; standing <= STANDING_ASSURED; standing++) {
        row.standing = (enum standing)standing;
        rows_put(s, TABLE_ACTIONS, state_key_of(row.id), &row);
        for (int looks = 0; looks < 4; looks++) {
            arena_reset(arena);
            CHECK_INT(1, state_see_terms(s, arena, text_of("p/1"), &terms));
            CHECK_INT(standing, terms->standing);
        }
    }
    struct state_key key = state_key_of(row.id);
    CHECK_INT(1, state_remove(s, TABLE_ACTIONS, &key));
    CHECK_INT(0, state_see_terms(s, arena, text_of("p/1"), &terms));
    arena_destroy(&arena);
    state_memory_close(&s);
}
