// Where things are: the project, the compiler under test, and the folder for what tests make.

import Compiler
import Foundation

enum Project {
    /// The root of the repository.
    static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The installable tree that `make build` leaves behind.
    static let stage = root.appending(path: ".build/smelt")

    /// The compiler under test.
    static let smelt = stage.appending(path: "bin/smelt").path

    /// The tests' Python, with the packages of `.ci/requirements.txt`.
    static let python = root.appending(path: ".build/venv/bin/python").path
    static let wasmTools = root.appending(path: ".build/venv/bin/wasm-tools").path

    static let programs = root.appending(path: "Tests/EndToEndTests/programs")
    static let grants = root.appending(path: "Tests/EndToEndTests/grants")
    static let sandbox = root.appending(path: "Tests/EndToEndTests/sandbox")
    static let traps = root.appending(path: "Tests/EndToEndTests/traps")
    static let exactTraps = root.appending(path: "Tests/EndToEndTests/exact-traps")
    static let addresses = root.appending(path: "Tests/EndToEndTests/addresses")

    /// A folder of this run, emptied when the run begins.
    static let output: URL = {
        let folder = root.appending(path: ".build/end-to-end")
        try? FileManager.default.removeItem(at: folder)
        try! FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }()

    /// A fresh empty folder.
    static func freshFolder(_ name: String) throws -> URL {
        let folder = output.appending(path: "\(name)-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }
}

extension Target {
    /// What runs programs for this target here: nothing, or an emulator.
    var emulator: [String] {
        switch self {
        case .host: []
        case .x86_64LinuxMusl: ["/usr/bin/qemu-x86_64"]
        case .aarch64LinuxMusl: ["/usr/bin/qemu-aarch64"]
        }
    }
}
