#include "schema/records.h"

#include "schema/days.h"

_Static_assert(sizeof(enum claim) == sizeof(int), "the codec copies words as int");
_Static_assert(sizeof(struct list) == sizeof(struct texts), "every list has this layout");

RECORDS(RECORD_TABLE)

const struct record *const body_records[SUBMISSION_KIND_COUNT] = {
    [KIND_BOARD] = &board_record,       [KIND_AGENCY] = &agency_record,
    [KIND_CLIENT] = &client_record,     [KIND_PLAN] = &plan_record,
    [KIND_ACTION] = &action_record,     [KIND_PROGRESS] = &progress_record,
    [KIND_DECISION] = &decision_record, [KIND_RATING] = &rating_change_record,
};
