/* `maat-broker doctor DIR`: whether all is as it should be for a board to be served, and
   what to do where it is not. The broker may run or not; nothing is changed.          */
#ifndef BROKER_WATCHED_DOCTOR_H
#define BROKER_WATCHED_DOCTOR_H

#include "schema/arena.h"

/* A line on stdout for each thing. EXIT_DONE if all are ok, EXIT_REFUSED where one is not. */
int broker_doctor(struct arena *arena, const char *dir);

#endif
