#include "broker/feeds/follower.h"

#include <stdlib.h>

#include "schema/must.h"

static struct plan_list *
no_plans(void)
{
    return plan_list_new(NULL, 0);
}

struct follower *
follower_new(struct session *to, const struct subscribe *said, struct view *view)
{
    struct follower *f = must(calloc(1, sizeof *f));

    *f = (struct follower){.to = to, .greeting = to->greeting, .id = said->id, .view = view};
    session_hold(to);
    f->holds_all = said->has.from && said->from == 0;
    f->held = said->has.held ? plan_list_new(said->held.at, said->held.count) : no_plans();
    if (said->has.credit)
        follower_grant(f, said->credit);
    return f;
}

void
follower_free(struct follower *f, struct views *views)
{
    session_let_go(f->to);
    views_let_go(views, f->view);
    plan_list_let_go(f->told);
    plan_list_let_go(f->held);
    free(f);
}

bool
follower_is_gone(const struct follower *f)
{
    return f->over || f->to->ended || !f->to->open || f->to->greeting != f->greeting;
}

bool
follower_is_over(const struct follower *f)
{
    return f->revoked || follower_is_gone(f);
}

bool
follower_is_level(const struct follower *f, int64_t number, uint64_t rights)
{
    return f->live && f->upto >= number && f->view->as_of == rights && f->told == f->view->plans
           && f->plans_told && f->sweep.kind == SWEEP_NONE;
}

void
follower_grant(struct follower *f, int64_t credit)
{
    f->credit = credit > FEED_CREDIT_MAX - f->credit ? FEED_CREDIT_MAX : f->credit + credit;
    f->starved = false;
}

bool
follower_say(struct follower *f, struct outgoing *out, int64_t number, struct page *page)
{
    int64_t cost = page_cost(page, f->id, f->count + 1);

    if (cost > f->credit) {
        f->starved = true;
        return false;
    }
    if (!outgoing_has_room(f->to))
        return false;
    f->credit -= cost;
    f->computed = number;
    if (page->upto)
        f->upto = f->told_upto = page->upto;
    outgoing_page(out, f->to, number, page, f->id, ++f->count);
    return true;
}

void
follower_begin_plans(struct follower *f)
{
    struct plan_list *kept = plan_list_common(f->held, f->view->plans);

    plan_list_let_go(f->held);
    plan_list_let_go(f->told);
    f->held = kept;
    f->told = plan_list_hold(f->view->plans);
    f->told_count = 0;
    f->plans_told = false;
    f->sweep = (struct sweep){.kind = SWEEP_NONE};
}

void
follower_hold_told(struct follower *f)
{
    plan_list_let_go(f->held);
    f->held = plan_list_hold(f->told);
    f->holds_all = false;
}
