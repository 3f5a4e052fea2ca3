import Testing
import TestSupport
import WasmBinary
import WasmTypes

/// The official test suite: which bytes are a module.
@Suite struct SpecificationSuiteTests {
    @Test(arguments: SpecificationSuite.scripts)
    func script(_ script: String) throws {
        if let missing = SpecificationSuite.missing { try Test.cancel("\(missing)") }
        var features = FeatureSet.all
        if script.hasPrefix("proposals/threads/") {
            // It is based on a version of the language without these.
            features.remove(.multipleMemories)
            features.remove(.referenceTypes)
        }
        for module in try SpecificationSuite.modules(of: script) {
            let place = "\(script):\(module.line)"
            let error = complaint(module.bytes, features: features)
            switch module.command {
            case "assert_malformed":
                // What is left is about the structure of blocks, which validation knows.
                let isStructural = ["unexpected token", "alignment"].contains(module.text ?? "")
                #expect(error != nil || isStructural, "\(place): accepted: \(module.text ?? "")")
                if let error, let text = module.text, !error.message.hasPrefix(text) {
                    print("note: \(place): \"\(text)\" expected, not \"\(error)\"")
                }
            case "assert_invalid":
                #expect(
                    error == nil || error?.kind != .malformed || error?.message == module.text,
                    "\(place): malformed: \(error?.description ?? "")")
            default:
                #expect(error == nil, "\(place)")
            }
        }
    }

    @Test func theSuiteIsThere() throws {
        if let missing = SpecificationSuite.missing { try Test.cancel("\(missing)") }
        #expect(SpecificationSuite.scripts.count >= 267)
    }
}
