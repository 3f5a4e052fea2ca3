// Modules that were built for another host than WASI, recognised by what they import: their builders
// deserve a better answer than that it is unknown.

/// A host that Smelt's runtime is not.
struct ForeignHost: Sendable {
    /// Whether an import is this host's.
    var provides: @Sendable (CompilerError.UnknownImport) -> Bool
    /// What to do about it.
    var note: String

    /// What to do about imports, if it is clear what they are meant for.
    static func note(for imports: [CompilerError.UnknownImport]) -> String? {
        all.first { imports.contains(where: $0.provides) }?.note
    }

    private static let all = [
        ForeignHost(
            provides: { $0.module.hasPrefix("__wbindgen") || $0.module == "wbg" },
            note:
                "this module is made for JavaScript, by wasm-bindgen: build the program without it,"
                + " with cargo build --target wasm32-wasip1"),
        ForeignHost(
            provides: { item in
                let prefixes = ["emscripten_", "_emscripten_", "__syscall_", "invoke_", "__cxa_"]
                return item.module == "env" && prefixes.contains(where: item.name.hasPrefix)
                    // The names that emcc -O2 gives.
                    || item.module == "a" && item.reason.isEmpty && item.name.utf8.count <= 2
            },
            note: "this module is made for JavaScript, by Emscripten: link it with"
                + " emcc -sSTANDALONE_WASM -o app.wasm, or build it with clang --target=wasm32-wasi"
        ),
        ForeignHost(
            provides: { $0.module == "go" || $0.module == "gojs" },
            note: "this module is made for JavaScript, by Go: build it with"
                + " GOOS=wasip1 GOARCH=wasm go build"),
        ForeignHost(
            provides: { $0.module == "env" && ["abort", "seed", "trace"].contains($0.name) },
            note: "this may be AssemblyScript's output for JavaScript: build it for WASI, with"
                + " @assemblyscript/wasi-shim"),
        ForeignHost(
            provides: { item in
                let names = ["open", "bind", "connect", "listen", "getpeeraddr", "getlocaladdr"]
                return item.module.hasPrefix("wasi") && names.contains { item.name == "sock_\($0)" }
            },
            note: "these are sockets of WasmEdge, which are not part of WASI: a program accepts"
                + " connections on the sockets that --listen grants, and makes none"),
    ]
}
