// Values of PostgreSQL and of the guest.
#include "extension.h"

#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "utils/array.h"
#include "utils/memutils.h"

static uint64_t bits_of_float4(float4 number) {
    uint32_t bits;
    memcpy(&bits, &number, sizeof bits);
    return bits;
}

static uint64_t bits_of_float8(float8 number) {
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    return bits;
}

static void read_text(const struct call_site *site, Datum datum, struct glue_value *value) {
    struct varlena *text = PG_DETOAST_DATUM_PACKED(datum);
    value->bytes = (const uint8_t *)VARDATA_ANY(text);
    value->length = VARSIZE_ANY_EXHDR(text);
    if (site->is_utf8 || value->element != GLUE_TEXT) return;
    char *converted = pg_server_to_any((const char *)value->bytes, (int)value->length, PG_UTF8);
    if (converted == (const char *)value->bytes) return;
    value->bytes = (const uint8_t *)converted;
    value->length = strlen(converted);
}

// Elements are as the guest has them: one behind the other, of the same sizes.
static void read_array(const struct call_site *site, Datum datum, struct glue_value *value) {
    ArrayType *array = DatumGetArrayTypeP(datum);
    if (ARR_NDIM(array) > 1 || ARR_HASNULL(array)) {
        ereport(ERROR, (errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
                        errmsg("%s: arrays need to have one dimension and no NULLs",
                               site->function->name)));
    }
    value->bytes = (const uint8_t *)ARR_DATA_PTR(array);
    value->length = (uint64_t)ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
}

bool postgresql_read(const struct call_site *site, FunctionCallInfo call, int first,
                     struct glue_value *values) {
    const struct glue_function *function = site->function;
    bool is_strict = (function->flags & GLUE_CALLED_ON_NULL) == 0;
    for (uint32_t index = 0; index < function->argument_count; index++) {
        const NullableDatum *argument = &call->args[first + (int)index];
        struct glue_value *value = &values[index];
        value->element = function->arguments[index].element;
        value->is_null = argument->isnull;
        if (value->is_null && is_strict) return false;
        if (value->is_null) continue;
        if (function->arguments[index].is_array != 0) {
            read_array(site, argument->value, value);
            continue;
        }
        switch (value->element) {
        case GLUE_INTEGER: value->bits = (uint64_t)(int64_t)DatumGetInt32(argument->value); break;
        case GLUE_BIGINT: value->bits = (uint64_t)DatumGetInt64(argument->value); break;
        case GLUE_REAL: value->bits = bits_of_float4(DatumGetFloat4(argument->value)); break;
        case GLUE_FLOAT: value->bits = bits_of_float8(DatumGetFloat8(argument->value)); break;
        case GLUE_BOOLEAN: value->bits = DatumGetBool(argument->value); break;
        default: read_text(site, argument->value, value);
        }
    }
    return true;
}

// Results ---------------------------------------------------------------------------------------

static Datum make_text(const struct call_site *site, const struct glue_value *value) {
    if (value->length > MaxAllocSize - VARHDRSZ) {
        ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
                        errmsg("%s: the result is larger than 1 GiB", site->function->name)));
    }
    size_t length = value->length;
    bool is_text = value->element == GLUE_TEXT;
    struct varlena *text = palloc(length + VARHDRSZ);
    SET_VARSIZE(text, length + VARHDRSZ);
    memcpy(VARDATA(text), value->bytes, length);
    if (!is_text) return PointerGetDatum(text);
    if (memchr(VARDATA(text), 0, length) != NULL) {
        ereport(ERROR, (errcode(ERRCODE_CHARACTER_NOT_IN_REPERTOIRE),
                        errmsg("%s: the result has a zero byte in it", site->function->name)));
    }
    if (site->is_utf8) return PointerGetDatum(text);
    char *converted = pg_any_to_server(VARDATA(text), (int)length, PG_UTF8);
    if (converted == VARDATA(text)) return PointerGetDatum(text);
    length = strlen(converted);
    text = palloc(length + VARHDRSZ);
    SET_VARSIZE(text, length + VARHDRSZ);
    memcpy(VARDATA(text), converted, length);
    return PointerGetDatum(text);
}

static Oid element_type(uint32_t element) {
    switch (element) {
    case GLUE_INTEGER: return INT4OID;
    case GLUE_BIGINT: return INT8OID;
    case GLUE_REAL: return FLOAT4OID;
    case GLUE_FLOAT: return FLOAT8OID;
    default: return BOOLOID;
    }
}

static Datum make_array(const struct call_site *site, const struct glue_value *value) {
    Oid type = element_type(value->element);
    if (value->length == 0) return PointerGetDatum(construct_empty_array(type));
    if (value->length > MaxArraySize) {
        ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
                        errmsg("%s: the array has too many elements", site->function->name)));
    }
    size_t size = value->length * glue_element_size(value->element);
    size_t total = ARR_OVERHEAD_NONULLS(1) + size;
    if (total > MaxAllocSize) {
        ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
                        errmsg("%s: the result is larger than 1 GiB", site->function->name)));
    }
    ArrayType *array = palloc0(total);
    SET_VARSIZE(array, total);
    array->ndim = 1;
    array->elemtype = type;
    ARR_DIMS(array)[0] = (int)value->length;
    ARR_LBOUND(array)[0] = 1;
    memcpy(ARR_DATA_PTR(array), value->bytes, size);
    for (size_t index = 0; index < size && value->element == GLUE_BOOLEAN; index++) {
        char *byte = ARR_DATA_PTR(array) + index;
        *byte = *byte != 0;
    }
    return PointerGetDatum(array);
}

Datum postgresql_datum(const struct call_site *site, const struct glue_value *value, bool is_array) {
    float4 single;
    float8 number;
    uint32_t bits = (uint32_t)value->bits;
    if (is_array) return make_array(site, value);
    switch (value->element) {
    case GLUE_INTEGER: return Int32GetDatum((int32)bits);
    case GLUE_BIGINT: return Int64GetDatum((int64)value->bits);
    case GLUE_BOOLEAN: return BoolGetDatum(bits != 0);
    case GLUE_REAL: memcpy(&single, &bits, sizeof single); return Float4GetDatum(single);
    case GLUE_FLOAT: memcpy(&number, &value->bits, sizeof number); return Float8GetDatum(number);
    default: return make_text(site, value);
    }
}
