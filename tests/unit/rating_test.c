#include "schema/rating.h"

#include "tests/t.h"

/* A lead in a row of the table below. Zero is absent; a lead is since day 900
   and entry 10 unless said. */
struct lead {
    enum claim claim;
    bool silent;  /* nothing said of the claim: no row, or none with a status */
    int evidence; /* 1: a piece; 2: one entered on its behalf */
    int32_t evidence_on, evidence_from, on, heard, since, forecast;
    char opinion; /* g, a, r */
    int64_t number, replied, shaken;
};

struct row {
    const char *what;
    enum standing standing;
    int32_t due, check, looked; /* looked: 1000 unless said */
    int32_t reply_by;           /* of a note, entry 50 */
    const char *asked;          /* of `a` only, or of `b`; NULL: each lead */
    bool due_changed;
    int32_t due_was;
    int64_t decided, aim_changed;
    struct lead lead[2];
    uint32_t leads, count; /* shares after the leads are contributors' */
    int32_t day;
    enum rating want;
    uint32_t reasons;
};

static void
build_part(const struct lead *lead, struct evidence_held *evidence, struct part *out)
{
    *evidence = (struct evidence_held){.on = lead->evidence_on ? lead->evidence_on : 950,
                                       .behalf = lead->evidence == 2};
    *out = (struct part){.status = lead->claim,
                         .on = lead->on,
                         .heard = lead->heard,
                         .forecast = lead->forecast,
                         .evidence_from = lead->evidence_from,
                         .evidence = {evidence, lead->evidence ? 1 : 0},
                         .replied = lead->replied,
                         .shaken = lead->shaken};
    out->has.status = !lead->silent;
    out->has.on = lead->on != 0;
    out->has.heard = lead->heard != 0;
    out->has.forecast = lead->forecast != 0;
    out->has.evidence_from = lead->evidence_from != 0;
    out->has.opinion = lead->opinion != 0;
    out->opinion = lead->opinion == 'r'   ? OPINION_RED
                   : lead->opinion == 'a' ? OPINION_AMBER
                                          : OPINION_GREEN;
}

static void
rate_row(const struct row *row, struct rated_action *out)
{
    static const char *const names[] = {"a", "b"};
    struct text asked = text_of(row->asked ? row->asked : "");
    struct ask ask = {
        .number = 50, .reply_by = row->reply_by, .agencies = {&asked, row->asked ? 1 : 0}};
    struct plan_row plan = {.review_days = 90};
    struct action_row action = {.standing = row->standing,
                                .due = row->due,
                                .check = row->check,
                                .looked = row->looked ? row->looked : 1000,
                                .due_changed = row->due_changed,
                                .due_was = row->due_was,
                                .aim_changed = row->aim_changed,
                                .asks = {&ask, row->reply_by ? 1 : 0},
                                .decided = {.number = row->decided}};
    struct evidence_held evidence[2];
    struct share shares[2];

    action.has.due = row->due != 0;
    action.has.check = row->check != 0;
    action.has.due_was = row->due_was != 0;
    action.has.decided = row->decided != 0;
    for (uint32_t i = 0; i < 2; i++) {
        const struct lead *lead = &row->lead[i];
        shares[i] = (struct share){.agency = text_of(names[i]),
                                   .since = lead->since ? lead->since : 900,
                                   .number = lead->number ? lead->number : 10,
                                   .lead = i < row->leads};
        build_part(lead, &evidence[i], &shares[i].part);
    }
    struct picture picture = {&plan, &action, shares, row->leads,
                              row->count ? row->count : row->leads};
    rating_on(&picture, row->day, out);
}

static void
check_rows(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct rated_action got;
        rate_row(&rows[i], &got);
        if (got.rating != rows[i].want || got.reasons != rows[i].reasons)
            FAIL_WITH("%s: want %s %#x, got %s %#x", rows[i].what,
                      word_text(&ratings, (int)rows[i].want), rows[i].reasons,
                      word_text(&ratings, (int)got.rating), got.reasons);
    }
}

