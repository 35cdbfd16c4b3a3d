#include "tests/option_records.h"

#include "agents/agency/commands/enrol.h"
#include "agents/agency/commands/rotate.h"
#include "agents/agency/options.h"
#include "agents/cli/action.h"
#include "agents/cli/agency.h"
#include "agents/cli/board_line.h"
#include "agents/cli/client.h"
#include "agents/cli/config.h"
#include "agents/cli/counts.h"
#include "agents/cli/key.h"
#include "agents/cli/log.h"
#include "agents/cli/plan.h"
#include "agents/cli/plans.h"
#include "agents/cli/sent_list.h"
#include "agents/cli/show.h"
#include "agents/cli/status.h"
#include "agents/cli/update.h"
#include "agents/cli/watch/watch.h"
#include "broker/options.h"

#define ADDRESS(tag, FIELDS, open, doc) &tag##_record,

/* clang-format off */
const struct record *const option_records[] = {
    OPTION_RECORDS(ADDRESS) AGENT_OPTION_RECORDS(ADDRESS) ENROL_OPTION_RECORDS(ADDRESS) ROTATE_OPTION_RECORDS(ADDRESS)
    COMMON_OPTIONS(ADDRESS) ACTION_OPTIONS(ADDRESS) AGENCY_OPTIONS(ADDRESS) CLIENT_OPTIONS(ADDRESS) BOARD_LINE_OPTIONS(ADDRESS)
    COUNTS_OPTIONS(ADDRESS) KEY_OPTIONS(ADDRESS) LOG_OPTIONS(ADDRESS) PLAN_OPTIONS(ADDRESS) PLAN_READ_OPTIONS(ADDRESS)
    SENT_OPTIONS(ADDRESS) SHOW_OPTIONS(ADDRESS) STATUS_OPTIONS(ADDRESS) UPDATE_OPTIONS(ADDRESS)
    WATCH_OPTIONS(ADDRESS)
};
/* clang-format on */

const unsigned option_record_count = sizeof option_records / sizeof *option_records;
