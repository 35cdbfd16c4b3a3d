#include "agents/cli/printed/headings.h"

#include <assert.h>
#include <string.h>

#include "agents/cli/printed/phrase.h"

enum { TITLE_ROWS = 10 };

#define NAME(symbol, name, doc) [symbol] = (name),
static const char *const names[COLUMN_COUNT] = {COLUMNS(NAME)};
#undef NAME

/* A heading is its words without marks and "the", as below. "*" at the end
   stands for any further words: "progress as at January 2017". Words in
   brackets are left out if nothing is known with them. The first row that fits
   counts. AMBIGUOUS are those that boards use in two ways. */
#define AMBIGUOUS COLUMN_COUNT
/* clang-format off */
static const struct synonym { const char *words; enum column column; } synonyms[] = {
    {"recommendation number", COLUMN_RECOMMENDATION_REF}, {"recommendation no", COLUMN_RECOMMENDATION_REF},
    {"recommendation ref", COLUMN_RECOMMENDATION_REF},    {"recommendation reference", COLUMN_RECOMMENDATION_REF},
    {"number of recommendation", COLUMN_RECOMMENDATION_REF}, {"rec no", COLUMN_RECOMMENDATION_REF},
    {"rec number", COLUMN_RECOMMENDATION_REF},            {"rec ref", COLUMN_RECOMMENDATION_REF},
    {"rec", COLUMN_RECOMMENDATION_REF},                   {"recs no", COLUMN_RECOMMENDATION_REF},
    {"finding no", COLUMN_RECOMMENDATION_REF},            {"finding number", COLUMN_RECOMMENDATION_REF},

    {"recommendation", COLUMN_RECOMMENDATION},            {"recommendations", COLUMN_RECOMMENDATION},
    {"recommendation from review", COLUMN_RECOMMENDATION}, {"overview report recommendation", COLUMN_RECOMMENDATION},
    {"scr recommendation", COLUMN_RECOMMENDATION},        {"learning", COLUMN_RECOMMENDATION},
    {"learning point", COLUMN_RECOMMENDATION},            {"finding", COLUMN_RECOMMENDATION},
    {"findings", COLUMN_RECOMMENDATION},                  {"issue", COLUMN_RECOMMENDATION},
    {"issue identified", COLUMN_RECOMMENDATION},          {"what we learned", COLUMN_RECOMMENDATION},

    {"ref", COLUMN_REF},                                  {"reference", COLUMN_REF},
    {"ref no", COLUMN_REF},                               {"ref number", COLUMN_REF},
    {"reference number", COLUMN_REF},                     {"no", COLUMN_REF},
    {"number", COLUMN_REF},                               {"id", COLUMN_REF},
    {"item", COLUMN_REF},                                 {"item no", COLUMN_REF},
    {"item number", COLUMN_REF},                          {"action no", COLUMN_REF},
    {"action number", COLUMN_REF},                        {"action ref", COLUMN_REF},
    {"action reference", COLUMN_REF},                     {"action id", COLUMN_REF},

    {"action", COLUMN_ACTION},                            {"actions", COLUMN_ACTION},
    {"action required", COLUMN_ACTION},                   {"actions required", COLUMN_ACTION},
    {"required action", COLUMN_ACTION},                   {"action needed", COLUMN_ACTION},
    {"action to take", COLUMN_ACTION},                    {"action to be taken", COLUMN_ACTION},
    {"actions to be taken", COLUMN_ACTION},               {"agreed action", COLUMN_ACTION},
    {"agreed actions", COLUMN_ACTION},                    {"planned action", COLUMN_ACTION},
    {"key action", COLUMN_ACTION},                        {"key actions", COLUMN_ACTION},
    {"task", COLUMN_ACTION},                              {"tasks", COLUMN_ACTION},
    {"activity", COLUMN_ACTION},                          {"what", COLUMN_ACTION},
    {"what are we going to do", COLUMN_ACTION},           {"what will we do", COLUMN_ACTION},
    {"what needs to be done", COLUMN_ACTION},             {"how will we do it", COLUMN_ACTION},

    {"lead", COLUMN_LEAD},                                {"leads", COLUMN_LEAD},
    {"lead agency", COLUMN_LEAD},                         {"lead agencies", COLUMN_LEAD},
    {"lead agency officer", COLUMN_LEAD},                 {"lead organisation", COLUMN_LEAD},
    {"lead organisations", COLUMN_LEAD},                  {"lead organization", COLUMN_LEAD},
    {"lead officer", COLUMN_LEAD},                        {"lead officers", COLUMN_LEAD},
    {"lead person", COLUMN_LEAD},                         {"lead partner", COLUMN_LEAD},
    {"lead responsibility", COLUMN_LEAD},                 {"responsible lead", COLUMN_LEAD},
    {"agency", COLUMN_LEAD},                              {"agencies", COLUMN_LEAD},
    {"agency lead", COLUMN_LEAD},                         {"agency responsible", COLUMN_LEAD},
    {"organisation", COLUMN_LEAD},                        {"owner", COLUMN_LEAD},
    {"owners", COLUMN_LEAD},                              {"action owner", COLUMN_LEAD},
    {"responsible", COLUMN_LEAD},                         {"responsible agency", COLUMN_LEAD},
    {"responsible organisation", COLUMN_LEAD},            {"responsible officer", COLUMN_LEAD},
    {"responsible person", COLUMN_LEAD},                  {"person responsible", COLUMN_LEAD},
    {"responsibility", COLUMN_LEAD},                      {"accountable", COLUMN_LEAD},
    {"accountable agency", COLUMN_LEAD},                  {"who", COLUMN_LEAD},
    {"by whom", COLUMN_LEAD},                             {"who will do it", COLUMN_LEAD},
    {"who is responsible", COLUMN_LEAD},                  {"who will lead", COLUMN_LEAD},

    {"contributors", COLUMN_CONTRIBUTORS},                {"contributing agencies", COLUMN_CONTRIBUTORS},
    {"partners", COLUMN_CONTRIBUTORS},                    {"partner agencies", COLUMN_CONTRIBUTORS},
    {"other agencies", COLUMN_CONTRIBUTORS},              {"other partners", COLUMN_CONTRIBUTORS},
    {"supporting agencies", COLUMN_CONTRIBUTORS},         {"supporting partners", COLUMN_CONTRIBUTORS},
    {"supported by", COLUMN_CONTRIBUTORS},                {"agencies involved", COLUMN_CONTRIBUTORS},
    {"partners involved", COLUMN_CONTRIBUTORS},           {"key partners", COLUMN_CONTRIBUTORS},

    {"date", COLUMN_DUE},                                 {"due", COLUMN_DUE},
    {"due date", COLUMN_DUE},                             {"due by", COLUMN_DUE},
    {"date due", COLUMN_DUE},                             {"deadline", COLUMN_DUE},
    {"deadline date", COLUMN_DUE},                        {"target", AMBIGUOUS},
    {"target date", COLUMN_DUE},                          {"target dates", COLUMN_DUE},
    {"target date for completion", COLUMN_DUE},           {"target completion date", COLUMN_DUE},
    {"planned completion date", COLUMN_DUE},              {"date for completion", COLUMN_DUE},
    {"to be completed by", COLUMN_DUE},                   {"complete by", COLUMN_DUE},
    {"timescale", COLUMN_DUE},                            {"timescales", COLUMN_DUE},
    {"timescale for completion", COLUMN_DUE},             {"time scale", COLUMN_DUE},
    {"timeframe", COLUMN_DUE},                            {"time frame", COLUMN_DUE},
    {"timeline", COLUMN_DUE},                             {"when", COLUMN_DUE},
    {"by when", COLUMN_DUE},                              {"when will it be done", COLUMN_DUE},
    {"when will it be done by", COLUMN_DUE},              {"completion date", AMBIGUOUS},
    {"date of completion", AMBIGUOUS},                    {"completion", AMBIGUOUS},

    {"measure", COLUMN_MEASURE},                          {"measures", COLUMN_MEASURE},
    {"success measure", COLUMN_MEASURE},                  {"success measures", COLUMN_MEASURE},
    {"measure of success", COLUMN_MEASURE},               {"measures of success", COLUMN_MEASURE},
    {"success criteria", COLUMN_MEASURE},                 {"success indicator", COLUMN_MEASURE},
    {"success indicators", COLUMN_MEASURE},               {"performance measure", COLUMN_MEASURE},
    {"performance indicator", COLUMN_MEASURE},            {"kpi", COLUMN_MEASURE},
    {"kpis", COLUMN_MEASURE},                             {"key performance indicator", COLUMN_MEASURE},
    {"key performance indicators", COLUMN_MEASURE},       {"how will we know *", COLUMN_MEASURE},
    {"how will this be measured", COLUMN_MEASURE},        {"how will success be measured", COLUMN_MEASURE},
    {"how will it be measured", COLUMN_MEASURE},          {"how will we measure success", COLUMN_MEASURE},

    {"outcome", COLUMN_OUTCOME},                          {"outcomes", COLUMN_OUTCOME},
    {"desired outcome", COLUMN_OUTCOME},                  {"desired outcomes", COLUMN_OUTCOME},
    {"intended outcome", COLUMN_OUTCOME},                 {"intended outcomes", COLUMN_OUTCOME},
    {"expected outcome", COLUMN_OUTCOME},                 {"expected outcomes", COLUMN_OUTCOME},
    {"required outcome", COLUMN_OUTCOME},                 {"anticipated outcome", COLUMN_OUTCOME},
    {"impact", COLUMN_OUTCOME},                           {"intended impact", COLUMN_OUTCOME},
    {"expected impact", COLUMN_OUTCOME},                  {"desired impact", COLUMN_OUTCOME},
    {"what will be different", COLUMN_OUTCOME},           {"what difference will it make", COLUMN_OUTCOME},
    {"what difference will this make", COLUMN_OUTCOME},   {"what do we want to achieve", COLUMN_OUTCOME},

    {"status", COLUMN_STATUS},                            {"rag", COLUMN_STATUS},
    {"rag status", COLUMN_STATUS},                        {"rag rating", COLUMN_STATUS},
    {"brag", COLUMN_STATUS},                              {"brag status", COLUMN_STATUS},
    {"brag rating", COLUMN_STATUS},                       {"current status", COLUMN_STATUS},
    {"action status", COLUMN_STATUS},                     {"rating", COLUMN_STATUS},

    {"evidence", COLUMN_EVIDENCE},                        {"evidence of completion", COLUMN_EVIDENCE},
    {"evidence of progress", COLUMN_EVIDENCE},            {"evidence of impact", COLUMN_EVIDENCE},
    {"supporting evidence", COLUMN_EVIDENCE},             {"evidence required", COLUMN_EVIDENCE},
    {"source of evidence", COLUMN_EVIDENCE},              {"assurance evidence", COLUMN_EVIDENCE},

    {"theme", COLUMN_THEME},                              {"themes", COLUMN_THEME},
    {"priority", COLUMN_THEME},                           {"priorities", COLUMN_THEME},
    {"priority area", COLUMN_THEME},                      {"strategic priority", COLUMN_THEME},
    {"key theme", COLUMN_THEME},                          {"workstream", COLUMN_THEME},

    {"progress *", COLUMN_PROGRESS},                      {"current progress *", COLUMN_PROGRESS},
    {"update *", COLUMN_PROGRESS},                        {"updates *", COLUMN_PROGRESS},
    {"latest update *", COLUMN_PROGRESS},                 {"current position *", COLUMN_PROGRESS},
    {"position *", COLUMN_PROGRESS},                      {"position statement", COLUMN_PROGRESS},
    {"key milestones achieved *", COLUMN_PROGRESS},       {"what have we done", COLUMN_PROGRESS},
    {"action taken *", COLUMN_PROGRESS},                  {"actions taken *", COLUMN_PROGRESS},
};
/* clang-format on */