#define WHY(reason) (UINT32_C(1) << WHY_##reason)
#define ROWS(rows) check_rows(rows, sizeof(rows) / sizeof *(rows))

/* clang-format off */
#define OPEN_DUE .standing = STANDING_OPEN, .due = 1000
#define OPEN_FAR .standing = STANDING_OPEN, .due = 5000
#define UNDATED  .standing = STANDING_OPEN
#define WORKS    .claim = CLAIM_IN_PROGRESS
#define IDLE     .claim = CLAIM_NOT_STARTED
#define DONE     .claim = CLAIM_COMPLETE, .evidence = 1, .on = 950
#define BARE     .claim = CLAIM_COMPLETE, .on = 950 /* without evidence */

TEST(rating_of_what_is_no_longer_an_action_is_grey)
{
    static const struct row rows[] = {
        {"withdrawn", STANDING_WITHDRAWN, .due = 10, .check = 10, .leads = 1, .day = 1000, .want = GREY},
        {"not implementing", STANDING_NOT_IMPLEMENTING, .due = 10, .day = 1000, .want = GREY},
        {"in error", STANDING_ENTERED_IN_ERROR, .lead = {{.claim = CLAIM_DECLINED, .opinion = 'g'}}, .leads = 1,
         .day = 1000, .want = GREY},
        {"changed", STANDING_WITHDRAWN, .decided = 20, .aim_changed = 30, .day = 1000, .want = GREY},
        {"moved", STANDING_WITHDRAWN, .due_changed = true, .day = 1000, .want = GREY, .reasons = WHY(MOVED)},
    };
    ROWS(rows);
}

TEST(rating_of_what_was_decided_is_blue_until_checked_or_changed)
{
    static const struct row rows[] = {
        {"assured", STANDING_ASSURED, .decided = 20, .day = 1000, .want = BLUE},
        {"assured, overdue", STANDING_ASSURED, .decided = 20, .due = 10, .lead = {{WORKS, .opinion = 'r'}}, .leads = 1,
         .day = 1000, .want = BLUE},
        {"assured, on the check day", STANDING_ASSURED, .decided = 20, .check = 1000, .day = 1000, .want = BLUE},
        {"assured, the day after", STANDING_ASSURED, .decided = 20, .check = 1000, .day = 1001, .want = AMBER,
         .reasons = WHY(CHECK_DUE)},
        {"embedding, on the check day", STANDING_EMBEDDING, .decided = 20, .check = 1000, .day = 1000, .want = BLUE},
        {"embedding, the day after", STANDING_EMBEDDING, .decided = 20, .check = 1000, .day = 1001, .want = AMBER,
         .reasons = WHY(CHECK_DUE)},
        {"closed needs no check", STANDING_CLOSED, .decided = 20, .check = 1000, .day = 1001, .want = BLUE},
        {"outcome changed before", STANDING_ASSURED, .decided = 20, .aim_changed = 20, .day = 1000, .want = BLUE},
        {"outcome changed since", STANDING_ASSURED, .decided = 20, .aim_changed = 21, .day = 1000, .want = AMBER,
         .reasons = WHY(CHANGED)},
        {"evidence withdrawn before", STANDING_CLOSED, .decided = 20, .lead = {{DONE, .shaken = 20}}, .leads = 1,
         .day = 1000, .want = BLUE},
        {"evidence withdrawn since", STANDING_CLOSED, .decided = 20, .lead = {{DONE}, {DONE, .shaken = 21}}, .leads = 2,
         .day = 1000, .want = AMBER, .reasons = WHY(CHANGED)},
        {"a contributor's evidence", STANDING_CLOSED, .decided = 20, .lead = {{DONE}, {DONE, .shaken = 21}}, .leads = 1,
         .count = 2, .day = 1000, .want = AMBER, .reasons = WHY(CHANGED)},
        {"a lead joined before", STANDING_EMBEDDING, .decided = 20, .lead = {{.number = 20}}, .leads = 1,
         .day = 1000, .want = BLUE},
        {"a lead joined since", STANDING_EMBEDDING, .decided = 20, .lead = {{.number = 21}}, .leads = 1,
         .day = 1000, .want = AMBER, .reasons = WHY(CHANGED)},
        {"a contributor joined since", STANDING_EMBEDDING, .decided = 20, .lead = {{DONE}, {.number = 21}}, .leads = 1,
         .count = 2, .day = 1000, .want = BLUE},
        {"all of it", STANDING_ASSURED, .decided = 20, .check = 1000, .aim_changed = 21, .due_was = 900,
         .lead = {{WORKS, .opinion = 'g'}}, .leads = 1, .day = 1001, .want = AMBER,
         .reasons = WHY(CHANGED) | WHY(CHECK_DUE) | WHY(MOVED)},
    };
    ROWS(rows);
}

