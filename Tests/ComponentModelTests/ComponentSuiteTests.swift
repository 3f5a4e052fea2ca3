import ComponentModel
import TestSupport
import Testing
import WasmTypes

/// The official test suite of the Component Model: which components are valid.
@Suite struct ComponentSuiteTests {
    @Test(arguments: ComponentSuite.scripts)
    func script(_ script: String) throws {
        if let missing = ComponentSuite.missing { try Test.cancel("\(missing)") }
        if ComponentSuite.unreadable.contains(script) {
            try Test.cancel("wasm-tools does not read \(script)")
        }
        for module in try ComponentSuite.modules(of: script) {
            let place = "\(script):\(module.line)"
            let error = complaint(module.bytes)
            switch module.command {
            case "assert_invalid":
                #expect(error != nil, "\(place) accepted, expects \(module.text ?? "")")
                // Names of nested packages are gated.
                #expect(
                    error?.kind != .unsupported || script == "validation/extern-names",
                    "\(place) expects \(module.text ?? ""), found \(error?.description ?? "")")
            case "assert_malformed":
                #expect(error != nil, "\(place) accepted, expects \(module.text ?? "")")
            default:
                #expect(error == nil, "\(place) must be accepted: \(error?.description ?? "")")
            }
        }
    }

    /// What kinds of commands there are, so that none goes missing unseen.
    @Test func everyCommandIsThere() throws {
        if let missing = ComponentSuite.missing { try Test.cancel("\(missing)") }
        #expect(ComponentSuite.scripts.count == 63)
        var counts: [String: Int] = [:]
        for script in ComponentSuite.scripts where !ComponentSuite.unreadable.contains(script) {
            for module in try ComponentSuite.modules(of: script) {
                counts[module.command, default: 0] += 1
            }
        }
        #expect(
            counts == [
                "assert_invalid": 380, "assert_malformed": 70, "assert_uninstantiable": 2,
                "module": 195, "module_definition": 89,
            ])
    }

    /// What WASI has not released yet is refused by name.
    @Test(arguments: [
        ("validation/max-value-size", ComponentFeature.fixedLengthLists),
        ("validation/indicies", .threading), ("values/variants", .asyncStackful),
    ])
    func gatedFeature(_ script: String, _ feature: ComponentFeature) throws {
        if let missing = ComponentSuite.missing { try Test.cancel("\(missing)") }
        let errors = try ComponentSuite.modules(of: script).filter(\.isValid)
            .compactMap { complaint($0.bytes, features: .stable) }
        let refusals = errors.filter { $0.kind == .unsupported }
        #expect(refusals.count == errors.count)
        #expect(refusals.contains { $0.message.contains(feature.name) })
    }
}
