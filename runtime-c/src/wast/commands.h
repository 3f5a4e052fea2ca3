// Performing the commands of a script.
#ifndef SMELT_WAST_COMMANDS_H
#define SMELT_WAST_COMMANDS_H

#include <stdint.h>

#include "script.h"

// Performs the next command and says on standard output when it fails.
//
// `instances` has one place for each instance of the script, null until it is made; `number` is
// the command's own, for the report.
void wast_perform(struct wast_reader *reader, struct smelt_instance **instances, uint32_t number);

#endif
