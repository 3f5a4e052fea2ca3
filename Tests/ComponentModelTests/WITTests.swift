import ComponentModel
import Foundation
import TestSupport
import Testing

/// Components as WIT.
@Suite struct WITTests {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Golden")
    static let separator = "\n;; ---- the world\n"

    @Test(arguments: GoldenFile.names(in: folder, withExtension: "wat"))
    func world(_ name: String) throws {
        let file = try GoldenFile(
            Self.folder.appendingPathComponent(name), separator: Self.separator)
        let component = try validated(file.input)
        if let difference = try file.difference(from: component.wit) {
            Issue.record("\(difference)")
        }
    }

    /// What is printed is read by another tool, which prints the same for it as for the component. Only how
    /// `use` is grouped and the order may be others.
    @Test(arguments: GoldenFile.names(in: folder, withExtension: "wat"))
    func otherTool(_ name: String) throws {
        let file = try GoldenFile(
            Self.folder.appendingPathComponent(name), separator: Self.separator)
        let bytes = try component(file.input)
        let text = try validate(try Component.decode(bytes), of: bytes).wit
        guard let tool = TestEnvironment.tool("wasm-tools") else {
            try Test.cancel("no wasm-tools")
        }
        let directory = try TemporaryDirectory()
        let binary = directory.url.appendingPathComponent("component.wasm")
        let wit = directory.url.appendingPathComponent("component.wit")
        try Data(bytes).write(to: binary)
        try text.write(to: wit, atomically: true, encoding: .utf8)
        func lines(_ file: URL) throws -> [Substring] {
            let data = try #require(try output(of: tool, ["component", "wit", file.path]))
            return String(decoding: data, as: UTF8.self).split(separator: "\n").sorted()
        }
        #expect(try lines(wit) == lines(binary))
    }
}
