// What whoever starts a process hands it: closed streams, blocked signals, small limits, folders and
// files of any size, and grants with anything in them.

import Compiler
import Foundation
import Platform
import Testing

@Suite struct HostStateTests {
    // The compiler -----------------------------------------------------------------------------

    /// A file that is opened is not where messages go.
    @Test func closedStreamsAreOccupied() async throws {
        let module = try await Artifacts.shared.module("exits.c")
        let folder = try Project.freshFolder("closed")
        var outputs: [Data] = []
        for (name, closing) in [("open", ""), ("closed", "0<&- 1>&- 2>&-"), ("errors", "2>&-")] {
            let output = folder.appending(path: name)
            let command = Command([
                "/bin/sh", "-c", "\"$0\" \"$1\" -o \"$2\" --emit obj --verbose \(closing)",
                Project.smelt, module.path, output.path,
            ])
            #expect(try command.run().status == 0)
            outputs.append(try Data(contentsOf: output))
        }
        #expect(outputs[1] == outputs[0])
        #expect(outputs[2] == outputs[0])
    }

    @Test func fewDescriptorsAreAnError() async throws {
        let module = try await Artifacts.shared.module("exits.c")
        let folder = try Project.freshFolder("descriptors")
        let result = try Command([
            "/bin/sh", "-c", "ulimit -n 20; exec \"$0\" \"$1\" -o \"$2\"", Project.smelt,
            module.path, folder.appending(path: "out").path,
        ]).run()
        #expect(result.status != 0)
        #expect(result.errors.contains("ulimit -n 1024"), "\(result.errors)")
    }

    /// They take no room on the disk, and must take none in memory.
    @Test func sparseFilesAreErrors() async throws {
        let folder = try Project.freshFolder("sparse")
        let sparse = folder.appending(path: "sparse")
        try Data().write(to: sparse)
        let module = try await Artifacts.shared.module("exits.c").path
        let output = folder.appending(path: "out").path
        // Some file systems have no files of the larger size.
        for size in [5 << 30, off_t.max] where truncate(sparse.path, off_t(size)) == 0 {
            let asModule = try Command([Project.smelt, sparse.path, "-o", output]).run()
            #expect(asModule.errors.contains("larger than 4 GiB"), "\(asModule.errors)")
            let embedded = try Command([
                Project.smelt, module, "-o", output, "--embed", "\(folder.path)::/",
            ]).run()
            #expect(embedded.errors.contains("takes 4 GiB of files"), "\(embedded.errors)")
            #expect([asModule.status, embedded.status].allSatisfy { (1..<128).contains($0) })
        }
    }

    @Test(arguments: [(250, true), (300, false)])
    func deepFoldersAreErrors(depth: Int, isEmbedded: Bool) async throws {
        let folder = try Project.freshFolder("deep-\(depth)")
        try FileManager.default.createDirectory(
            at: folder.appending(path: "f" + String(repeating: "/d", count: depth)),
            withIntermediateDirectories: true)
        let result = try Command([
            Project.smelt, try await Artifacts.shared.module("exits.c").path, "-o",
            folder.appending(path: "out").path, "--embed", "\(folder.path)/f::/",
        ]).run()
        #expect((result.status == 0) == isEmbedded)
        #expect(isEmbedded || result.errors.contains("more than 256 folders deep"))
    }

    // Programs ---------------------------------------------------------------------------------

    private static let trapping = Project.root
        .appending(path: "Tests/EndToEndTests/traps/memory_end.wat")

    /// Whoever starts a program may have blocked the signals that traps are, and whoever reads its
    /// messages may have gone.
    @Test(arguments: Target.allCases)
    func trapsEndAsTheyDo(target: Target) async throws {
        let program = try await Artifacts.shared.program(
            Artifacts.shared.module(text: Self.trapping), for: target)
        let script = """
            import os, resource, signal, subprocess, sys
            def block():
                faults = [signal.SIGSEGV, signal.SIGILL, signal.SIGTRAP, signal.SIGBUS]
                signal.pthread_sigmask(signal.SIG_BLOCK, faults)
            blocked = subprocess.run(sys.argv[1:], stderr=subprocess.PIPE, preexec_fn=block)
            print(blocked.returncode, blocked.stderr[:10].decode())
            reader, writer = os.pipe()
            os.close(reader)
            print(subprocess.run(sys.argv[1:], stderr=writer, restore_signals=True).returncode)
            """
        let result = try Command(
            ["/usr/bin/python3", "-c", script] + target.emulator + [program.path]
        ).run()
        #expect(result.text == "134 wasm trap:\n134\n", "\(result.errors)")
    }

    @Test(arguments: Target.allCases)
    func filesThatMayNotGrowAreErrors(target: Target) async throws {
        let folder = try Project.freshFolder("limit-\(target)")
        let program = try await Artifacts.shared.program(
            Artifacts.shared.module("grows.c", in: Project.grants), for: target)
        try Data().write(to: folder.appending(path: "file"))
        var command = Command(
            ["/bin/sh", "-c", "ulimit -f 0; exec \"$@\"", "sh"] + target.emulator
                + [program.path, "/data/file"])
        command.environment = ["SMELT_GRANTS": "--dir \(folder.path)::/data"]
        let fbig: Int32 = 22
        #expect(try command.run().status == fbig)
    }

    @Test func grantsInMessagesAreEscaped() async throws {
        let program = try await Artifacts.shared.program(
            Artifacts.shared.module("access.c", in: Project.grants), for: .host)
        var command = Command([program.path])
        command.environment = ["SMELT_GRANTS": "--dir \u{1b}[31m\u{202e}größe\u{3164}"]
        let result = try command.run()
        #expect(
            result.errors.contains("'\\u{1b}[31m\\u{202e}größe\\u{3164}'"), "\(result.errors)")
    }
}