TEST(rating_overdue_from_the_day_after_the_due_date)
{
    static const struct row rows[] = {
        {"on the day", OPEN_DUE, .lead = {{WORKS, .heard = 980}}, .leads = 1, .day = 1000, .want = GREEN},
        {"the day after", OPEN_DUE, .lead = {{WORKS, .heard = 980}}, .leads = 1, .day = 1001, .want = RED,
         .reasons = WHY(OVERDUE)},
        {"one of two", OPEN_DUE, .lead = {{DONE}, {WORKS, .heard = 980}}, .leads = 2, .day = 1001, .want = RED,
         .reasons = WHY(OVERDUE)},
        {"a claim without evidence", OPEN_DUE, .lead = {{DONE}, {BARE}}, .leads = 2, .day = 1001, .want = RED,
         .reasons = WHY(OVERDUE) | WHY(NO_EVIDENCE) | WHY(AWAITING_ASSURANCE)},
        {"evidence entered on its behalf is evidence", OPEN_DUE,
         .lead = {{.claim = CLAIM_COMPLETE, .evidence = 2, .on = 950}}, .leads = 1, .day = 1001, .want = AMBER,
         .reasons = WHY(AWAITING_ASSURANCE)},
        {"evidence of before the return", OPEN_DUE, .lead = {{DONE, .evidence_on = 949, .evidence_from = 950}},
         .leads = 1, .day = 1001, .want = RED,
         .reasons = WHY(OVERDUE) | WHY(NO_EVIDENCE) | WHY(AWAITING_ASSURANCE)},
        {"evidence of the day of the return", OPEN_DUE, .lead = {{DONE, .evidence_on = 950, .evidence_from = 950}},
         .leads = 1, .day = 1001, .want = AMBER, .reasons = WHY(AWAITING_ASSURANCE)},
        {"every lead claimed, on the day", OPEN_DUE, .lead = {{DONE}, {DONE}}, .leads = 2, .day = 1000, .want = GREEN},
        {"every lead claimed, the day after", OPEN_DUE, .lead = {{DONE}, {DONE}}, .leads = 2, .day = 1001,
         .want = AMBER, .reasons = WHY(AWAITING_ASSURANCE)},
        {"no lead, on the day", OPEN_DUE, .day = 1000, .want = AMBER, .reasons = WHY(NO_LEAD)},
        {"no lead, the day after", OPEN_DUE, .day = 1001, .want = RED, .reasons = WHY(OVERDUE) | WHY(NO_LEAD)},
        {"a contributor leads nothing", OPEN_DUE, .lead = {{DONE}}, .count = 1, .day = 1001, .want = RED,
         .reasons = WHY(OVERDUE) | WHY(NO_LEAD)},
        {"a contributor's claim moves nothing", OPEN_DUE, .lead = {{DONE}, {.claim = CLAIM_DECLINED, .opinion = 'r'}},
         .leads = 1, .count = 2, .day = 1000, .want = GREEN},
        {"the amber reasons are told too", OPEN_DUE, .lead = {{.claim = CLAIM_PAUSED, .heard = 900}}, .leads = 1,
         .day = 1001, .want = RED, .reasons = WHY(OVERDUE) | WHY(PAUSED) | WHY(SILENT)},
    };
    ROWS(rows);
}

