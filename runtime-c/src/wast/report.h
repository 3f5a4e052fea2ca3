// What a script's program says, on standard output. One line for each command that failed:
//
//     <command> trap <code>                   it trapped with this code
//     <command> returned                      it succeeded
//     <command> value <result> <hexadecimal>  a result does not fit: its 16 bytes
//     <command> unlinkable                    a memory or table is smaller than imported
//     <command> resources                     there is no memory for the instance
//     <command> missing                       it needs an instance that was never made
//
// and at the end, whatever happened:
//
//     end <command> exited <status>     <command> is how far it came
//     end <command> killed <signal>
#ifndef SMELT_WAST_REPORT_H
#define SMELT_WAST_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "smelt/instance.h"

void wast_report(uint32_t command, const char *outcome);
void wast_report_trap(uint32_t command, uint32_t code);
void wast_report_value(uint32_t command, uint32_t result, const union smelt_value *value);
void wast_report_end(uint32_t command, bool is_killed, uint32_t status);

#endif
