// What the proof of accesses accepts, and the checks that it makes of what it does not.

import AccessProof
import LLVMKit
import Testing

@Suite struct AccessProofTests {
    @Test(arguments: accepted) func isProved(_ item: ProofCase) throws {
        let report = try item.report()
        #expect(report.failures.map(\.description) == [])
        #expect(report.provedCount > 0)
    }

    @Test(arguments: rejected) func isNotProved(_ item: ProofCase) throws {
        #expect(try item.report().failures.count == 1)
    }

    /// A check before an access that is not proved keeps it in the reservation, and only that.
    @Test func checksReplaceAddresses() throws {
        let text = """
            define i8 @f(i64 %x) {
              %a = getelementptr i8, ptr @memory, i64 %x
              %v = load i8, ptr %a
              ret i8 %v
            }
            """
        let module = try ProofCase.module(ProofCase.declarations + text)
        let proof = AccessProof(ProofCase.facts())
        let report = proof.enforce(on: module)
        try module.verify()
        #expect(report.failures.isEmpty && report.checkedCount == 1)
        #expect(module.text.contains("icmp ule i64"))
        #expect(module.text.contains(", \((1 << 32) + ProofCase.guardBytes - 1)"))
        #expect(module.text.contains("(i8, ptr @memory, i64 4294967296)"))
        #expect(module.text.contains("load i8, ptr %") && !module.text.contains("ptr %a, align 1"))
    }

    /// What may be touched is asked for where it is not known, and each lane of a vector is checked.
    @Test(arguments: [
        ("  %b = load ptr, ptr @small_descriptor", "ptr %b", "i32", "load i64, ptr"),
        ("", "ptr @memory", "<4 x i32>", "icmp ule <4 x i64>"),
        ("  %b = load ptr, ptr @table", "ptr %b", "i32", "mul i64"),
        ("", "ptr @numbers", "i32", "12"),
    ]) func checks(_ base: (text: String, value: String, type: String, check: String)) throws {
        let isVector = base.type.hasPrefix("<")
        let index = isVector ? "<4 x i64> %w" : "i64 %y"
        let load =
            isVector
            ? "call <4 x i32> @llvm.masked.gather.v4i32.v4p0(<4 x ptr> %a, <4 x i1> %m, <4 x i32> %d)"
            : "load i32, ptr %a"
        let text = """
            declare <4 x i32> @llvm.masked.gather.v4i32.v4p0(<4 x ptr>, <4 x i1>, <4 x i32>)
            define \(base.type) @f(i64 %y, <4 x i64> %w, <4 x i1> %m, <4 x i32> %d) {
            \(base.text)
              %a = getelementptr i8, \(base.value), \(index)
              %v = \(load)
              ret \(base.type) %v
            }
            """
        let module = try ProofCase.module(ProofCase.declarations + text)
        let report = AccessProof(ProofCase.facts()).enforce(on: module)
        try module.verify()
        #expect(report.failures.isEmpty && report.checkedCount == 1)
        #expect(module.text.contains("icmp ule") && module.text.contains(base.check))
    }

    /// Nobody knows which byte of a range is touched first: a load before it faults.
    @Test func rangesAreCheckedBefore() throws {
        let text = """
            define void @f(i64 %x, i64 %n) {
              %a = getelementptr i8, ptr @memory, i64 %x
              call void @llvm.memset.p0.i64(ptr %a, i8 0, i64 %n, i1 false)
              ret void
            }
            """
        let module = try ProofCase.module(ProofCase.declarations + text)
        let report = AccessProof(ProofCase.facts()).enforce(on: module)
        try module.verify()
        #expect(report.failures.isEmpty && report.checkedCount == 1)
        #expect(module.text.contains("load volatile i8"))
        #expect(!module.text.contains("i64 %n, i1 false"))
    }

    /// Nobody knows where a memory without guard ends without asking, and here is nobody to ask.
    @Test func whatCannotBeCheckedIsAFailure() throws {
        let text = """
            define i8 @f(i64 %x) {
              %a = getelementptr i8, ptr @small, i64 %x
              %v = load i8, ptr %a
              ret i8 %v
            }
            """
        let module = try ProofCase.module(ProofCase.declarations + text)
        #expect(AccessProof(ProofCase.facts()).enforce(on: module).failures.count == 1)
    }