TEST(rating_by_claims)
{
    static const struct row rows[] = {
        {"one declined", OPEN_FAR, .lead = {{DONE}, {.claim = CLAIM_DECLINED, .heard = 980}}, .leads = 2, .day = 1000,
         .want = RED, .reasons = WHY(DECLINED)},
        {"one paused", OPEN_FAR, .lead = {{DONE}, {.claim = CLAIM_PAUSED, .heard = 980}}, .leads = 2, .day = 1000,
         .want = AMBER, .reasons = WHY(PAUSED)},
        {"one claim without evidence", OPEN_FAR, .lead = {{WORKS, .heard = 980}, {BARE}}, .leads = 2, .day = 1000,
         .want = AMBER, .reasons = WHY(NO_EVIDENCE)},
        {"nobody started", OPEN_FAR, .lead = {{IDLE, .heard = 980}, {.silent = true, .heard = 980}}, .leads = 2,
         .day = 1000, .want = GREY},
        {"one started", OPEN_FAR, .lead = {{IDLE, .heard = 980}, {WORKS, .heard = 980}}, .leads = 2,
         .day = 1000, .want = GREEN},
        {"one done", OPEN_FAR, .lead = {{IDLE, .heard = 980}, {DONE}}, .leads = 2, .day = 1000, .want = GREEN},
        {"all done", OPEN_FAR, .lead = {{DONE}, {DONE}}, .leads = 2, .day = 1000, .want = GREEN},
        {"a contributor started", OPEN_FAR, .lead = {{IDLE, .heard = 980}, {WORKS}}, .leads = 1, .count = 2,
         .day = 1000, .want = GREY},
        {"moved by a flag", OPEN_FAR, .due_changed = true, .lead = {{WORKS, .heard = 980}}, .leads = 1, .day = 1000,
         .want = GREEN, .reasons = WHY(MOVED)},
        {"moved from a day", OPEN_FAR, .due_was = 900, .lead = {{WORKS, .heard = 980}}, .leads = 1, .day = 1000,
         .want = GREEN, .reasons = WHY(MOVED)},
    };
    ROWS(rows);
}

TEST(rating_by_silence)
{
    static const struct row rows[] = {
        {"heard 90 days ago", OPEN_FAR, .lead = {{WORKS, .heard = 910}}, .leads = 1, .day = 1000, .want = GREEN},
        {"heard 91 days ago", OPEN_FAR, .lead = {{WORKS, .heard = 909}}, .leads = 1, .day = 1000, .want = AMBER,
         .reasons = WHY(SILENT)},
        {"never heard, 90 days a lead", OPEN_FAR, .lead = {{.silent = true, .since = 910}}, .leads = 1, .day = 1000,
         .want = GREY},
        {"never heard, 91 days a lead", OPEN_FAR, .lead = {{.silent = true, .since = 909}}, .leads = 1, .day = 1000,
         .want = AMBER, .reasons = WHY(SILENT)},
        {"heard before it was a lead", OPEN_FAR, .lead = {{WORKS, .heard = 500, .since = 910}}, .leads = 1, .day = 1000,
         .want = GREEN},
        {"one of two", OPEN_FAR, .lead = {{WORKS, .heard = 990}, {WORKS, .heard = 909}}, .leads = 2, .day = 1000,
         .want = AMBER, .reasons = WHY(SILENT)},
        {"silence after the claim is no silence", OPEN_FAR, .lead = {{DONE, .heard = 500, .since = 500}}, .leads = 1,
         .day = 1000, .want = GREEN},
        {"a silent contributor", OPEN_FAR, .lead = {{WORKS, .heard = 990}, {WORKS, .heard = 100}}, .leads = 1,
         .count = 2, .day = 1000, .want = GREEN},
        {"claimed long ago by one", OPEN_FAR, .lead = {{DONE, .heard = 100, .since = 90}, {WORKS, .heard = 990}},
         .leads = 2, .day = 1000, .want = GREEN},
    };
    ROWS(rows);
}