const char *
column_name(enum column column)
{
    assert(column < COLUMN_COUNT);
    return names[column];
}

/* The words of tokens [from, to) alone, without what stands in brackets if so
   asked. They go on living in `all`. */
static void
pick(struct phrase *out, const struct phrase *all, size_t from, size_t to, bool brackets)
{
    int depth = 0;

    out->count = 0;
    for (size_t i = from; i < to; i++) {
        const struct token *t = &all->tokens[i];
        depth += token_is_mark(t, '(') - (token_is_mark(t, ')') && depth);
        if (t->kind != TOKEN_MARK && !token_is_word(t, "the") && (brackets || !depth))
            out->tokens[out->count++] = *t;
    }
}

static bool
fits(const struct phrase *p, const char *words)
{
    size_t len = strlen(words);
    char exact[64];

    if (words[len - 1] != '*')
        return phrase_match(p, 0, words) == p->count;
    assert(len - 2 < sizeof exact);
    memcpy(exact, words, len - 2);
    exact[len - 2] = '\0';
    return phrase_match(p, 0, exact) > 0;
}

static enum column
lookup(const struct phrase *p)
{
    for (size_t i = 0; i < sizeof synonyms / sizeof *synonyms; i++)
        if (p->count && fits(p, synonyms[i].words))
            return synonyms[i].column;
    return COLUMN_PRINTED;
}

