// What the proof of accesses does not accept: each is a little more than something that it does.

extension AccessProofTests {
    static let rejected = [
        load(
            "scaled",
            """
              %w = zext i32 %x to i64
              %a = getelementptr i32, ptr @memory, i64 %w
            """),
        load(
            "shifted after the extension",
            """
              %w = zext i32 %x to i64
              %s = shl i64 %w, 1
              %a = getelementptr i8, ptr @memory, i64 %s
            """),
        load(
            "sign-extended",
            """
              %w = sext i32 %x to i64
              %a = getelementptr i8, ptr @memory, i64 %w
            """),
        load("not extended", "  %a = getelementptr i8, ptr @memory, i32 %x"),
        load(
            "an offset that is one too large",
            """
              %w = zext i32 %x to i64
              %b = getelementptr i8, ptr @memory, i64 %w
              %a = getelementptr i8, ptr %b, i64 65534
            """, size: "i32"),
        load(
            "an offset below the memory",
            """
              %w = zext i32 %x to i64
              %b = getelementptr i8, ptr @memory, i64 %w
              %a = getelementptr i8, ptr %b, i64 -1
            """),
        load("unchecked, of 64 bits", "  %a = getelementptr i8, ptr @memory, i64 %y"),
        load(
            "a promise that nothing wraps around",
            """
              %w = zext i32 %x to i64
              %s = mul nuw nsw i64 %w, 4
              %a = getelementptr inbounds nuw i8, ptr @memory, i64 %s
            """),
        load(
            "two numbers",
            """
              %w = zext i32 %x to i64
              %u = zext i32 %z to i64
              %b = getelementptr i8, ptr @memory, i64 %w
              %a = getelementptr i8, ptr %b, i64 %u
            """),
        load(
            "a memory without guard",
            """
              %w = zext i32 %x to i64
              %a = getelementptr i8, ptr @small, i64 %w
            """),
        load(
            "behind the end of a global",
            "  %a = getelementptr i8, ptr @numbers, i64 13", size: "i32"),
        load(
            "an integer that became an address",
            """
              %w = zext i32 %x to i64
              %a = inttoptr i64 %w to ptr
            """),
        ProofCase(
            "a constant that is written",
            "define void @f() {\n store i32 0, ptr @constant\n ret void\n}"),
        ProofCase(
            "the wrong memory's size",
            """
            define void @f(i32 %x) {
              %w = zext i32 %x to i64
              %end = add i64 %w, 4
              %field = getelementptr i8, ptr @descriptor, i64 8
              %size = load i64, ptr %field
              %out = icmp ugt i64 %end, %size
              br i1 %out, label %trap, label %then
            then:
              %a = getelementptr i8, ptr @small, i64 %w
              store i32 0, ptr %a
              ret void
            trap:
              unreachable
            }
            """),
        ProofCase(
            "a check of one byte less",
            """
            define void @f(i32 %x) {
              %w = zext i32 %x to i64
              %end = add i64 %w, 3
              %field = getelementptr i8, ptr @small_descriptor, i64 8
              %size = load i64, ptr %field
              %out = icmp ugt i64 %end, %size
              br i1 %out, label %trap, label %then
            then:
              %a = getelementptr i8, ptr @small, i64 %w
              store i32 0, ptr %a
              ret void
            trap:
              unreachable
            }
            """),
        ProofCase(
            "a check that wraps around",
            """
            define void @f(i64 %y) {
              %end = add i64 %y, 4
              %field = getelementptr i8, ptr @small_descriptor, i64 8
              %size = load i64, ptr %field
              %out = icmp ugt i64 %end, %size
              br i1 %out, label %trap, label %then
            then:
              %a = getelementptr i8, ptr @small, i64 %y
              store i32 0, ptr %a
              ret void
            trap:
              unreachable
            }
            """),
        ProofCase(
            "a check on another path",
            """
            define void @f(i64 %y, i1 %c) {
              br i1 %c, label %check, label %end
            check:
              %ok = icmp ult i64 %y, 4294967296
              br i1 %ok, label %end, label %exit
            end:
              %a = getelementptr i8, ptr @memory, i64 %y
              store i8 0, ptr %a
              ret void
            exit:
              ret void
            }
            """),
        ProofCase(
            "a check behind the access",
            """
            define void @f(i64 %y) {
              %a = getelementptr i8, ptr @memory, i64 %y
              store i8 0, ptr %a
              %ok = icmp ult i64 %y, 4294967296
              br i1 %ok, label %end, label %exit
            end:
              ret void
            exit:
              ret void
            }
            """),
        ProofCase(
            "the wrong way out of a check",
            """
            define void @f(i64 %y) {
              %ok = icmp ult i64 %y, 4294967296
              br i1 %ok, label %exit, label %end
            end:
              %a = getelementptr i8, ptr @memory, i64 %y
              store i8 0, ptr %a
              ret void
            exit:
              ret void
            }
            """),
        ProofCase(
            "a signed check of a number that may be negative",
            """
            define void @f(i64 %y) {
              %ok = icmp slt i64 %y, 4294967296
              br i1 %ok, label %end, label %exit
            end:
              %a = getelementptr i8, ptr @memory, i64 %y
              store i8 0, ptr %a
              ret void
            exit:
              ret void
            }
            """),
        ProofCase(
            "a check of what the value was in the round before",
            """
            define void @f(i64 %y) {
              br label %loop
            loop:
              %p = phi i64 [ 0, %0 ], [ %v, %again ]
              %slot = getelementptr i8, ptr @memory, i64 8
              %v = load i64, ptr %slot
              %ok = icmp ult i64 %p, 4294967296
              br i1 %ok, label %again, label %exit
            again:
              %a = getelementptr i8, ptr @memory, i64 %v
              store i8 0, ptr %a
              br label %loop
            exit:
              ret void
            }
            """),
        ProofCase(
            "an address in memory that is handed on",
            """
            define void @f(i32 %x) {
              %w = zext i32 %x to i64
              %a = getelementptr i8, ptr @memory, i64 %w
              call void @somebody(ptr %a)
              ret void
            }
            """),
        ProofCase(
            "a pointer that moves in a loop",
            """
            define void @f() {
              br label %loop
            loop:
              %a = phi ptr [ @memory, %0 ], [ %next, %loop ]
              store i8 0, ptr %a
              %next = getelementptr i8, ptr %a, i64 1
              br label %loop
            }
            """),
        table("a table's last element and one more", compared: "ugt", with: "%size", scale: "8"),
        table("elements that are too large", compared: "uge", with: "%size", scale: "16"),
        table("not the table's size", compared: "uge", with: "1000", scale: "8"),
        loop("a span that is too large by a round", guardedBy: "4295032829"),
        loop(
            "a counter that passes its bound", guardedBy: "4294967295", step: "2"),
        loop(
            "a loop that is tested before the step", guardedBy: "4294967295",
            goesOn: "icmp ugt i64 %i, %count", scale: "65536"),
        loop(
            "a product that wraps around", guardedBy: "4294967295", scale: "8589934592"),
        loop("a loop that does not end", guardedBy: "4294967295", goesOn: "icmp eq i64 %i, -1"),
    ]
}
