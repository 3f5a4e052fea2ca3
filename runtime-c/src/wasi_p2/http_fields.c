// wasi:http/types: fields.
#include "http.h"
#include "smelt/component_functions.h"

#include <string.h>

enum header_error { HEADER_OK = -1, INVALID_SYNTAX, FORBIDDEN, IMMUTABLE };
enum { FIELD_LIMIT = 4096 };

static void end(struct p2_state *state, struct p2_resource *resource) {
    p2_fields_free(state, resource->u.object.memory);
    p2_free(state, resource->u.object.memory, sizeof(struct p2_fields));
}

const struct p2_class p2_fields_class = {.name = "fields", .end = end};

static struct p2_fields *fields_of(const struct smelt_context *context, uint32_t representation) {
    return p2_get(context, representation, &p2_fields_class)->u.object.memory;
}

uint32_t p2_new_fields(struct p2_state *state, struct p2_fields *fields, bool is_immutable) {
    struct p2_resource *resource;
    uint32_t result = p2_new(state, &p2_fields_class, 0, &resource);
    struct p2_fields *own = p2_allocate(state, sizeof *own);
    *own = *fields;
    own->is_immutable = is_immutable;
    memset(fields, 0, sizeof *fields);
    resource->u.object.memory = own;
    return result;
}

uint32_t p2_copy_fields(struct p2_state *state, const struct p2_fields *fields) {
    struct p2_fields copy = {0};
    for (uint32_t index = 0; index < fields->count; index++) {
        const struct p2_field *field = &fields->entries[index];
        p2_fields_add(state, &copy, field->name.bytes, field->name.length, field->value.bytes,
                      field->value.length);
    }
    return p2_new_fields(state, &copy, true);
}

struct p2_fields p2_take_fields(const struct smelt_context *context, uint32_t representation) {
    struct p2_fields *fields = fields_of(context, representation);
    struct p2_fields taken = *fields;
    memset(fields, 0, sizeof *fields);
    p2_drop(context, representation, &p2_fields_class);
    return taken;
}

void p2_fields_add(struct p2_state *state, struct p2_fields *fields, const void *name,
                   size_t name_length, const void *value, size_t value_length) {
    if (fields->count == FIELD_LIMIT) p2_fail("there are too many of", "a message's fields");
    if (fields->count == fields->capacity) {
        uint32_t capacity = fields->capacity == 0 ? 8 : fields->capacity * 2;
        struct p2_field *entries = p2_allocate(state, capacity * sizeof *entries);
        if (fields->count > 0) memcpy(entries, fields->entries, fields->count * sizeof *entries);
        p2_free(state, fields->entries, fields->capacity * sizeof *entries);
        fields->entries = entries;
        fields->capacity = capacity;
    }
    struct p2_field *field = &fields->entries[fields->count++];
    memset(field, 0, sizeof *field);
    p2_text_set(state, &field->name, name, name_length);
    p2_text_set(state, &field->value, value, value_length);
}

void p2_fields_free(struct p2_state *state, struct p2_fields *fields) {
    for (uint32_t index = 0; index < fields->count; index++) {
        p2_text_free(state, &fields->entries[index].name);
        p2_text_free(state, &fields->entries[index].value);
    }
    p2_free(state, fields->entries, fields->capacity * sizeof *fields->entries);
    memset(fields, 0, sizeof *fields);
}

static char lower(char character) {
    return character >= 'A' && character <= 'Z' ? (char)(character + ('a' - 'A')) : character;
}

bool p2_is_same_text(const struct p2_text *text, const char *other, size_t length) {
    if (text->length != length) return false;
    for (size_t index = 0; index < length; index++) {
        if (lower(text->bytes[index]) != lower(other[index])) return false;
    }
    return true;
}

const struct p2_field *p2_fields_find(const struct p2_fields *fields, const struct p2_field *from,
                                      const char *name, size_t length) {
    uint32_t index = from == NULL ? 0 : (uint32_t)(from - fields->entries) + 1;
    for (; index < fields->count; index++) {
        if (p2_is_same_text(&fields->entries[index].name, name, length)) {
            return &fields->entries[index];
        }
    }
    return NULL;
}

