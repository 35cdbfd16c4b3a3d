#include "tests/bench/peers/step.h"

const char *const work_names[] = {[W1_PUSH] = "w1", [W2_FOLLOW] = "w2", [W3_RECEIVE] = "w3"};
