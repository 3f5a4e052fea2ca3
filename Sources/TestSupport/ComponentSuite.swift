// The official test suite of the Component Model.

public import Foundation

/// Access to the official test suite of the Component Model.
public enum ComponentSuite {
    public static let folder = TestEnvironment.data.appendingPathComponent("component-testsuite")

    /// Its scripts by name: `validation/abi`. Empty if the suite is not there.
    public static let scripts: [String] = {
        let files = FileManager.default.enumerator(atPath: folder.path)
        let names = (files?.allObjects as? [String] ?? []).filter { $0.hasSuffix(".wast") }
        return names.map { String($0.dropLast(5)) }.sorted()
    }()

    /// Scripts that wasm-tools does not read any more: what they are about was taken out of the
    /// specification.
    public static let unreadable: Set<String> = ["async/cancellable"]

    /// Why there is nothing to test, nil if there is.
    public static var missing: String? {
        if scripts.isEmpty {
            return "no official test suite of components at \(folder.path) (SMELT_TEST_DATA)"
        }
        return TestEnvironment.tool("wasm-tools") == nil ? "no wasm-tools" : nil
    }

    /// The components and core modules of a script, in order.
    public static func modules(of script: String) throws -> [SpecificationModule] {
        try ConvertedScript.modules(
            of: script, in: folder.appendingPathComponent(script + ".wast"))
    }
}