/* "Lead / Owner": each of its parts is known, and all mean the same. */
static enum column
lookup_parts(const struct phrase *all)
{
    enum column found = COLUMN_PRINTED;
    struct phrase part;
    size_t from = 0;

    for (size_t i = 0; i <= all->count; i++) {
        const struct token *t = phrase_token(all, i);
        if (t->kind != TOKEN_END && !token_is_mark(t, '/') && !token_is_mark(t, '&')
            && !token_is_mark(t, ',') && !token_is_word(t, "and") && !token_is_word(t, "or"))
            continue;
        pick(&part, all, from, i, false);
        enum column column = lookup(&part);
        if (column == COLUMN_PRINTED || (found != COLUMN_PRINTED && column != found))
            return COLUMN_PRINTED;
        found = column;
        from = i + 1;
    }
    return found;
}

enum column
heading_column(const char *heading, enum heading_note *note)
{
    struct phrase all;
    struct phrase words;

    phrase_read(&all, heading);
    pick(&words, &all, 0, all.count, true);
    *note = words.count ? HEADING_UNKNOWN : HEADING_EMPTY;
    enum column column = lookup(&words);
    if (column == COLUMN_PRINTED) {
        pick(&words, &all, 0, all.count, false);
        column = lookup(&words);
    }
    if (column == COLUMN_PRINTED)
        column = lookup_parts(&all);
    if (column == AMBIGUOUS) {
        *note = HEADING_AMBIGUOUS;
        return COLUMN_PRINTED;
    }
    if (column != COLUMN_PRINTED)
        *note = HEADING_KNOWN;
    return column;
}

