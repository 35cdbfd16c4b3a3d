/* What clients say of their subscriptions. */
#include "broker/events.h"
#include "broker/feeds/feeds.h"
#include "broker/heads.h"

static struct follower *
find(const struct feeds *f, const struct session *s, int64_t id)
{
    for (struct follower *at = f->first; at; at = at->next)
        if (at->to == s && at->id == id && !follower_is_over(at))
            return at;
    return NULL;
}

static unsigned
count_of(const struct feeds *f, const struct session *s)
{
    unsigned count = 0;

    for (const struct follower *at = f->first; at; at = at->next)
        count += at->to == s && !follower_is_over(at);
    return count;
}

static int
refuse(struct feed_refusal *why, enum wire_error code, const char *reason)
{
    *why = (struct feed_refusal){code, reason};
    return 0;
}

static int
check(const struct feeds *f, const struct session *s, const struct subscribe *said,
      struct feed_refusal *why)
{
    if (find(f, s, said->id))
        return refuse(why, ERROR_BUSY, "this id is a subscription's already");
    if (count_of(f, s) >= SUBSCRIPTIONS_MAX)
        return refuse(why, ERROR_LIMIT, "a session may have 16 subscriptions");
    if (said->has.from && said->from > f->ledger->number)
        return refuse(why, ERROR_OTHER_JOURNAL,
                      "this journal has not reached the number from which to go on");
    int rc = said->has.number && said->has.root
                 ? heads_fit(f->ledger->journal, said->number, said->root)
                 : 1;
    return rc ? rc
              : refuse(why, ERROR_OTHER_JOURNAL,
                       "the tree head that you saw last does not belong to this journal");
}

static void
log_subscribed(const struct session *s, const struct subscribe *said)
{
    struct log_line line = broker_event(BROKER_SUBSCRIBED);

    log_text(&line, "client", s->author.client);
    log_number(&line, "id", said->id);
    if (said->has.from)
        log_number(&line, "from", said->from);
    log_write(&line);
}

int
feeds_subscribe(struct feeds *f, struct session *s, const struct subscribe *said,
                struct feed_refusal *why)
{
    int rc = check(f, s, said, why);

    if (rc != 1)
        return rc;
    struct view *view = views_find(&f->views, &s->author, said);
    struct follower *new = follower_new(s, said, view);
    new->upto = said->has.from ? said->from : f->ledger->number;
    new->next = f->first;
    f->first = new;
    log_subscribed(s, said);
    return 1;
}

int
feeds_credit(struct feeds *f, const struct session *s, const struct credit *said,
             struct feed_refusal *why)
{
    struct follower *at = find(f, s, said->id);

    if (!at)
        return refuse(why, ERROR_NOT_FOUND, "there is no such subscription");
    f->waits += at->starved;
    follower_grant(at, said->credit);
    return 1;
}

int
feeds_unsubscribe(struct feeds *f, const struct session *s, const struct unsubscribe *said,
                  struct feed_refusal *why)
{
    struct follower *at = find(f, s, said->id);

    if (!at)
        return refuse(why, ERROR_NOT_FOUND, "there is no such subscription");
    at->over = true;
    return 1;
}
