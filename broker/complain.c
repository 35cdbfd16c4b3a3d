#include "broker/complain.h"

#include <errno.h>
#include <stdio.h>

#include "broker/board.h"
#include "schema/wire/program.h"
#include "store/journal.h"
#include "store/state_lmdb.h"

int
complain(int error, const struct why *why)
{
    (void)fprintf(stderr, "maat-broker: %s\n", why->text);
    switch (error) {
    case EXIT_REFUSED:
    case BOARD_NO_KEYS:
    case JOURNAL_DAMAGED:
    case JOURNAL_LAYOUT:
    case JOURNAL_BOARD:
    case STATE_FOREIGN:
    case -EBADMSG:
    case -EINVAL:
    case -ENOENT:
    case -ENOTDIR:
    case -EEXIST:
    case -ENOTEMPTY: return EXIT_REFUSED;
    default: return EXIT_MACHINE;
    }
}