    /// `%x` is an i32, `%y` an i64; what is loaded is at `%a`.
    static func load(_ name: String, _ address: String, size: String = "i8") -> ProofCase {
        ProofCase(
            name,
            """
            define \(size) @f(i32 %x, i64 %y, i32 %z) {
            \(address)
              %v = load \(size), ptr %a
              ret \(size) %v
            }
            """)
    }

    static func loop(
        _ name: String, guardedBy guard: String, step: String = "1",
        goesOn: String = "icmp eq i64 %next, %count", scale: String = "4"
    ) -> ProofCase {
        ProofCase(
            name,
            """
            define void @f(i32 %x, i32 %n) {
              %start = zext i32 %x to i64
              %last = zext i32 %n to i64
              %span = mul i64 %last, \(scale)
              %end = add i64 %start, %span
              %ok = icmp ule i64 %end, \(`guard`)
              br i1 %ok, label %version, label %exit
            version:
              %count = add i64 %last, 1
              %p = getelementptr i8, ptr @memory, i64 %start
              br label %loop
            loop:
              %i = phi i64 [ 0, %version ], [ %next, %loop ]
              %far = mul i64 %i, \(scale)
              %a = getelementptr i8, ptr %p, i64 %far
              store i32 0, ptr %a
              %next = add i64 %i, \(step)
              %done = \(goesOn)
              br i1 %done, label %exit, label %loop
            exit:
              ret void
            }
            """)
    }

    // Accepted -------------------------------------------------------------------------------

