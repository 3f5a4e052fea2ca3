#include "postgres.h"

#include "fmgr.h"

#include "functions.h"

PG_MODULE_MAGIC;

PG_FUNCTION_INFO_V1(native_mix);
Datum native_mix(PG_FUNCTION_ARGS) { PG_RETURN_INT64(mix(PG_GETARG_INT64(0))); }

PG_FUNCTION_INFO_V1(native_hash);
Datum native_hash(PG_FUNCTION_ARGS) {
    text *bytes = PG_GETARG_TEXT_PP(0);
    PG_RETURN_INT64(hash((const uint8_t *)VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes)));
}
