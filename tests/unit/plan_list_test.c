#include "agents/agency/plan_list.h"
#include "tests/t.h"

static void
add(struct plan_list *l, const char *id)
{
    struct text text = text_of(id);
    plan_list_add(l, text.at, text.len);
}

TEST(plan_list_is_as_it_was_shown_last)
{
    const struct text *first;
    struct plan_list l;

    plan_list_init(&l);
    CHECK(!l.known);
    CHECK(!plan_list_has(&l, text_of("da")));
    CHECK(plan_list_take(&l)); /* none, but that is known now */
    CHECK(l.known);
    CHECK(!plan_list_take(&l));
    add(&l, "neglect");
    add(&l, "da-2");
    add(&l, "da");
    add(&l, "");
    CHECK(!plan_list_has(&l, text_of("da")));
    CHECK(plan_list_take(&l));
    CHECK(plan_list_has(&l, text_of("da")));
    CHECK(plan_list_has(&l, text_of("neglect")));
    CHECK(!plan_list_has(&l, text_of("d")));
    CHECK(!plan_list_has(&l, text_of("da-")));
    CHECK_INT(3, plan_list_after(&l, text_of(""), &first));
    CHECK(text_is(*first, "da"));
    CHECK_INT(1, plan_list_after(&l, text_of("da-2"), &first));
    CHECK(text_is(*first, "neglect"));
    CHECK_INT(0, plan_list_after(&l, text_of("neglect"), &first));
    add(&l, "da");
    plan_list_begin(&l); /* the connection was lost: from the beginning */
    add(&l, "neglect");
    add(&l, "da");
    add(&l, "da-2");
    CHECK(!plan_list_take(&l)); /* in another order */
    add(&l, "other");
    CHECK(plan_list_take(&l));
    CHECK(!plan_list_has(&l, text_of("da")));
    plan_list_end(&l);
}

TEST(plan_list_holds_many)
{
    struct plan_list l;
    char id[16];

    plan_list_init(&l);
    for (int i = 0; i < 1000; i++) {
        (void)snprintf(id, sizeof id, "p%d", i);
        add(&l, id);
    }
    CHECK(plan_list_take(&l));
    CHECK_INT(1000, l.shown.count);
    CHECK(plan_list_has(&l, text_of("p999")));
    CHECK(!plan_list_has(&l, text_of("p1000")));
    plan_list_end(&l);
}
