/* A board's backup, made while its broker runs. */
#ifndef BROKER_BACKUP_BACKUP_H
#define BROKER_BACKUP_BACKUP_H

#include "broker/options.h"
#include "schema/why.h"

/* Makes the backup TO (parts.h) of the board's directory; or, where options->keep says
   how many, one named by the time in the folder TO, of whose other backups only the newest
   stay. All that is in it is durable before it has its name. Says what was made on
   stdout, and shows progress on a terminal. 0; -EEXIST where TO is there; -EINVAL where it
   would be in a board's directory or a backup; JOURNAL_DAMAGED; or another negative error:
   then there is nothing new. */
int broker_backup(const char *dir, const char *to, const struct backup_option *options,
                  struct why *why);

#endif
