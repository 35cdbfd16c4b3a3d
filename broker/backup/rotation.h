/* A folder of backups, each named by the time when it was made: 2016-03-01T021500Z. The
   newest is the one whose journal had come furthest: names are as wrong as clocks. What
   else lies there is left alone.                                                  */
#ifndef BROKER_BACKUP_ROTATION_H
#define BROKER_BACKUP_ROTATION_H

#include <time.h>

#include "broker/board.h"

/* FOLDER/NAME into `path`; the folder is made where there is none. 0 or a negative
   error. */
int rotation_name(const char *folder, time_t now, char path[BOARD_PATH], struct why *why);

/* Takes away all of this board's but the newest `keep`, of which `made` is one in any
   case, and what backups that were cut off have left. 0 or a negative error. */
int rotation_prune(const char *folder, const char *made, int keep, const struct board_keys *keys,
                   struct why *why);

/* The backup that is meant: `from` itself, or the newest in it. -ENOENT if it is
   neither; -EINVAL where it holds those of several boards. */
int rotation_find(const char *from, char path[BOARD_PATH], struct why *why);

#endif