TEST(rating_by_forecast)
{
    static const struct row rows[] = {
        {"for the due date", OPEN_DUE, .lead = {{WORKS, .heard = 980, .forecast = 1000}}, .leads = 1, .day = 1000,
         .want = GREEN},
        {"for the day after", OPEN_DUE, .lead = {{WORKS, .heard = 960, .forecast = 1001}}, .leads = 1, .day = 960,
         .want = AMBER, .reasons = WHY(SLIPPING)},
        {"on its day", OPEN_FAR, .lead = {{WORKS, .heard = 980, .forecast = 1000}}, .leads = 1, .day = 1000,
         .want = GREEN},
        {"passed", OPEN_FAR, .lead = {{WORKS, .heard = 980, .forecast = 1000}}, .leads = 1, .day = 1001,
         .want = AMBER, .reasons = WHY(SLIPPING)},
        {"passed, without a due date", UNDATED, .lead = {{WORKS, .heard = 980, .forecast = 1000}}, .leads = 1,
         .day = 1001, .want = AMBER, .reasons = WHY(SLIPPING)},
        {"ahead, without a due date", UNDATED, .lead = {{WORKS, .heard = 980, .forecast = 1000}}, .leads = 1,
         .day = 1000, .want = GREEN},
        {"of one that claims", OPEN_DUE, .lead = {{DONE, .forecast = 1001}}, .leads = 1, .day = 1000, .want = GREEN},
    };
    ROWS(rows);
}

TEST(rating_by_opinion)
{
    static const struct row rows[] = {
        {"red", OPEN_FAR, .lead = {{WORKS, .heard = 980, .opinion = 'r'}}, .leads = 1, .day = 1000, .want = RED,
         .reasons = WHY(OPINION)},
        {"amber", OPEN_FAR, .lead = {{WORKS, .heard = 980, .opinion = 'a'}}, .leads = 1, .day = 1000, .want = AMBER,
         .reasons = WHY(OPINION)},
        {"green", OPEN_FAR, .lead = {{WORKS, .heard = 980, .opinion = 'g'}}, .leads = 1, .day = 1000, .want = GREEN},
        {"green of nothing begun", OPEN_FAR, .lead = {{IDLE, .heard = 980, .opinion = 'g'}}, .leads = 1, .day = 1000,
         .want = GREY},
        {"red of one that claims", OPEN_FAR, .lead = {{DONE, .opinion = 'r'}}, .leads = 1, .day = 1000, .want = GREEN},
        {"amber of one that claims", OPEN_FAR, .lead = {{DONE, .opinion = 'a'}}, .leads = 1, .day = 1000,
         .want = GREEN},
        {"green against amber", OPEN_FAR, .lead = {{.claim = CLAIM_PAUSED, .heard = 980, .opinion = 'g'}}, .leads = 1,
         .day = 1000, .want = AMBER, .reasons = WHY(PAUSED) | WHY(DISAGREES)},
        {"green against red", OPEN_DUE, .lead = {{WORKS, .heard = 980, .opinion = 'g'}}, .leads = 1, .day = 1001,
         .want = RED, .reasons = WHY(OVERDUE) | WHY(DISAGREES)},
        {"amber against red", OPEN_DUE, .lead = {{WORKS, .heard = 980, .opinion = 'a'}}, .leads = 1, .day = 1001,
         .want = RED, .reasons = WHY(OVERDUE) | WHY(OPINION) | WHY(DISAGREES)},
        {"red against red", OPEN_DUE, .lead = {{WORKS, .heard = 980, .opinion = 'r'}}, .leads = 1, .day = 1001,
         .want = RED, .reasons = WHY(OVERDUE) | WHY(OPINION)},
        {"red of one, green of the other", OPEN_FAR, .leads = 2, .day = 1000, .want = RED,
         .lead = {{WORKS, .heard = 980, .opinion = 'r'}, {WORKS, .heard = 980, .opinion = 'g'}},
         .reasons = WHY(OPINION) | WHY(DISAGREES)},
        {"green of one that claims disagrees with nothing", OPEN_FAR, .lead = {{BARE, .opinion = 'g'}}, .leads = 1,
         .day = 1000, .want = AMBER, .reasons = WHY(NO_EVIDENCE)},
        {"a contributor's disagrees with nothing", OPEN_FAR, .leads = 1, .count = 2, .day = 1000, .want = AMBER,
         .lead = {{.claim = CLAIM_PAUSED, .heard = 980}, {WORKS, .opinion = 'g'}}, .reasons = WHY(PAUSED)},
    };
    ROWS(rows);
}