    private static let accepted = [
        load(
            "an extended number and an offset below the guard",
            """
              %w = zext i32 %x to i64
              %b = getelementptr i8, ptr @memory, i64 %w
              %a = getelementptr i8, ptr %b, i64 65533
            """, size: "i32"),
        load(
            "a number that was masked",
            """
              %w = and i64 %y, 4294967295
              %a = getelementptr i8, ptr @memory, i64 %w
            """),
        load(
            "a distance down from a number that is large enough",
            """
              %w = zext i32 %x to i64
              %m = add i64 %w, 16
              %b = getelementptr i8, ptr @memory, i64 %m
              %a = getelementptr i8, ptr %b, i64 -16
            """),
        load(
            "a minimum",
            """
              %w = call i64 @llvm.umin.i64(i64 %y, i64 4294967295)
              %a = getelementptr i8, ptr @memory, i64 %w
            """) + "declare i64 @llvm.umin.i64(i64, i64)",
        load(
            "a product that is small",
            """
              %w = zext i32 %x to i64
              %q = lshr i64 %w, 3
              %p = shl i64 %q, 3
              %a = getelementptr i8, ptr @memory, i64 %p
            """),
        ProofCase(
            "a number below 2^32 by a comparison",
            """
            define void @f(i64 %y) {
              %ok = icmp ult i64 %y, 4294967296
              br i1 %ok, label %then, label %else
            then:
              %a = getelementptr i8, ptr @memory, i64 %y
              store i8 0, ptr %a
              br label %else
            else:
              ret void
            }
            """),
        ProofCase(
            "one of two comparisons in a select",
            """
            define void @f(i64 %y, i1 %c) {
              %less = icmp ult i64 %y, 4294967296
              %ok = select i1 %c, i1 %less, i1 false
              br i1 %ok, label %then, label %else
            then:
              %a = getelementptr i8, ptr @memory, i64 %y
              store i8 0, ptr %a
              br label %else
            else:
              ret void
            }
            """),
        ProofCase(
            "below the size of a memory without guard",
            """
            define void @f(i32 %x) {
              %w = zext i32 %x to i64
              %end = add i64 %w, 12
              %field = getelementptr i8, ptr @small_descriptor, i64 8
              %size = load i64, ptr %field
              %out = icmp ugt i64 %end, %size
              br i1 %out, label %trap, label %then
            then:
              %b = getelementptr i8, ptr @small, i64 %w
              %a = getelementptr i8, ptr %b, i64 8
              store i32 0, ptr %a
              ret void
            trap:
              unreachable
            }
            """),
        ProofCase(
            "a range below the size",
            """
            define void @f(i32 %x, i32 %n) {
              %w = zext i32 %x to i64
              %m = zext i32 %n to i64
              %end = add i64 %w, %m
              %field = getelementptr i8, ptr @small_descriptor, i64 8
              %size = load i64, ptr %field
              %out = icmp ugt i64 %end, %size
              br i1 %out, label %trap, label %then
            then:
              %a = getelementptr i8, ptr @small, i64 %w
              call void @llvm.memset.p0.i64(ptr %a, i8 0, i64 %m, i1 false)
              ret void
            trap:
              unreachable
            }
            """),
        ProofCase(
            "a phi of addresses",
            """
            define void @f(i32 %x, i32 %z, i1 %c) {
              br i1 %c, label %one, label %other
            one:
              %w = zext i32 %x to i64
              %p = getelementptr i8, ptr @memory, i64 %w
              br label %end
            other:
              %v = zext i32 %z to i64
              %q = getelementptr i8, ptr @memory, i64 %v
              br label %end
            end:
              %a = phi ptr [ %p, %one ], [ %q, %other ]
              store i8 0, ptr %a
              ret void
            }
            """),
        ProofCase(
            "relative to the segment",
            """
            define void @f(i32 %x) {
              %w = zext i32 %x to i64
              %a = getelementptr i8, ptr addrspace(256) null, i64 %w
              store i8 0, ptr addrspace(256) %a
              ret void
            }
            """),
        ProofCase(
            "a check that was passed on both ways",
            """
            define void @f(i64 %y, i1 %c) {
              %ok = icmp ult i64 %y, 4294967296
              br i1 %c, label %one, label %other
            one:
              br i1 %ok, label %end, label %exit
            other:
              br i1 %ok, label %end, label %exit
            end:
              %a = getelementptr i8, ptr @memory, i64 %y
              store i8 0, ptr %a
              br label %exit
            exit:
              ret void
            }
            """),
        ProofCase(
            "a parameter that is one of some constants",
            """
            define internal void @g(i64 range(i64 0, 10) %i, i64 %n) {
              %a = getelementptr i8, ptr @memory, i64 %i
              store i8 0, ptr %a
              %more = icmp eq i64 %n, 0
              br i1 %more, label %again, label %exit
            again:
              call void @g(i64 %i, i64 1)
              br label %exit
            exit:
              ret void
            }
            define void @f(i1 %c, i64 %x) {
              %i = select i1 %c, i64 3, i64 9
              call void @g(i64 %i, i64 %x)
              ret void
            }
            """),
        ProofCase(
            "a choice between references in a loop",
            """
            define i32 @f(ptr %r, ptr %s, i1 %c) {
              br label %loop
            loop:
              %p = phi ptr [ %r, %0 ], [ %q, %loop ]
              %q = select i1 %c, ptr %p, ptr %s
              br i1 %c, label %loop, label %exit
            exit:
              %a = getelementptr i8, ptr %q, i64 16
              %v = load i32, ptr %a
              ret i32 %v
            }
            """),
        ProofCase(
            "what null leads to, which is never reached",
            """
            define void @f() {
              %field = getelementptr i8, ptr null, i64 8
              %p = load ptr, ptr %field
              call void @somebody(ptr %p)
              ret void
            }
            """),
        table("an element of a table", compared: "uge", with: "%size", scale: "8"),
        loop("a counted loop", guardedBy: "4294967295"),
        loop(
            "a loop that ends when a counter is not below its bound", guardedBy: "4294967295",
            goesOn: "icmp uge i64 %next, %count"),
        loop(
            "a loop with a step", guardedBy: "4294967295", step: "4",
            goesOn: "icmp uge i64 %next, %count"),
    ]

    static func table(
        _ name: String, compared predicate: String, with size: String, scale: String
    ) -> ProofCase {
        ProofCase(
            name,
            """
            define ptr @f(i32 %x) {
              %w = zext i32 %x to i64
              %field = getelementptr i8, ptr @table, i64 8
              %size = load i64, ptr %field
              %out = icmp \(predicate) i64 %w, \(size)
              br i1 %out, label %trap, label %then
            then:
              %elements = load ptr, ptr @table
              %far = mul i64 %w, \(scale)
              %a = getelementptr i8, ptr %elements, i64 %far
              %v = load ptr, ptr %a
              ret ptr %v
            trap:
              unreachable
            }
            """)
    }
}
