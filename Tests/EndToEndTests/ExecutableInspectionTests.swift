// `smelt inspect` of finished executables: what they were granted, import and need.

import Compiler
import Foundation
import Testing

@Suite struct ExecutableInspectionTests {
    @Test(arguments: Target.allCases)
    func tellsWhatAProgramWasGranted(target: Target) async throws {
        let folder = try Project.freshFolder("inspected")
        try Data().write(to: folder.appending(path: "file"))
        let module = try await Artifacts.shared.module("access.c", in: Project.grants)
        let program = try await Artifacts.shared.program(
            module, for: target,
            options: [
                "--strip", "--dir", "/data::/d:ro", "--env", "A=b c", "--inherit-env=HOME",
                "--listen", "127.0.0.1:80", "--max-memory", "3M", "--stack-size", "1M",
                "--gc-heap", "2M", "--no-lockdown", "--embed", "\(folder.path)::/files",
            ])
        let text = try Command.tool([Project.smelt, "inspect", program.path, "--json"]).text
        let value = try JSONDecoder().decode(ProgramDescription.self, from: Data(text.utf8))
        #expect(
            Set(value.grants) == [
                "--dir /data::/d:ro", "--env A=b c", "--inherit-env=HOME", "--listen 127.0.0.1:80",
            ])
        #expect(value.maximumMemory == 3 << 20)
        #expect(value.stackSize == 1 << 20)
        #expect(value.heapSize == 2 << 20)
        #expect(!value.locksDown)
        #expect(value.embedded == ["/files"])
        #expect(value.target == target.triple)
        #expect(value.cpu == target.baselineName)
        #expect(value.imports.contains("wasi_snapshot_preview1.path_open"))
        #expect(!value.imports.contains("wasi_snapshot_preview1.sock_accept"))
        let lines = try Command.tool([Project.smelt, "inspect", program.path]).text
        for part in ["--dir /data::/d:ro", "embedded files as /files", "path_open", "no lockdown"] {
            #expect(lines.contains(part), "\(lines)")
        }
    }

    @Test func otherExecutablesAreRefused() throws {
        let result = try Command([Project.smelt, "inspect", "/bin/true"]).run()
        #expect(result.status == 1)
        #expect(result.errors.contains("an executable that Smelt did not make"))
    }

    /// Whatever is cut off or changed, the answer is a description or an error.
    @Test func survivesDamage() async throws {
        let program = try await Artifacts.shared.program(
            Artifacts.shared.module("hello.c"), for: .host, options: ["--strip"])
        let bytes = [UInt8](try Data(contentsOf: program))
        var generator = Generator(state: 5)
        let whole = try ProgramDescription(of: CompilerInput(name: "whole", bytes: bytes))
        for _ in 0..<300 {
            var copy = bytes
            let count = copy.count
            for _ in 0..<4 {
                // Half of the damage is where the headers are.
                let isHeader = generator.next(below: 2) == 0
                let offset = generator.next(below: isHeader ? 64 : 1500)
                copy[isHeader ? offset : count - 1 - offset] = UInt8(generator.next(below: 256))
            }
            copy.removeLast(generator.next(below: 3) == 0 ? generator.next(below: count) : 0)
            let input = CompilerInput(name: "damaged", bytes: copy)
            if let value = try? ProgramDescription(of: input) { #expect(value.target.count < 100) }
        }
        #expect(whole.locksDown)
    }
}
