#include "agents/cli/printed/date.h"

#include <stdio.h>
#include <string.h>

#include "agents/cli/printed/period.h"

/* What may stand before a date without changing it. */
static const char *const to_be_done[] = {"to be completed by", "to be complete by", "complete by",
                                         "to be done by",      "for completion by", NULL};
static const char *const before_date[] = {"by",
                                          "on",
                                          "in",
                                          "during",
                                          "due",
                                          "no later than",
                                          "not later than",
                                          "at latest",
                                          "end",
                                          "end of",
                                          "last day of",
                                          "deadline",
                                          "date",
                                          "target",
                                          "revised date",
                                          "new date",
                                          "the",
                                          "revised to",
                                          "extended to",
                                          NULL};

/* And after one. The first say that what follows is the date now, the second
   that it was. */
static const char *const moved_to[] = {"revised to",   "extended to", "moved to",   "changed to",
                                       "amended to",   "deferred to", "slipped to", "put back to",
                                       "revised date", "new date",    "now",        NULL};
static const char *const moved_from[] = {
    "revised from",  "extended from", "moved from", "changed from",  "amended from",
    "deferred from", "slipped from",  "originally", "original date", "original",
    "previously",    "was",           NULL};
static const char *const after_date[] = {"at latest", "latest", "deadline", NULL};

/* A cell that holds one of these is no date, whatever else it holds. The first
   row that fits counts. */
/* clang-format off */
static const struct saying { const char *words; enum printed_date_kind kind; const char *how; } sayings[] = {
#define SAYS_PROGRESS DATE_PROGRESS, "says how far it is, not when it is due"
#define SAYS_RELATIVE DATE_RELATIVE, "counted from a day that is not printed"
#define SAYS_OPEN     DATE_OPEN,     "goes on: there is no last day"
#define SAYS_UNSET    DATE_OPEN,     "says that no date is set"
#define SAYS_SEASON   DATE_UNCLEAR,  "a season, term or holiday has no agreed last day"
#define SAYS_ABOUT    DATE_UNCLEAR,  "says only about when"
    {"complete", SAYS_PROGRESS},   {"completed", SAYS_PROGRESS},  {"done", SAYS_PROGRESS},      {"achieved", SAYS_PROGRESS},
    {"finished", SAYS_PROGRESS},   {"actioned", SAYS_PROGRESS},   {"implemented", SAYS_PROGRESS}, {"closed", SAYS_PROGRESS},
    {"in place", SAYS_PROGRESS},   {"in progress", SAYS_PROGRESS}, {"underway", SAYS_PROGRESS}, {"under way", SAYS_PROGRESS},
    {"not started", SAYS_PROGRESS}, {"commenced", SAYS_PROGRESS}, {"started", SAYS_PROGRESS},   {"incomplete", SAYS_PROGRESS},

    {"within", SAYS_RELATIVE},     {"immediate", SAYS_RELATIVE},  {"immediately", SAYS_RELATIVE}, {"asap", SAYS_RELATIVE},
    {"as soon as", SAYS_RELATIVE}, {"urgent", SAYS_RELATIVE},     {"following", SAYS_RELATIVE}, {"day", SAYS_RELATIVE},
    {"days", SAYS_RELATIVE},       {"weeks", SAYS_RELATIVE},      {"month", SAYS_RELATIVE},     {"months", SAYS_RELATIVE},
    {"years", SAYS_RELATIVE},      {"short term", SAYS_RELATIVE}, {"medium term", SAYS_RELATIVE}, {"long term", SAYS_RELATIVE},

    {"ongoing", SAYS_OPEN},        {"on going", SAYS_OPEN},       {"continuous", SAYS_OPEN},    {"continuing", SAYS_OPEN},
    {"continual", SAYS_OPEN},      {"rolling", SAYS_OPEN},        {"onwards", SAYS_OPEN},       {"from", DATE_OPEN, "says when it begins"},
    {"since", DATE_OPEN, "says when it began"},                   {"annual", SAYS_OPEN},        {"annually", SAYS_OPEN},
    {"yearly", SAYS_OPEN},         {"quarterly", SAYS_OPEN},      {"monthly", SAYS_OPEN},       {"weekly", SAYS_OPEN},
    {"termly", SAYS_OPEN},         {"every", SAYS_OPEN},          {"regular", SAYS_OPEN},       {"regularly", SAYS_OPEN},

    {"tbc", SAYS_UNSET},           {"tbd", SAYS_UNSET},           {"tba", SAYS_UNSET},          {"to be confirmed", SAYS_UNSET},
    {"not known", SAYS_UNSET},     {"unknown", SAYS_UNSET},       {"none", SAYS_UNSET},         {"not applicable", SAYS_UNSET},
    {"n a", SAYS_UNSET},           {"not set", SAYS_UNSET},       {"to be agreed", SAYS_UNSET}, {"to be determined", SAYS_UNSET},
    {"to be set", SAYS_UNSET},     {"to be arranged", SAYS_UNSET}, {"to be decided", SAYS_UNSET}, {"to be advised", SAYS_UNSET},

    {"spring", SAYS_SEASON},       {"summer", SAYS_SEASON},       {"autumn", SAYS_SEASON},      {"winter", SAYS_SEASON},
    {"term", SAYS_SEASON},         {"easter", SAYS_SEASON},       {"christmas", SAYS_SEASON},   {"academic", SAYS_SEASON},
    {"school", SAYS_SEASON},

    {"early", SAYS_ABOUT},         {"mid", SAYS_ABOUT},           {"late", SAYS_ABOUT},         {"beginning of", SAYS_ABOUT},
    {"start of", SAYS_ABOUT},      {"before", SAYS_ABOUT},        {"after", SAYS_ABOUT},        {"approximately", SAYS_ABOUT},
    {"approx", SAYS_ABOUT},        {"circa", SAYS_ABOUT},         {"around", SAYS_ABOUT},       {"about", SAYS_ABOUT},
};
/* clang-format on */

