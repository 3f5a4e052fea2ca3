// Another user of the machine, who may write the folder that somebody compiles in, or keeps
// programs in. The other user is a process without privileges that does its worst; only root can
// start one, so these tests are skipped for everybody else.

import Compiler
import Foundation
import Platform
import Testing

@Suite(.enabled(if: geteuid() == 0, "only root can act as another user"))
struct CoUserTests {
    /// Replaces whatever appears in a folder: files by links to a victim, folders by its own ones.
    private static let attack = """
        import ctypes, os, struct, sys
        folder, victim = sys.argv[1:]
        os.chdir(folder)
        libc = ctypes.CDLL(None)
        watch = libc.inotify_init()
        created, moved = 0x100, 0x80
        libc.inotify_add_watch(watch, b".", created | moved)
        print("ready", flush=True)
        ours = set()
        while True:
            events = os.read(watch, 1 << 16)
            while events:
                _, mask, _, length = struct.unpack("iIII", events[:16])
                name = events[16:16 + length].rstrip(b"\\0").decode()
                events = events[16 + length:]
                if name.startswith("stolen") or name in ours: continue
                ours.add(name)
                try: os.rename(name, "stolen-" + name)
                except OSError: pass
                try:
                    if name.startswith("smelt-"):
                        os.mkdir(name)
                        for item in ["unit0.o", "script.ld", "program"]:
                            open(name + "/" + item, "w").write("fake")
                    else: os.symlink(victim, name)
                except OSError: pass
        """