TEST(rating_due_soon_when_a_lead_is_idle_or_unheard)
{
    static const struct row rows[] = {
        {"29 days ahead, not started", OPEN_DUE, .lead = {{IDLE, .heard = 970}}, .leads = 1, .day = 971, .want = GREY},
        {"28 days ahead, not started", OPEN_DUE, .lead = {{IDLE, .heard = 970}}, .leads = 1, .day = 972, .want = AMBER,
         .reasons = WHY(DUE_SOON)},
        {"28 days ahead, nothing said", OPEN_DUE, .lead = {{.silent = true, .since = 970}}, .leads = 1, .day = 972,
         .want = AMBER, .reasons = WHY(DUE_SOON)},
        {"29 days ahead, unheard for 29", OPEN_DUE, .lead = {{WORKS, .heard = 942}}, .leads = 1, .day = 971,
         .want = GREEN},
        {"28 days ahead, unheard for 29", OPEN_DUE, .lead = {{WORKS, .heard = 943}}, .leads = 1, .day = 972,
         .want = AMBER, .reasons = WHY(DUE_SOON)},
        {"28 days ahead, unheard for 28", OPEN_DUE, .lead = {{WORKS, .heard = 944}}, .leads = 1, .day = 972,
         .want = GREEN},
        {"on the day", OPEN_DUE, .lead = {{IDLE, .heard = 990}}, .leads = 1, .day = 1000, .want = AMBER,
         .reasons = WHY(DUE_SOON)},
        {"then it is overdue", OPEN_DUE, .lead = {{IDLE, .heard = 990}}, .leads = 1, .day = 1001, .want = RED,
         .reasons = WHY(OVERDUE)},
        {"one of two idle", OPEN_DUE, .lead = {{DONE}, {IDLE, .heard = 990}}, .leads = 2, .day = 990, .want = AMBER,
         .reasons = WHY(DUE_SOON)},
        {"the unheard one claims", OPEN_DUE, .lead = {{DONE}, {WORKS, .heard = 990}}, .leads = 2, .day = 990,
         .want = GREEN},
    };
    ROWS(rows);
}

TEST(rating_awaits_assurance_when_claims_grow_old)
{
    static const struct row rows[] = {
        {"90 days after the claim", OPEN_FAR, .lead = {{DONE}}, .leads = 1, .day = 1040, .want = GREEN},
        {"91 days after", OPEN_FAR, .lead = {{DONE}}, .leads = 1, .day = 1041, .want = AMBER,
         .reasons = WHY(AWAITING_ASSURANCE)},
        {"the last claim counts", OPEN_FAR, .lead = {{DONE}, {.claim = CLAIM_COMPLETE, .evidence = 1, .on = 951}},
         .leads = 2, .day = 1041, .want = GREEN},
        {"in either order", OPEN_FAR, .lead = {{.claim = CLAIM_COMPLETE, .evidence = 1, .on = 951}, {DONE}},
         .leads = 2, .day = 1041, .want = GREEN},
        {"not while another works", OPEN_FAR, .lead = {{DONE}, {WORKS, .heard = 1040}}, .leads = 2, .day = 1041,
         .want = GREEN},
    };
    ROWS(rows);
}

