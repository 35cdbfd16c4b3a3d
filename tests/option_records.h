/* The options of every program and command, for what must hold of them all. */
#ifndef TESTS_OPTION_RECORDS_H
#define TESTS_OPTION_RECORDS_H

#include "schema/record.h"

extern const struct record *const option_records[];
extern const unsigned option_record_count;

#endif
