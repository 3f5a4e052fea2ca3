// The example programs and their surroundings. Each is compiled twice: natively, which tells what
// it should do, and to WebAssembly and from there to both targets.

import Foundation
import Testing

/// A program of the folder `programs` and how it is run.
struct ExampleProgram: Sendable, CustomTestStringConvertible {
    /// The source file.
    var source: String
    var arguments: [String] = []
    var environment: [String: String] = [:]
    var input = Data()
    /// Whether it works in a folder, which it gets as its current one.
    var usesFolder = false

    var testDescription: String { source }

    /// The options that grant to the compiled program what the native one has.
    var grants: [String] {
        environment.sorted { $0.key < $1.key }.flatMap { ["--env", "\($0.key)=\($0.value)"] }
            + (usesFolder ? ["--dir", "."] : [])
    }

    static let all: [ExampleProgram] = [
        ExampleProgram(
            source: "arguments.c", arguments: ["one", "two words", "", "--help", "ünïcode"],
            environment: ["GREETING": "hello", "EMPTY": "", "SPACES": "a b\\c"]),
        ExampleProgram(source: "base64.c", input: binaryInput),
        ExampleProgram(source: "clocks.c"),
        ExampleProgram(source: "containers.cpp"),
        ExampleProgram(source: "counted_loops.c"),
        ExampleProgram(source: "exits.c"),
        ExampleProgram(source: "files.c", usesFolder: true),
        ExampleProgram(source: "floating_point.c"),
        ExampleProgram(source: "function_pointers.c"),
        ExampleProgram(source: "growing_memory.c"),
        ExampleProgram(source: "hello.c"),
        ExampleProgram(source: "integers64.c"),
        ExampleProgram(source: "interpreter.c"),
        ExampleProgram(source: "recursion.c"),
        ExampleProgram(source: "searches.c"),
        ExampleProgram(source: "sha256.c"),
        ExampleProgram(source: "sorting.c"),
        ExampleProgram(source: "strings.c"),
        ExampleProgram(source: "trees.c"),
        ExampleProgram(source: "virtual_calls.cpp"),
        ExampleProgram(source: "word_count.c", input: Data(textInput.utf8)),
    ]

    /// A long text of common words in no order.
    private static let textInput: String = {
        let words = "the of and to in a is that for it as was with be by on not he his but"
            .split(separator: " ")
        var generator = Generator(state: 7)
        return (0..<3000).map { _ in
            (0..<generator.next(below: 12))
                .map { _ in words[generator.next(below: words.count)] }.joined(separator: " ")
        }.joined(separator: ".\n") + "\n"
    }()

    /// Bytes of every value.
    private static let binaryInput: Data = {
        var generator = Generator(state: 99)
        return Data((0..<100_001).map { _ in UInt8(generator.next(below: 256)) })
    }()
}

/// Pseudo-random numbers that are the same in every run.
struct Generator {
    var state: UInt64

    mutating func next(below limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % limit
    }
}
