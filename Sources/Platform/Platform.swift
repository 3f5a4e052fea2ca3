// The C library, under one name. It is part of every signature of POSIX that the compiler calls, so
// what it exports is what this exports.

#if canImport(Glibc)
    @_exported public import Glibc
#elseif canImport(Musl)
    @_exported public import Musl
#endif