bool p2_is_token(const void *text, size_t length) {
    static const char others[] = "!#$%&'*+-.^_`|~";
    const char *bytes = text;
    for (size_t index = 0; index < length; index++) {
        char character = lower(bytes[index]);
        bool is_word = (character >= 'a' && character <= 'z') || (character >= '0' && character <= '9');
        if (!is_word && memchr(others, character, sizeof others - 1) == NULL) return false;
    }
    return length > 0;
}

bool p2_is_field_value(const void *text, size_t length) {
    const uint8_t *bytes = text;
    for (size_t index = 0; index < length; index++) {
        if ((bytes[index] < ' ' && bytes[index] != '\t') || bytes[index] == 0x7f) return false;
    }
    return true;
}

// What belongs to a connection and not to a message, which the host takes care of.
static bool is_forbidden(const char *name, size_t length) {
    static const char *const names[] = {
        "connection", "host", "http2-settings", "keep-alive", "proxy-authenticate",
        "proxy-authorization", "proxy-connection", "te", "transfer-encoding", "upgrade"};
    const struct p2_text text = {(char *)(uintptr_t)name, length};
    for (size_t index = 0; index < sizeof names / sizeof names[0]; index++) {
        if (p2_is_same_text(&text, names[index], strlen(names[index]))) return true;
    }
    return false;
}

static int check_name(const char *name, size_t length) {
    if (!p2_is_token(name, length)) return INVALID_SYNTAX;
    return is_forbidden(name, length) ? FORBIDDEN : HEADER_OK;
}

static void remove_all(struct p2_state *state, struct p2_fields *fields, const char *name,
                       size_t length) {
    uint32_t kept = 0;
    for (uint32_t index = 0; index < fields->count; index++) {
        struct p2_field *field = &fields->entries[index];
        if (p2_is_same_text(&field->name, name, length)) {
            p2_text_free(state, &field->name);
            p2_text_free(state, &field->value);
        } else {
            fields->entries[kept++] = *field;
        }
    }
    fields->count = kept;
}

static uint32_t outcome(const struct smelt_context *context, int error) {
    return arena_outcome(context, error != HEADER_OK, (uint32_t)error);
}

uint32_t smelt_p2_http_types_fields_new(struct smelt_context *context) {
    struct p2_fields fields = {0};
    return p2_new_fields(p2_state_of(context), &fields, false);
}

uint32_t smelt_p2_http_types_fields_from_list(struct smelt_context *context, uint32_t list,
                                              uint32_t count) {
    enum { PAIR = 16 };
    struct p2_state *state = p2_state_of(context);
    const uint8_t *pairs = arena_list(context, list, count, PAIR);
    struct p2_fields fields = {0};
    int error = HEADER_OK;
    for (uint32_t index = 0; index < count && error == HEADER_OK; index++) {
        const uint8_t *pair = pairs + (size_t)index * PAIR;
        uint32_t name_length = guest_load_u32(pair + 4), length = guest_load_u32(pair + 12);
        const char *name = (const char *)arena_at(context, guest_load_u32(pair), name_length);
        const uint8_t *value = arena_at(context, guest_load_u32(pair + 8), length);
        error = check_name(name, name_length);
        if (error == HEADER_OK && !p2_is_field_value(value, length)) error = INVALID_SYNTAX;
        if (error == HEADER_OK) p2_fields_add(state, &fields, name, name_length, value, length);
    }
    uint32_t offset;
    uint8_t *area = arena_result(context, 8, 4, &offset);
    area[0] = error != HEADER_OK;
    if (error == HEADER_OK) {
        guest_store_u32(area + 4, p2_new_fields(state, &fields, false));
    } else {
        area[4] = (uint8_t)error;
        p2_fields_free(state, &fields);
    }
    return offset;
}

uint32_t smelt_p2_http_types_fields_get(struct smelt_context *context, uint32_t self,
                                        uint32_t name, uint32_t length) {
    const struct p2_fields *fields = fields_of(context, self);
    const char *text = (const char *)arena_at(context, name, length);
    uint32_t count = 0, area_offset, list_offset;
    const struct p2_field *field = NULL;
    while ((field = p2_fields_find(fields, field, text, length)) != NULL) count++;
    uint8_t *area = arena_result(context, 8, 4, &area_offset);
    uint8_t *list = arena_new(context, count * 8u, 4, &list_offset);
    for (uint32_t index = 0; index < count; index++) {
        field = p2_fields_find(fields, field, text, length);
        if (field == NULL) break;
        arena_store_bytes(context, list + (size_t)index * 8, field->value.bytes, field->value.length);
    }
    guest_store_u32(area, list_offset);
    guest_store_u32(area + 4, count);
    return area_offset;
}

