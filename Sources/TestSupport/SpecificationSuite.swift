// The official test suite, as the modules that it contains. `wasm-tools` turns the scripts into
// binaries; this keeps what is of use to those who decode and validate.

public import Foundation

/// A module of the official test suite, and what the suite says about it.
public struct SpecificationModule: Sendable {
    /// Relative to the suite's folder, without the extension: `proposals/threads/atomic`.
    public var script: String
    public var line: Int
    /// The command, in the words of wasm-tools: `module`, `assert_malformed`, `assert_invalid`...
    public var command: String
    public var bytes: [UInt8]
    /// The error that the suite expects.
    public var text: String?

    /// Whether the module must be accepted.
    public var isValid: Bool { command != "assert_malformed" && command != "assert_invalid" }
}

/// Access to the official test suite.
public enum SpecificationSuite {
    /// The scripts of WebAssembly 3.0 and of the proposals that the compiler knows, by name. Empty
    /// if the suite is not there.
    public static let scripts: [String] = {
        let files = FileManager.default.enumerator(atPath: folder.path)
        let names = (files?.allObjects as? [String] ?? []).filter { $0.hasSuffix(".wast") }
        return names.map { String($0.dropLast(5)) }
            .filter { !$0.hasPrefix("proposals/custom-descriptors/") }
            .sorted()
    }()

    public static let folder = TestEnvironment.data.appendingPathComponent("spec-testsuite")

    /// A script in a form that wasm-tools reads.
    ///
    /// - Parameter scratch: a folder for those that are translated.
    public static func file(of script: String, scratch: URL) throws -> URL {
        let file = folder.appendingPathComponent(script + ".wast")
        guard script.hasPrefix("legacy/") else { return file }
        let text = try String(contentsOf: file, encoding: .utf8)
        let copy = scratch.appendingPathComponent(script.replacing("/", with: "-") + ".wast")
        try LegacyText.unfolded(text).write(to: copy, atomically: true, encoding: .utf8)
        return copy
    }

    /// Why there is nothing to test, nil if there is.
    public static var missing: String? {
        if scripts.isEmpty { return "no official test suite at \(folder.path) (SMELT_TEST_DATA)" }
        if TestEnvironment.tool("wasm-tools") == nil { return "no wasm-tools" }
        return nil
    }

    /// The binary modules of a script, in order. Modules that are quoted as text are left out
    /// where the text is what they test.
    public static func modules(of script: String) throws -> [SpecificationModule] {
        let directory = try TemporaryDirectory()
        let file = try file(of: script, scratch: directory.url)
        return try ConvertedScript.modules(of: script, in: file)
    }
}

/// The suite is there but cannot be read.
public struct SpecificationSuiteError: Error, CustomStringConvertible {
    public var description: String
}