    /// An attacker at work.
    private func withAttack(
        on folder: URL, victim: URL, _ body: () async throws -> Void
    ) async throws {
        try chmodFolder(folder, 0o777)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/setpriv")
        process.arguments = [
            "--reuid=65534", "--regid=65534", "--clear-groups", "/usr/bin/python3", "-c",
            Self.attack, folder.path, victim.path,
        ]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        defer {
            // Threads of a pool block all other signals, and so do the processes that they start.
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        #expect(output.fileHandleForReading.availableData.starts(with: Data("ready".utf8)))
        try await body()
    }

    private func chmodFolder(_ folder: URL, _ mode: UInt32) throws {
        try #require(chmod(folder.path, mode) == 0)
    }

    /// A fresh folder that every user can reach.
    private func openFolder(_ name: String) throws -> URL {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "smelt-\(name)-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try chmodFolder(folder, 0o755)
        return folder
    }

    private static let kinds = [["--emit", "obj"], ["-O1"], ["-g"]]

    /// Somebody who can write the folder can take the output away, but not use it to write another
    /// file.
    @Test(arguments: kinds)
    func outputsOverwriteNothing(options: [String]) async throws {
        let root = try openFolder("attack")
        defer { try? FileManager.default.removeItem(at: root) }
        let victim = root.appending(path: "victim")
        try Data("precious".utf8).write(to: victim)
        let place = try folder("place", in: root)
        try await withAttack(on: place, victim: victim) {
            for number in 0..<3 {
                let output = place.appending(path: "out\(number)")
                _ = try await compile(to: output, options, scratch: root)
            }
        }
        #expect(try Data(contentsOf: victim) == Data("precious".utf8))
    }

    /// What the linker reads and writes is what this process wrote and reads.
    @Test(arguments: kinds)
    func intermediateFilesAreOnesOwn(options: [String]) async throws {
        let root = try openFolder("attack")
        defer { try? FileManager.default.removeItem(at: root) }
        let victim = root.appending(path: "victim")
        try Data("precious".utf8).write(to: victim)
        let scratch = try folder("scratch", in: root)
        let output = root.appending(path: "out")
        try await withAttack(on: scratch, victim: victim) {
            for _ in 0..<3 {
                let result = try await compile(to: output, options, scratch: scratch)
                // Who is faster than the compiler can take its folder away before it is looked at.
                if result.errors.contains("cannot create the folder: Permission denied") {
                    continue
                }
                #expect(result.status == 0, "\(result.errors)")
                if options != ["--emit", "obj"] {
                    #expect(try Command([output.path]).run().status == 42)
                }
            }
        }
        #expect(try Data(contentsOf: victim) == Data("precious".utf8))
    }

    private func folder(_ name: String, in root: URL) throws -> URL {
        let folder = root.appending(path: name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    private func compile(
        to output: URL, _ options: [String], scratch: URL
    ) async throws -> Command.Result {
        let module = try await Artifacts.shared.module("exits.c")
        var command = Command([Project.smelt, module.path, "-o", output.path] + options)
        command.environment = ["PATH": "/usr/bin:/bin", "TMPDIR": scratch.path]
        return try command.run()
    }

    /// A cache in a folder that everybody may write, such as /tmp, made by somebody else.
    @Test func plantedProgramsAreNotRun() async throws {
        let module = try await Artifacts.shared.module("exits.c")
        let cache = try openFolder("planted")
        defer { try? FileManager.default.removeItem(at: cache) }
        try chmodFolder(cache, 0o1777)
        // Somebody's own cache of the same module, with another program in the place of the right one.
        let own = try openFolder("own")
        defer { try? FileManager.default.removeItem(at: own) }
        func run(_ folder: URL) throws -> Command.Result {
            var command = Command([Project.smelt, "run", module.path])
            command.environment = ["PATH": "/usr/bin:/bin", "XDG_CACHE_HOME": folder.path]
            return try command.run()
        }
        #expect(try run(own).status == 42)
        try Command.tool(["cp", "-a", "\(own.path)/smelt", "\(cache.path)/smelt"])
        try Command.tool([
            "bash", "-c",
            """
            cd "$1"; entry=$(find . -type f -perm -100)
            printf '#!/bin/sh\\necho planted\\n' > "$entry"
            printf 'smelt-1:' > mark; head -c -0 "$entry" | sha256sum | cut -c1-64 | xxd -r -p > hash
            cat mark hash >> "$entry"; rm mark hash
            """, "bash", "\(cache.path)/smelt",
        ])
        try Command.tool(["chown", "-R", "65534:65534", "\(cache.path)/smelt"])
        let result = try run(cache)
        #expect(result.status == 42, "\(result.text) \(result.errors)")
        #expect(result.errors.contains("it belongs to another user"))
        // A folder of one's own with an entry of somebody else's.
        try Command.tool(["chown", "0:0", "\(cache.path)/smelt"])
        try Command.tool(["bash", "-c", "chown 0:0 \(cache.path)/smelt/??"])
        #expect(try run(cache).status == 42)
    }
}

/// What a program is compiled from is what it is kept under.
@Suite struct OneReadingTests {
    @Test func filesAreReadOnceForKeyAndProgram() async throws {
        let folder = try Project.freshFolder("reading")
        let (files, tools) = (folder.appending(path: "files"), folder.appending(path: "bin"))
        for place in [files, tools] {
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        }
        let module = try await Artifacts.shared.module("bytes.c", in: Project.grants)
        let text = folder.appending(path: "app.wat")
        try Command.tool([Project.wasmTools, "print", module.path, "-o", text.path])
        // The text is translated between the two readings that there used to be.
        let tool = tools.appending(path: "wasm-tools")
        try """
        #!/bin/sh
        echo new > "\(files.path)/file"
        exec "\(Project.wasmTools)" "$@"
        """.write(to: tool, atomically: true, encoding: .utf8)
        try #require(chmod(tool.path, 0o755) == 0)
        for _ in 0..<2 {
            try Data("old\n".utf8).write(to: files.appending(path: "file"))
            var command = Command([
                Project.smelt, "run", "--embed", "\(files.path)::/d", text.path,
            ])
            command.environment = [
                "PATH": "\(tools.path):/usr/bin:/bin", "XDG_CACHE_HOME": folder.path,
            ]
            let result = try command.run()
            #expect(result.text.hasSuffix("line old\n"), "\(result.errors)")
        }
    }
}
