/* A command that could not do its work says why, and exits with what a supervisor and a
   script can go by. */
#ifndef BROKER_COMPLAIN_H
#define BROKER_COMPLAIN_H

#include "schema/why.h"

/* Says it on stderr. EXIT_REFUSED for what is refused or not there, and for what only a
   person can mend: no board, one that is damaged, another's or of a later version; else
   EXIT_MACHINE, where trying again may help. */
int complain(int error, const struct why *why);

#endif
