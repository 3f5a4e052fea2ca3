// The compiler as a library, used as the README shows it.

import Compiler
import Foundation
import SystemPackage
import Testing

@Suite struct LibraryTests {
    @Test func theExampleCompilesAndRuns() async throws {
        let folder = try Project.freshFolder("library")
        let module = try await Artifacts.shared.module("hello.c")
        let lines = try await translate(
            FilePath(module.path), into: FilePath(folder.path),
            toolchain: .installation(FilePath(Project.stage.path)))
        #expect(lines.contains("imports wasi_snapshot_preview1.fd_write"))
        #expect(lines.last?.hasSuffix(" bytes for aarch64-linux-musl") == true, "\(lines)")
        let program = folder.appending(path: "hello.c").path
        #expect(try Command([program]).run().text == "Hello, world! 42\n")
    }

    @Test func errorsAreTyped() async throws {
        let broken = CompilerInput(name: "broken", bytes: [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 99])
        let pipeline = Pipeline(toolchain: .installation(FilePath(Project.stage.path)))
        let error = await #expect(throws: CompilerError.self) {
            _ = try await pipeline.compile(broken)
        }
        #expect(error?.offset == 8)
        #expect(error?.input == "broken")
        #expect(error?.exitCode == 1)
    }

    @Test(arguments: EmitKind.allCases.filter { ![.archive, .sharedLibrary].contains($0) })
    func bytesAreThoseOfTheFile(kind: EmitKind) async throws {
        let folder = try Project.freshFolder("library")
        let module = try await Artifacts.shared.module("hello.c")
        let input = try CompilerInput(reading: FilePath(module.path))
        var pipeline = Pipeline(toolchain: .installation(FilePath(Project.stage.path)))
        pipeline.options.emit = kind
        let output = folder.appending(path: "output")
        try await pipeline.compile(input, to: FilePath(output.path))
        let bytes = try await pipeline.compile(input)
        #expect(try Data(contentsOf: output) == Data(bytes))
    }

    @Test func theReadmeShowsTheExample() throws {
        let file = Project.root.appending(path: "Tests/EndToEndTests/LibraryExample.swift")
        let source = try String(contentsOf: file, encoding: .utf8)
        let example = source.drop { $0 != "\n" }.drop { $0 == "\n" }
        let readme = try String(
            contentsOf: Project.root.appending(path: "README.md"), encoding: .utf8)
        #expect(readme.contains("```swift\n\(example)```"))
    }
}
