// Lines of a script's report. Each is one write, so what was said survives a crash.
#include "report.h"

#include <unistd.h>

#include "core/message.h"

static void begin(struct smelt_message *line, uint32_t command) {
    line->length = 0;
    smelt_message_decimal(line, command);
    smelt_message_text(line, " ");
}

static void word(struct smelt_message *line, const char *text) {
    smelt_message_text(line, text);
    smelt_message_text(line, " ");
}

static void number(struct smelt_message *line, uint32_t value) {
    smelt_message_decimal(line, value);
    smelt_message_text(line, " ");
}

static void finish(struct smelt_message *line) {
    smelt_message_text(line, "\n");
    // Without a reader there is nobody to tell that there is none.
    if (write(STDOUT_FILENO, line->text, line->length) < 0) return;
}

void wast_report(uint32_t command, const char *outcome) {
    struct smelt_message line;
    begin(&line, command);
    smelt_message_text(&line, outcome);
    finish(&line);
}

void wast_report_trap(uint32_t command, uint32_t code) {
    struct smelt_message line;
    begin(&line, command);
    word(&line, "trap");
    number(&line, code);
    finish(&line);
}

void wast_report_value(uint32_t command, uint32_t result, const union smelt_value *value) {
    struct smelt_message line;
    begin(&line, command);
    word(&line, "value");
    number(&line, result);
    for (uint32_t index = 0; index < sizeof value->v128; index++) {
        smelt_message_bytes(&line, &"0123456789abcdef"[value->v128[index] >> 4], 1);
        smelt_message_bytes(&line, &"0123456789abcdef"[value->v128[index] & 15], 1);
    }
    finish(&line);
}

void wast_report_end(uint32_t command, bool is_killed, uint32_t status) {
    struct smelt_message line;
    line.length = 0;
    word(&line, "end");
    number(&line, command);
    word(&line, is_killed ? "killed" : "exited");
    number(&line, status);
    finish(&line);
}
