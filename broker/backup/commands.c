#include "broker/backup/commands.h"

#include <errno.h>
#include <stdio.h>

#include "broker/backup/backup.h"
#include "broker/backup/restore.h"
#include "schema/wire/program.h"
#include "store/journal.h"

/* Refused, what is there or damaged; else the machine is at fault. */
static int
say_fault(int rc, const struct why *why)
{
    (void)fprintf(stderr, "maat-broker: %s\n", why->text);
    switch (rc) {
    case 1:
    case JOURNAL_DAMAGED:
    case -ENOENT:
    case -EEXIST:
    case -ENOTEMPTY:
    case -EWOULDBLOCK: return EXIT_REFUSED;
    default: return EXIT_MACHINE;
    }
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
