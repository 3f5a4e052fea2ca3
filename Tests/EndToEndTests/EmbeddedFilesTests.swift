// Files inside the executable look like a directory that was granted to be read, to a program that
// tries everything that it can think of.

import Compiler
import Foundation
import Testing

@Suite struct EmbeddedFilesTests {
    @Test(arguments: Target.allCases)
    func lookLikeAReadOnlyDirectory(target: Target) async throws {
        let folder = try Self.tree()
        let module = try await Artifacts.shared.module("explore.c", in: Project.grants)
        let granted = try await Artifacts.shared.program(module, for: target)
        var reference = Command(target.emulator + [granted.path])
        reference.environment = ["SMELT_GRANTS": "--dir \(folder.path)::/data:ro"]
        let expected = try reference.run()
        #expect(expected.status == 0, "\(expected.errors)")
        #expect(expected.text.contains("/data/folder/inner/deep: 12 bytes, read 12"))

        let embedding = try await Artifacts.shared.program(
            module, for: target, options: ["--embed", "\(folder.path)::/data"])
        try FileManager.default.removeItem(at: folder)
        let result = try Command(target.emulator + [embedding.path]).run()
        #expect(result.text == expected.text)
        #expect(result.status == 0, "\(result.errors)")
    }

    /// Beside granted directories, and several of them.
    @Test func severalFoldersAtOnce() async throws {
        let folder = try Project.freshFolder("several")
        for name in ["one", "two", "three"] {
            let child = folder.appending(path: name)
            try FileManager.default.createDirectory(at: child, withIntermediateDirectories: true)
            try Data(name.utf8).write(to: child.appending(path: name))
        }
        let module = try await Artifacts.shared.module("access.c", in: Project.grants)
        let program = try await Artifacts.shared.program(
            module, for: .host,
            options: [
                "--embed", "\(folder.path)/one::/one", "--dir", "\(folder.path)/two::/two",
                "--embed", "\(folder.path)/three::/three",
            ])
        var arguments: [String] = []
        for path in ["/one/one", "/two/two", "/three/three", "/one/two"] {
            arguments += ["read", path, "write", path]
        }
        let result = try Command([program.path] + arguments).run()
        #expect(
            result.text == """
                read: done
                write: Read-only file system
                read: done
                write: done
                read: done
                write: Read-only file system
                read: No such file or directory
                write: Read-only file system

                """)
    }

    @Test func theSameFilesGiveTheSameBytes() async throws {
        let module = try await Artifacts.shared.module("access.c", in: Project.grants)
        var programs: [Data] = []
        for _ in 0..<2 {
            let folder = try Self.tree()
            let output = folder.deletingLastPathComponent().appending(path: "program-\(UUID())")
            try Command.tool([
                Project.smelt, module.path, "-o", output.path, "--embed", "\(folder.path)::/data",
            ])
            programs.append(try Data(contentsOf: output))
        }
        #expect(programs[0] == programs[1])
    }

    /// `smelt run` puts them into the program that it keeps, and into another one when they change.
    @Test func runFindsThemAsTheyAre() async throws {
        let module = try await Artifacts.shared.module("access.c", in: Project.grants)
        let folder = try Project.freshFolder("embedded-run")
        let data = folder.appending(path: "data")
        try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
        for present in ["one", "two"] {
            try Data(present.utf8).write(to: data.appending(path: present))
            var command = Command([
                Project.smelt, "run", "--embed", "data::/data", module.path, "read", "/data/one",
                "read", "/data/two", "write", "/data/one",
            ])
            command.folder = folder
            command.environment = ["PATH": "/usr/bin", "XDG_CACHE_HOME": folder.path]
            let result = try command.run()
            let second = present == "two" ? "done" : "No such file or directory"
            #expect(
                result.text == "read: done\nread: \(second)\nwrite: Read-only file system\n",
                "\(result.errors)")
        }
    }

    @Test func whatCannotBeEmbeddedIsNamed() async throws {
        let module = try await Artifacts.shared.module("access.c", in: Project.grants)
        let folder = try Project.freshFolder("not-embedded")
        for (value, part, status) in [
            ("none::/x", "none: cannot embed: not a folder", 1 as Int32),
            ("::/x", "--embed ::/x: expected HOST::GUEST", 2), ("a::", "expected HOST::GUEST", 2),
            ("dev::/dev", "pipe: cannot embed: neither a file nor a folder nor a link", 1),
        ] {
            try Command.tool(["mkdir", "-p", folder.appending(path: "dev").path])
            try Command.tool(["sh", "-c", "test -p dev/pipe || mkfifo dev/pipe"], folder: folder)
            var command = Command([Project.smelt, module.path, "-o", "x", "--embed", value])
            command.folder = folder
            command.environment = ["PATH": "/usr/bin"]
            let result = try command.run()
            #expect(result.status == status)
            #expect(result.errors.contains(part), "\(result.errors)")
        }
    }

    /// Files, folders and links of every kind.
    private static func tree() throws -> URL {
        let folder = try Project.freshFolder("embedded").appending(path: "tree")
        let script = """
            set -e
            mkdir -p "$0/folder/inner" "$0/empty" "$0/many"
            printf 'a text\\n' > "$0/file"
            printf 'twelve bytes' > "$0/folder/inner/deep"
            : > "$0/nothing"
            head -c 300000 /dev/zero | tr '\\0' 'z' > "$0/large"
            for number in $(seq 300); do echo $number > "$0/many/$number"; done
            ln -s file "$0/link"
            ln -s folder/inner/../inner "$0/through"
            ln -s ../file "$0/folder/link"
            ln -s .. "$0/folder/up"
            ln -s ../outside "$0/out"
            ln -s /etc/passwd "$0/absolute"
            ln -s loop "$0/loop"
            ln -s nowhere "$0/dangling"
            """
        try Command.tool(["sh", "-c", script, folder.path])
        return folder
    }
}
