// How much passes do: shapes of which there are two to the power of something to look at, and
// functions into which too much would be inlined. A pass that looks at everything does not end.

import LLVMKit
import Optimization
import TargetModel
import Testing

@Suite struct WorkTests {
    static func module(
        _ text: String, _ body: (borrowing IRModule, borrowing TargetMachine) throws -> Void
    )
        throws
    {
        let machine = try TargetMachine(
            triple: "x86_64-linux-musl", cpu: "x86-64-v2", features: "", level: .standard)
        let module = try IRModule(parsing: text, for: machine)
        try module.verify()
        try body(module, machine)
        try module.verify()
    }

    static func run(
        _ passes: [Pass], on module: borrowing IRModule, for machine: borrowing TargetMachine,
        _ memory: GuestMemory? = nil
    ) throws {
        let context = PassContext(machine, level: .standard, memory: memory)
        for pass in passes { try pass.run(on: module, for: machine, context) }
    }

    /// How many calls must not be inlined: those with attributes, of which these modules have no others.
    static func keptCalls(in module: borrowing IRModule) -> Int {
        module.text.split(separator: "\n").count { $0.contains(" call ") && $0.contains(") #") }
    }

    /// A value multiplied by itself again and again.
    static func squares(_ name: String, of value: String, _ count: Int) -> String {
        (0..<count).map { index in
            let operand = index == 0 ? value : "%\(name)\(index - 1)"
            return "  %\(name)\(index) = mul i32 \(operand), \(operand)\n"
        }.joined()
    }

    static let head = """
        @memory = external global [0 x i8]
        @state = external global [0 x i8]
        define i32 @f(i32 %o, i32 %l, i32 %r, i32 %n) {
        entry:
          br label %loop
        loop:

        """

    static func address(_ name: String, _ base: String, _ index: String) -> String {
        """
          %\(name)a = add i32 \(base), \(index)
          %\(name)z = zext i32 %\(name)a to i64
          %\(name) = getelementptr i8, ptr @memory, i64 %\(name)z

        """
    }

    /// Both orders of the operands of each multiplication fit, until the loads do not.
    @Test func matchesOfCopiesAreRemembered() throws {
        let text =
            Self.head + "  %i = phi i32 [ 0, %entry ], [ %next, %loop ]\n"
            + "  %bytes = shl i32 %i, 2\n  %behind = add i32 %o, 4\n"
            + Self.address("p", "%l", "%bytes") + "  %x = load i32, ptr %p, align 1\n"
            + Self.squares("x", of: "%x", 64)
            + Self.address("s", "%o", "%bytes") + "  store i32 %x63, ptr %s, align 1\n"
            + Self.address("q", "%r", "%bytes") + "  %y = load i32, ptr %q, align 1\n"
            + Self.squares("y", of: "%y", 64)
            + Self.address("t", "%behind", "%bytes") + "  store i32 %y63, ptr %t, align 1\n"
                + """
                  %next = add i32 %i, 2
                  %again = icmp ult i32 %next, %n
                  br i1 %again, label %loop, label %exit
                exit:
                  ret i32 0
                }
                """
        try Self.module(text) { module, machine in
            try Self.run([.loopVersions, .searchLoops], on: module, for: machine)
            #expect(module.text.contains("%x63"))
        }
    }

    /// Of the paths from the condition to the number there are two to the power of 20.
    @Test func searchesLookAtEachInstructionOnce() throws {
        let text =
            Self.head + "  %i = phi i32 [ 0, %entry ], [ %next, %loop ]\n"
            + Self.squares("x", of: "%i", 20)
            + Self.address("p", "%l", "%i")
                + """
                  %byte = load i8, ptr %p, align 1
                  %low = trunc i32 %x19 to i8
                  %found = icmp eq i8 %byte, %low
                  %next = add i32 %i, 1
                  br i1 %found, label %exit, label %loop
                exit:
                  %at = phi i32 [ %i, %loop ]
                  ret i32 %at
                }
                """
        let memory = GuestMemory(
            base: .symbol("memory"), byteSize: (structure: .symbol("state"), offset: 8),
            lacksLastPage: true, outlivesTraps: false)
        try Self.module(text) { module, machine in
            try Self.run([.loopVersions, .searchLoops], on: module, for: machine, memory)
            #expect(module.text.contains("search.lanes"))
        }
    }

    @Test func loopsThatComeTogetherAreLimited() throws {
        let count = 132
        let loops = (0..<count).map { index in
            """
            define internal i32 @f\(index)(i32 %n) {
            entry:
              br label %loop
            loop:
              %i = phi i32 [ %n, %entry ], [ %next, %loop ]
              %next = lshr i32 %i, 1
              %again = icmp ne i32 %next, 0
              br i1 %again, label %loop, label %exit
            exit:
              ret i32 %next
            }

            """
        }
        let calls = (0..<count).map { "  %r\($0) = call i32 @f\($0)(i32 %n)\n" }
        let text =
            loops.joined() + "define i32 @all(i32 %n) {\n" + calls.joined() + "  ret i32 %r0\n}\n"
        try Self.module(text) { module, machine in
            try Self.run([.inliningBudget], on: module, for: machine)
            #expect(Self.keptCalls(in: module) == 36)
        }
        let few =
            loops[0..<96].joined() + "define i32 @all(i32 %n) {\n" + calls[0..<96].joined()
            + "  ret i32 %r0\n}\n"
        try Self.module(few) { module, machine in
            try Self.run([.inliningBudget], on: module, for: machine)
            #expect(Self.keptCalls(in: module) == 0)
        }
    }
}