TEST(rating_wants_a_date_or_a_look)
{
    static const struct row rows[] = {
        {"looked at 90 days ago", UNDATED, .looked = 910, .lead = {{WORKS, .heard = 990}}, .leads = 1, .day = 1000,
         .want = GREEN},
        {"looked at 91 days ago", UNDATED, .looked = 909, .lead = {{WORKS, .heard = 990}}, .leads = 1, .day = 1000,
         .want = AMBER, .reasons = WHY(NO_DATE)},
        {"with a date", OPEN_FAR, .looked = 100, .lead = {{WORKS, .heard = 990}}, .leads = 1, .day = 1000,
         .want = GREEN},
        {"also when every lead claims", UNDATED, .looked = 909, .lead = {{DONE}}, .leads = 1, .day = 1000,
         .want = AMBER, .reasons = WHY(NO_DATE)},
    };
    ROWS(rows);
}

TEST(rating_wants_an_answer_to_a_note)
{
    static const struct row rows[] = {
        {"on the day", OPEN_FAR, .reply_by = 1000, .lead = {{WORKS, .heard = 990}}, .leads = 1, .day = 1000,
         .want = GREEN},
        {"the day after", OPEN_FAR, .reply_by = 1000, .lead = {{WORKS, .heard = 990}}, .leads = 1, .day = 1001,
         .want = AMBER, .reasons = WHY(UNANSWERED)},
        {"answered before it was asked", OPEN_FAR, .reply_by = 1000, .lead = {{WORKS, .heard = 990, .replied = 49}},
         .leads = 1, .day = 1001, .want = AMBER, .reasons = WHY(UNANSWERED)},
        {"answered", OPEN_FAR, .reply_by = 1000, .lead = {{WORKS, .heard = 990, .replied = 51}}, .leads = 1,
         .day = 1001, .want = GREEN},
        {"by one of two", OPEN_FAR, .reply_by = 1000, .lead = {{WORKS, .heard = 990, .replied = 51}, {DONE}},
         .leads = 2, .day = 1001, .want = AMBER, .reasons = WHY(UNANSWERED)},
        {"by the one that was named", OPEN_FAR, .reply_by = 1000, .asked = "a",
         .lead = {{WORKS, .heard = 990, .replied = 51}, {DONE}}, .leads = 2, .day = 1001, .want = GREEN},
        {"by another than was named", OPEN_FAR, .reply_by = 1000, .asked = "b",
         .lead = {{WORKS, .heard = 990, .replied = 51}, {DONE}}, .leads = 2, .day = 1001, .want = AMBER,
         .reasons = WHY(UNANSWERED)},
        {"a contributor was named", OPEN_FAR, .reply_by = 1000, .asked = "b",
         .lead = {{WORKS, .heard = 990}, {DONE}}, .leads = 1, .count = 2, .day = 1001, .want = AMBER,
         .reasons = WHY(UNANSWERED)},
        {"a contributor was not asked", OPEN_FAR, .reply_by = 1000,
         .lead = {{WORKS, .heard = 990, .replied = 51}, {DONE}}, .leads = 1, .count = 2, .day = 1001, .want = GREEN},
        {"a lead that joined later was not asked", OPEN_FAR, .reply_by = 1000, .lead = {{WORKS, .heard = 990, .number = 51}},
         .leads = 1, .day = 1001, .want = GREEN},
        {"one that had just joined was", OPEN_FAR, .reply_by = 1000, .lead = {{WORKS, .heard = 990, .number = 49}},
         .leads = 1, .day = 1001, .want = AMBER, .reasons = WHY(UNANSWERED)},
        {"it has left", OPEN_FAR, .reply_by = 1000, .asked = "c", .lead = {{WORKS, .heard = 990}}, .leads = 1,
         .day = 1001, .want = GREEN},
        {"claiming is no answer", OPEN_FAR, .reply_by = 1000, .lead = {{DONE}}, .leads = 1, .day = 1001, .want = AMBER,
         .reasons = WHY(UNANSWERED)},
        {"assured answers all", STANDING_ASSURED, .decided = 60, .reply_by = 1000, .lead = {{DONE}}, .leads = 1,
         .day = 1001, .want = BLUE},
    };
    ROWS(rows);
}
/* clang-format on */