uint32_t smelt_p2_http_types_fields_has(struct smelt_context *context, uint32_t self,
                                        uint32_t name, uint32_t length) {
    const char *text = (const char *)arena_at(context, name, length);
    return p2_fields_find(fields_of(context, self), NULL, text, length) != NULL;
}

uint32_t smelt_p2_http_types_fields_set(struct smelt_context *context, uint32_t self,
                                        uint32_t name, uint32_t length, uint32_t list,
                                        uint32_t count) {
    struct p2_state *state = p2_state_of(context);
    struct p2_fields *fields = fields_of(context, self);
    const char *text = (const char *)arena_at(context, name, length);
    const uint8_t *values = arena_list(context, list, count, 8);
    int error = fields->is_immutable ? IMMUTABLE : check_name(text, length);
    for (uint32_t index = 0; index < count && error == HEADER_OK; index++) {
        const uint8_t *value = values + (size_t)index * 8;
        uint32_t size = guest_load_u32(value + 4);
        if (!p2_is_field_value(arena_at(context, guest_load_u32(value), size), size)) {
            error = INVALID_SYNTAX;
        }
    }
    if (error != HEADER_OK) return outcome(context, error);
    remove_all(state, fields, text, length);
    for (uint32_t index = 0; index < count; index++) {
        const uint8_t *value = values + (size_t)index * 8;
        uint32_t size = guest_load_u32(value + 4);
        p2_fields_add(state, fields, text, length, arena_at(context, guest_load_u32(value), size),
                      size);
    }
    return outcome(context, HEADER_OK);
}

uint32_t smelt_p2_http_types_fields_delete(struct smelt_context *context, uint32_t self,
                                           uint32_t name, uint32_t length) {
    struct p2_fields *fields = fields_of(context, self);
    const char *text = (const char *)arena_at(context, name, length);
    int error = fields->is_immutable ? IMMUTABLE : check_name(text, length);
    if (error == HEADER_OK) remove_all(p2_state_of(context), fields, text, length);
    return outcome(context, error);
}

uint32_t smelt_p2_http_types_fields_append(struct smelt_context *context, uint32_t self,
                                           uint32_t name, uint32_t length, uint32_t value,
                                           uint32_t value_length) {
    struct p2_fields *fields = fields_of(context, self);
    const char *text = (const char *)arena_at(context, name, length);
    const uint8_t *bytes = arena_at(context, value, value_length);
    int error = fields->is_immutable ? IMMUTABLE : check_name(text, length);
    if (error == HEADER_OK && !p2_is_field_value(bytes, value_length)) error = INVALID_SYNTAX;
    if (error == HEADER_OK) {
        p2_fields_add(p2_state_of(context), fields, text, length, bytes, value_length);
    }
    return outcome(context, error);
}

uint32_t smelt_p2_http_types_fields_entries(struct smelt_context *context, uint32_t self) {
    enum { PAIR = 16 };
    const struct p2_fields *fields = fields_of(context, self);
    uint32_t area_offset, list_offset;
    uint8_t *area = arena_result(context, 8, 4, &area_offset);
    uint8_t *list = arena_new(context, (uint64_t)fields->count * PAIR, 4, &list_offset);
    for (uint32_t index = 0; index < fields->count; index++) {
        const struct p2_field *field = &fields->entries[index];
        uint8_t *pair = list + (size_t)index * PAIR;
        arena_store_text(context, pair, field->name.bytes, field->name.length);
        arena_store_bytes(context, pair + 8, field->value.bytes, field->value.length);
    }
    guest_store_u32(area, list_offset);
    guest_store_u32(area + 4, fields->count);
    return area_offset;
}

uint32_t smelt_p2_http_types_fields_clone(struct smelt_context *context, uint32_t self) {
    struct p2_state *state = p2_state_of(context);
    uint32_t copy = p2_copy_fields(state, fields_of(context, self));
    fields_of(context, copy)->is_immutable = false;
    return copy;
}

void smelt_p2_http_types_drop_fields(struct smelt_context *context, uint32_t representation) {
    p2_drop(context, representation, &p2_fields_class);
}