/* How many columns of the row are known. */
static int
read_row(struct headings *out, const struct table *t, size_t row)
{
    int known = 0;

    *out = (struct headings){.row = row, .count = table_cells(t, row)};
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        out->at[i] = -1;
    for (size_t i = 0; i < out->count; i++) {
        enum column column = heading_column(table_cell(t, row, i), &out->note[i]);
        if (column != COLUMN_PRINTED && out->at[column] >= 0) {
            out->note[i] = HEADING_REPEATED;
            column = COLUMN_PRINTED;
        }
        out->column[i] = column;
        if (column != COLUMN_PRINTED) {
            out->at[column] = (int)i;
            known++;
        }
    }
    return known;
}

bool
headings_find(struct headings *out, const struct table *t, struct fault *why)
{
    for (size_t row = 0; row < table_rows(t) && row < TITLE_ROWS; row++) {
        int known = read_row(out, t, row);
        if (known >= 2 && (out->at[COLUMN_ACTION] >= 0 || out->at[COLUMN_RECOMMENDATION] >= 0))
            return true;
    }
    return fault_set(why, FAULT_FIELD_MISSING, "",
                     "none of the first %d rows holds headings: an action or a recommendation, and "
                     "at least one of ref, lead, date, measure, outcome, progress",
                     TITLE_ROWS);
}

const char *
headings_cell(const struct headings *h, const struct table *t, size_t row, enum column column)
{
    assert(column > COLUMN_PRINTED && column < COLUMN_COUNT);
    return h->at[column] < 0 ? "" : table_cell(t, row, (size_t)h->at[column]);
}