/* A joint action is as far as its least advanced lead. */
TEST(rating_tells_how_far_the_leads_are)
{
    static const struct {
        enum claim claims[2];
        uint32_t leads, claimed;
        enum claim least;
    } rows[] = {
        {{CLAIM_COMPLETE, CLAIM_COMPLETE}, 2, 2, CLAIM_COMPLETE},
        {{CLAIM_COMPLETE, CLAIM_IN_PROGRESS}, 2, 1, CLAIM_IN_PROGRESS},
        {{CLAIM_DECLINED, CLAIM_COMPLETE}, 2, 1, CLAIM_DECLINED},
        {{CLAIM_PAUSED, CLAIM_IN_PROGRESS}, 2, 0, CLAIM_PAUSED},
        {{CLAIM_COMPLETE, CLAIM_DECLINED}, 1, 1, CLAIM_COMPLETE},
        {{CLAIM_COMPLETE, CLAIM_COMPLETE}, 0, 0, CLAIM_NOT_STARTED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int s = 0; s < STANDING_COUNT; s++) {
            struct row row = {.standing = (enum standing)s,
                              .lead = {{.claim = rows[i].claims[0]}, {.claim = rows[i].claims[1]}},
                              .leads = rows[i].leads,
                              .count = 2,
                              .day = 1000};
            struct rated_action got;
            rate_row(&row, &got);
            CHECK_INT(rows[i].leads, got.leads);
            CHECK_INT(rows[i].claimed, got.claimed);
            CHECK_INT(rows[i].least, got.least);
        }
}

TEST(rating_counts_as_nothing_said_what_was_not)
{
    struct part part = {.status = CLAIM_COMPLETE};
    CHECK_INT(CLAIM_NOT_STARTED, part_claim(&part));
    part.has.status = 1;
    CHECK_INT(CLAIM_COMPLETE, part_claim(&part));
}

TEST(rating_counts_evidence_of_after_the_return)
{
    struct evidence_held held[] = {{.on = 99}, {.on = 100}, {.on = 101, .behalf = true}};
    struct part part = {.evidence = {held, 3}, .evidence_from = 100};

    CHECK_INT(3, part_evidence(&part, false));
    CHECK_INT(2, part_evidence(&part, true));
    part.has.evidence_from = 1;
    CHECK_INT(2, part_evidence(&part, false));
    CHECK_INT(1, part_evidence(&part, true));
    part.evidence_from = 101;
    CHECK_INT(1, part_evidence(&part, false));
    CHECK_INT(0, part_evidence(&part, true));
}

TEST(rating_tallies_by_colour)
{
    struct tally tally = {0};
    struct rated_action red = {.rating = RED};
    struct rated_action blue = {.rating = BLUE};

    tally_add(&tally, &red);
    tally_add(&tally, &blue);
    tally_add(&tally, &red);
    CHECK_INT(3, tally.actions);
    CHECK_INT(2, tally.by_rating[RED]);
    CHECK_INT(1, tally.by_rating[BLUE]);
    CHECK_INT(0, tally.by_rating[AMBER]);
}
