/* A board made of a backup, on this host or another. */
#ifndef BROKER_BACKUP_RESTORE_H
#define BROKER_BACKUP_RESTORE_H

#include "broker/options.h"
#include "schema/why.h"

/* Makes the directory DIR of the backup FROM, or of the newest in the folder FROM: the
   journal, compared with its head; an entry that says that it was restored, which begins
   an epoch that no restore of this backup, or of one beside it, has begun before; the board's
   files; the state, which is then verified as `maat-broker verify` does. DIR must not be there, or
   be empty, and lie in no board's directory and no backup. 0; or what `complain` takes
   (broker/complain.h): then nothing is left in DIR. */
int broker_restore(const char *from, const char *dir, const struct restore_option *options,
                   struct why *why);

/* Does so in a folder SCRATCH/restored-by-drill, to see that it can be done, and takes it
   away again; what a drill that was killed has left there too. Unless it is said, SCRATCH is
   FROM/drill in a folder of backups, else FROM.drill, and goes as well. As above; -EWOULDBLOCK
   where another drill has SCRATCH. */
int broker_drill(const char *from, const struct drill_option *options, struct why *why);

#endif
