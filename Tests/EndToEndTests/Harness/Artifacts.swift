// What the tests compile, each piece once for the whole run, however many tests ask for it.

import Compiler
import Foundation

/// Makes and remembers files.
actor Artifacts {
    static let shared = Artifacts()

    private var files: [String: Task<URL, any Error>] = [:]

    /// The file of a name, made by `make` when it is asked for the first time.
    func file(
        _ name: String, _ make: @escaping @Sendable (URL) async throws -> Void
    ) async throws -> URL {
        if let task = files[name] { return try await task.value }
        let task = Task.detached {
            let url = Project.output.appending(path: name)
            try await make(url)
            return url
        }
        files[name] = task
        return try await task.value
    }

    /// A C or C++ source as a native program: the reference for what it should do.
    func native(_ source: String) async throws -> URL {
        try await file("\(source).native") { url in
            try Command.tool(Self.clang(source) + ["-O1", "-o", url.path, "-lm"])
        }
    }

    /// A C or C++ source as a WASI module.
    func module(_ source: String, in folder: URL = Project.programs) async throws -> URL {
        try await file("\(source).wasm") { url in
            let flags = ["--target=wasm32-wasi", "-Wno-deprecated", "-O2", "-o", url.path, "-lm"]
            try Command.tool(Self.clang(source, in: folder) + flags)
        }
    }

    /// A C or C++ source of another folder as a WASI module.
    func module(_ source: URL, options: [String]) async throws -> URL {
        let name = ([source.lastPathComponent] + options).joined(separator: " ")
            .replacing("/", with: "_")
        return try await file("\(name).wasm") { url in
            let isCPlusPlus = source.pathExtension == "cpp"
            let flags = ["--target=wasm32-wasi", "-Wno-deprecated", "-o", url.path]
            try Command.tool(
                [isCPlusPlus ? "clang++-22" : "clang-22", source.lastPathComponent] + flags
                    + (isCPlusPlus ? ["-std=c++20", "-fno-exceptions"] : []) + options,
                folder: source.deletingLastPathComponent())
        }
    }

    private static func clang(_ source: String, in folder: URL = Project.programs) -> [String] {
        // Contraction would make the reference depend on the processor.
        let flags = ["-ffp-contract=off", folder.appending(path: source).path]
        return source.hasSuffix(".cpp")
            ? ["clang++-22", "-std=c++20", "-fno-exceptions"] + flags
            : ["clang-22", "-std=gnu11"] + flags
    }

    /// A module in the text format as a binary.
    func module(text: URL) async throws -> URL {
        try await file("\(text.lastPathComponent).wasm") { url in
            try Command.tool([Project.wasmTools, "parse", text.path, "-o", url.path])
        }
    }

    /// A module as an executable.
    func program(
        _ module: URL, for target: Target, options: [String] = []
    ) async throws -> URL {
        let name = ([module.lastPathComponent, target.triple] + options).joined(separator: " ")
            .replacing("/", with: "_")
        return try await file(name) { url in
            let flags = ["compile", module.path, "-o", url.path, "--target", target.triple]
            try Command.tool([Project.smelt] + flags + options)
        }
    }
}
