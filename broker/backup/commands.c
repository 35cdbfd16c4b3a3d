#include "broker/backup/commands.h"

#include <errno.h>

#include "broker/backup/backup.h"
#include "broker/backup/restore.h"
#include "broker/complain.h"
#include "schema/wire/program.h"

/* Another one that is at it is no trouble of the machine's. */
static int
say_fault(int rc, const struct why *why)
{
    return complain(rc == -EWOULDBLOCK ? EXIT_REFUSED : rc, why);
}

int
backup_run(const struct invocation *in, struct arena *arena)
{
    struct backup_option o;
    struct fault fault;
    struct why why;

    if (!options_decode(arena, &backup_option_record, &in->own, &o, &fault))
        return program_usage(in, &fault);
    int rc = broker_backup(in->words.at[0], in->words.at[1], &o, &why);
    return rc ? say_fault(rc, &why) : EXIT_DONE;
}

int
restore_run(const struct invocation *in, struct arena *arena)
{
    struct restore_option o;
    struct fault fault;
    struct why why;

    if (!options_decode(arena, &restore_option_record, &in->own, &o, &fault))
        return program_usage(in, &fault);
    int rc = broker_restore(in->words.at[0], in->words.at[1], &o, &why);
    return rc ? say_fault(rc, &why) : EXIT_DONE;
}

int
drill_run(const struct invocation *in, struct arena *arena)
{
    struct drill_option o;
    struct fault fault;
    struct why why;

    if (!options_decode(arena, &drill_option_record, &in->own, &o, &fault))
        return program_usage(in, &fault);
    int rc = broker_drill(in->words.at[0], &o, &why);
    return rc ? say_fault(rc, &why) : EXIT_DONE;
}
