import ComponentLinking
import RuntimeABI
import Testing

/// Traps of the Component Model, which have a table in the compiler and one in the runtime.
@Suite struct ComponentTrapTests {
    @Test func theRuntimeHasTheSameTexts() throws {
        #expect(ComponentTrap.allCases.count == Int(SMELT_COMPONENT_TRAP_COUNT.rawValue))
        for trap in ComponentTrap.allCases {
            let text = try #require(smelt_component_trap_text(trap.rawValue), "\(trap)")
            #expect(String(cString: text) == trap.text)
        }
    }
}
