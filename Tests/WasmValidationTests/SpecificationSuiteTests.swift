import TestSupport
import Testing
import WasmBinary
import WasmTypes
import WasmValidation

/// The official test suite: which modules are valid, and what is wrong with the others.
@Suite struct SpecificationSuiteTests {
    @Test(arguments: SpecificationSuite.scripts)
    func script(_ script: String) throws {
        if let missing = SpecificationSuite.missing { try Test.cancel("\(missing)") }
        for module in try SpecificationSuite.modules(of: script) {
            let place = "\(script):\(module.line)"
            let error = verdict(module.bytes, features: features(of: script))
            switch module.command {
            case "assert_invalid":
                // What the suite says behind a colon is its own implementation's wording.
                let text = module.text ?? ""
                let phrase = String(text.prefix { $0 != ":" })
                #expect(
                    error?.message.hasPrefix(phrase) == true,
                    "\(place) expects \(phrase), found \(error?.description ?? "a valid module")")
            case "assert_malformed":
                #expect(error != nil, "\(place) accepted, expects \(module.text ?? "")")
            default:
                #expect(error == nil, "\(place) must be accepted")
            }
        }
    }

    @Test func everyScriptIsThere() throws {
        let scripts = SpecificationSuite.scripts
        if scripts.isEmpty {
            try Test.cancel("\(SpecificationSuite.missing ?? "no scripts")")
        }
        #expect(scripts.filter { !$0.contains("/") }.count == 257)
        #expect(scripts.filter { $0.hasPrefix("proposals/threads/") }.count == 4)
        #expect(scripts.filter { $0.hasPrefix("proposals/wide-arithmetic/") }.count == 1)
        #expect(scripts.filter { $0.hasPrefix("proposals/custom-page-sizes/") }.count == 5)
    }

    /// The threads proposal is based on a version of the language without these.
    private func features(of script: String) -> FeatureSet {
        var features = FeatureSet.all
        if script.hasPrefix("proposals/threads/") {
            features.remove(.multipleMemories)
            features.remove(.referenceTypes)
        }
        return features
    }

    private func verdict(_ bytes: [UInt8], features: FeatureSet) -> ModuleError? {
        do throws(ModuleError) {
            _ = try validate(try Module.decode(bytes, features: features), features: features)
            return nil
        } catch {
            return error
        }
    }
}
