// Objects that have to be there for as long as something refers to them, however little that is: programs
// of the folder `objects`, whose result is the same with a collection at every object.

import Compiler
import Foundation
import Testing

@Suite struct ObjectTests {
    static let programs = [
        "address_beside_array": "7380", "address_far_from_array": "7380",
        "store_before_loop": "123456789",
    ]
    private static let levels = ["-O0", "-O1", "-O2", "-O3", "-Os"]
    private static let collections = ["", "every", "every=7"]

    @Test(arguments: Target.allCases, programs.keys.sorted())
    func nothingIsCollectedTooEarly(target: Target, name: String) async throws {
        let folder = Project.root.appending(path: "Tests/EndToEndTests/objects")
        let module = try await Artifacts.shared.module(
            text: folder.appending(path: "\(name).wat"))
        for level in Self.levels {
            let file = try await Artifacts.shared.program(
                module, for: target, options: [level, "--invoke", "run"])
            for collections in Self.collections {
                var command = Command(target.emulator + [file.path])
                command.environment = ["SMELT_GC": collections]
                let result = try command.run()
                #expect(
                    result.text == Self.programs[name]! + "\n",
                    "\(level), SMELT_GC=\(collections): \(result.errors)")
            }
        }
    }
}
