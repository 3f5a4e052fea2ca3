// Identifiers for C and C++ that are made of a module's names. Behind a prefix everything is possible; members
// of structures and classes have none, and must not be words of the languages, macros, or types of the header.

/// Identifiers that mean nothing else.
public enum Identifiers {
    /// The name of a member that stands for `name`.
    ///
    /// - Parameter prefix: what the names of the library begin with.
    public static func member(_ name: String, of prefix: String) -> String {
        var identifier = name.inIdentifiers
        // Those that begin with a line may be words of a compiler's own, and those without small letters
        // macros of any header.
        let isPlain = identifier.first?.isLetter == true
        if !isPlain { identifier = "guest" + (identifier.hasPrefix("_") ? "" : "_") + identifier }
        let isMacro = !identifier.contains(where: \.isLowercase) || macros.contains(identifier)
        let isType =
            identifier.hasSuffix("_t") || identifier.hasPrefix("smelt") || identifier == "std"
            || identifier == prefix || identifier.hasPrefix(prefix + "_")
        if isMacro || isType || keywords.contains(identifier) { identifier += "_" }
        return identifier
    }

    /// Words of C and C++ that would be read as something else.
    public static let keywords: Set<String> = [
        "alignas", "alignof", "and", "and_eq", "asm", "auto", "bitand", "bitor", "bool", "break",
        "case", "catch", "char", "class", "co_await", "co_return", "co_yield", "compl", "concept",
        "const", "const_cast", "consteval", "constexpr", "constinit", "continue", "contract_assert",
        "decltype", "default", "delete", "do", "double", "dynamic_cast", "else", "enum", "explicit",
        "export", "extern", "false", "float", "for", "friend", "goto", "if", "inline", "int",
        "long",
        "mutable", "namespace", "new", "noexcept", "not", "not_eq", "nullptr", "operator", "or",
        "or_eq", "private", "protected", "public", "register", "reinterpret_cast", "requires",
        "restrict", "return", "short", "signed", "sizeof", "static", "static_assert", "static_cast",
        "struct", "switch", "template", "this", "thread_local", "throw", "true", "try", "typedef",
        "typeid", "typename", "typeof", "typeof_unqual", "union", "unsigned", "using", "virtual",
        "void", "volatile", "while", "xor", "xor_eq",
    ]

    /// Macros with small letters that compilers and C libraries have.
    private static let macros: Set<String> = [
        "alloca", "assert", "bcmp", "bcopy", "bzero", "errno", "i386", "linux", "major", "makedev",
        "minor", "offsetof", "setjmp", "sigsetjmp", "stderr", "stdin", "stdout", "unix", "va_arg",
        "va_copy", "va_end", "va_start",
    ]

    /// What functions of C libraries have in front of a `_`: a library of that prefix could define these
    /// for the whole program, by a name that the module chooses.
    public static let familiesOfC: Set<String> = [
        "aio", "aligned", "argp", "argz", "asctime", "at", "call", "clnt", "clock", "cnd", "copy",
        "crypt", "ctime", "dl", "dn", "drand48", "ecvt", "envz", "epoll", "erand48", "error",
        "ether",
        "eventfd", "fanotify", "fcvt", "fgetgrent", "fgetpwent", "fts", "gai", "get",
        "getaliasbyname",
        "getgrent", "getgrgid", "getgrnam", "gethostbyaddr", "gethostbyname", "gethostbyname2",
        "gethostent", "getlogin", "getmntent", "getnetent", "getprotoent", "getpwent", "getpwnam",
        "getpwuid", "getservent", "getspnam", "getutent", "glob", "gmtime", "gnu", "hcreate",
        "hdestroy", "hsearch", "if", "inet", "inet6", "initstate", "inotify", "io", "iruserok",
        "key",
        "lcong48", "lgamma", "lgammaf", "lgammal", "libc", "lio", "localtime", "lrand48", "malloc",
        "mcheck", "mq", "mrand48", "mtx", "name", "nrand48", "ns", "nss", "ntp", "obstack", "open",
        "pidfd", "pkey", "posix", "process", "program", "pthread", "ptsname", "qecvt", "qfcvt",
        "qsort", "quick", "rand", "random", "rcmd", "re", "readdir", "readdir64", "register", "res",
        "rpc", "sched", "seed48", "sem", "setstate", "sgetspent", "shm", "srand48", "srandom",
        "strerror", "strtok", "svc", "sync", "sys", "tdelete", "thrd", "timer", "timerfd", "tmpnam",
        "tss", "ttyname", "twalk", "wait", "xdr", "xprt",
    ]
}

extension String {
    /// The name with `_` for what C does not have in identifiers.
    var inIdentifiers: String {
        String(
            unicodeScalars.map { scalar in
                let isPlain =
                    ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
                    || ("0"..."9").contains(scalar)
                return isPlain ? Character(scalar) : "_"
            })
    }
}
