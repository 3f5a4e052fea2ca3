import ComponentModel
import Foundation
import TestSupport
import Testing
import WasmBinary
import WasmTypes
import WasmValidation

/// What the suite's runner is to have switched on, besides what releases of WASI have.
let suiteFeatures: ComponentFeatureSet = {
    var features = ComponentFeatureSet.stable
    features.insert(.moreAsyncBuiltIns)
    features.insert(.threading)
    features.insert(.asyncStackful)
    features.insert(.fixedLengthLists)
    return features
}()

/// What is wrong with a component or a core module, nil if it is valid.
func complaint(
    _ bytes: [UInt8], features: ComponentFeatureSet = suiteFeatures
) -> ModuleError? {
    do throws(ModuleError) {
        guard Component.isComponent(bytes) || bytes.count < 8 || bytes[4] != 1 else {
            _ = try validate(try Module.decode(bytes))
            return nil
        }
        _ = try validate(try Component.decode(bytes), of: bytes, features: features)
        return nil
    } catch {
        return error
    }
}

/// A component in the text format, translated.
func component(_ text: String) throws -> [UInt8] {
    guard let tool = TestEnvironment.tool("wasm-tools") else { try Test.cancel("no wasm-tools") }
    let directory = try TemporaryDirectory()
    let source = directory.url.appendingPathComponent("component.wat")
    let result = directory.url.appendingPathComponent("component.wasm")
    try text.write(to: source, atomically: true, encoding: .utf8)
    let written = try output(of: tool, ["parse", source.path, "-o", result.path])
    try #require(written != nil, "wasm-tools cannot read:\n\(text)")
    return [UInt8](try Data(contentsOf: result))
}

/// A component in the text format, validated.
func validated(
    _ text: String, features: ComponentFeatureSet = suiteFeatures
) throws -> ValidatedComponent {
    let bytes = try component(text)
    return try validate(try Component.decode(bytes), of: bytes, features: features)
}