static void
conclude(struct printed_date *out, enum printed_date_kind kind, const char *how)
{
    out->kind = kind;
    out->assumed = out->assumed && kind == DATE_DAY;
    (void)snprintf(out->how, sizeof out->how, "%s", how);
}

/* Marks that say nothing: a "?", "~" or "+" does. */
static size_t
skip_marks(const struct phrase *p, size_t at)
{
    static const char idle[] = ".,;:-()[]\n\"'";
    const struct token *t = phrase_token(p, at);

    while (t->kind == TOKEN_MARK && t->mark < 128 && memchr(idle, t->mark, sizeof idle - 1))
        t = phrase_token(p, ++at);
    return at;
}

static const struct saying *
find_saying(const struct phrase *p, size_t from, size_t to)
{
    for (size_t i = 0; i < sizeof sayings / sizeof *sayings; i++)
        for (size_t at = from; at < to; at++)
            if (phrase_match(p, at, sayings[i].words))
                return &sayings[i];
    return NULL;
}

/* Past what may stand before a date. "By 2017" is not by its end: `*by`. */
static size_t
skip_before(const struct phrase *p, size_t at, bool *by)
{
    size_t n;

    *by = false;
    while ((n = phrase_match_any(p, at, before_date)) > 0) {
        *by = (*by || phrase_match(p, at, "by")) && !phrase_match(p, at, "end");
        at = skip_marks(p, at + n);
    }
    return at;
}

static void
take_period(struct printed_date *out, const struct period *period)
{
    out->day = period->last;
    out->assumed = period->assumed;
    conclude(out,
             period->kind == PERIOD_DAY          ? DATE_DAY
             : period->kind == PERIOD_IMPOSSIBLE ? DATE_IMPOSSIBLE
                                                 : DATE_UNCLEAR,
             period->kind == PERIOD_NONE ? "not a date that can be read" : period->how);
}

/* After the date in `out`: nothing, or what it was before, or what it is now. */
static void
read_rest(struct printed_date *out, const struct phrase *p, size_t at)
{
    struct period other;
    bool by;

    at = skip_marks(p, at);
    at = skip_marks(p, at + phrase_match_any(p, at, after_date));
    if (at == p->count)
        return;
    size_t to = phrase_match_any(p, at, moved_to);
    size_t from = phrase_match_any(p, at, moved_from);
    at = skip_before(p, skip_marks(p, at + (to ? to : from)), &by);
    period_read(&other, p, at);
    if ((!to && !from) || other.kind == PERIOD_NONE
        || skip_marks(p, at + other.tokens) != p->count) {
        conclude(out, DATE_UNCLEAR, "a date, and words beside it that were not understood");
        return;
    }
    if (to || other.kind != PERIOD_DAY)
        take_period(out, &other);
    if (out->kind == DATE_DAY) {
        out->assumed = true;
        conclude(out, DATE_DAY,
                 to ? "the date it was moved to" : "the date as it is now; it was moved");
    }
}

void
printed_date_read(struct printed_date *out, const char *cell)
{
    struct phrase p;
    struct period period;
    bool by;

    *out = (struct printed_date){.kind = DATE_NONE};
    phrase_read(&p, cell);
    size_t at = skip_marks(&p, 0);
    if (at == p.count) {
        conclude(out, DATE_NONE, "no date is printed");
        return;
    }
    if (p.cut) {
        conclude(out, DATE_UNCLEAR, "not a date that can be read");
        return;
    }
    at += phrase_match_any(&p, at, to_be_done);
    size_t moved = at;
    while (moved < p.count && !phrase_match_any(&p, moved, moved_from))
        moved++;
    const struct saying *saying = find_saying(&p, at, moved);
    if (saying) {
        conclude(out, saying->kind, saying->how);
        return;
    }
    at = skip_before(&p, at, &by);
    period_read(&period, &p, at);
    take_period(out, &period);
    if (out->kind == DATE_DAY && by && period.year)
        conclude(out, DATE_UNCLEAR, "by the year's beginning, or by its end?");
    else if (out->kind == DATE_DAY)
        read_rest(out, &p, at + period.tokens);
}
