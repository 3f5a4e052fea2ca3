// Runs gdb on compiled programs: natively, and on the emulator's own server for the other
// processor.

import Compiler
import Foundation
import Testing

/// A session of gdb without a person.
struct Debugger {
    var target: Target
    var program: URL
    /// What the program gets to see.
    var arguments: [String] = []

    private static let gdb = "/usr/bin/gdb"
    private static let remoteGDB = "/usr/bin/gdb-multiarch"

    /// Skips the test if anything that is needed is not installed.
    static func require(for target: Target) throws {
        let needed = target == .host ? [gdb] : [remoteGDB] + target.emulator
        let missing = needed.filter { !FileManager.default.isExecutableFile(atPath: $0) }
        if missing.isEmpty { return }
        try Test.cancel("not installed: \(missing.joined(separator: ", "))")
    }

    /// What gdb says when it gets these commands. The program is not running yet.
    func run(_ commands: [String]) throws -> String {
        let settings = ["set confirm off", "set width 0", "set pagination off"]
        let start =
            target == .host ? ["set args \(words(arguments))", "starti"] : []
        let options = (settings + start + commands).flatMap { ["-ex", $0] }
        let folder = try Project.freshFolder("gdb")
        defer { try? FileManager.default.removeItem(at: folder) }
        var command: Command
        if target == .host {
            command = Command([Self.gdb, "-nx", "-batch"] + options + [program.path])
        } else {
            // The emulator listens on a socket that appears when it is ready.
            let script = """
                socket=./socket program=$1; shift
                \(target.emulator.joined(separator: " ")) -g $socket "$program" \(words(arguments)) &
                for try in $(seq 100); do [ -S $socket ] && break; sleep 0.1; done
                timeout 60 \(Self.remoteGDB) -nx -batch -ex "target remote $socket" "$@" "$program"
                kill $! 2>/dev/null
                wait
                """
            command = Command(["/bin/sh", "-c", script, "sh", program.path] + options)
        }
        command.folder = folder
        let result = try command.run()
        return result.text + result.errors
    }

    /// Words as a shell wants them.
    private func words(_ words: [String]) -> String {
        words.map { "'\($0)'" }.joined(separator: " ")
    }
}
