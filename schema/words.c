#include "schema/words.h"

#include <assert.h>
#include <string.h>

VOCABULARY(submission_kinds, "kind", SUBMISSION_KINDS, SUBMISSION_KIND_COUNT);
VOCABULARY(outcomes, "outcome", OUTCOMES, OUTCOME_COUNT);
VOCABULARY(fault_codes, "fault", FAULT_CODES, FAULT_CODE_COUNT);
VOCABULARY(roles, "role", ROLES, ROLE_COUNT);
VOCABULARY(sectors, "sector", SECTORS, SECTOR_COUNT);
VOCABULARY(plan_kinds, "plan kind", PLAN_KINDS, PLAN_KIND_COUNT);
VOCABULARY(markings, "marking", MARKINGS, MARKING_COUNT);
VOCABULARY(responses, "response", RESPONSES, RESPONSE_COUNT);
VOCABULARY(claims, "claim", CLAIMS, CLAIM_COUNT);
VOCABULARY(standings, "standing", STANDINGS, STANDING_COUNT);
VOCABULARY(decisions, "decision", DECISIONS, DECISION_COUNT);
VOCABULARY(board_acts, "board act", BOARD_ACTS, BOARD_ACT_COUNT);
VOCABULARY(evidence_kinds, "evidence kind", EVIDENCE_KINDS, EVIDENCE_KIND_COUNT);
VOCABULARY(units, "unit", UNITS, UNIT_COUNT_OF);
VOCABULARY(comparators, "comparator", COMPARATORS, COMPARATOR_COUNT);
VOCABULARY(opinions, "opinion", OPINIONS, OPINION_COUNT);
VOCABULARY(ratings, "rating", RATINGS, RATING_COUNT);
VOCABULARY(reasons, "reason", REASONS, REASON_COUNT);

const char *
word_text(const struct vocabulary *words, int word)
{
    assert(word >= 0 && word < words->count);
    return words->text[word];
}

int
word_find(const struct vocabulary *words, const char *text, unsigned long len)
{
    for (int i = 0; i < words->count && len; i++)
        if (words->len[i] == len && memcmp(words->text[i], text, len) == 0)
            return i;
    return -1;
}
