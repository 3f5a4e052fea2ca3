"""An incremental solver of constraints with strengths: virtual calls, lists that grow, and graphs that
are changed all the time. After the DeltaBlue benchmark."""

mark_count: i32 = 0

REQUIRED: i32 = 0
PREFERRED: i32 = 2
DEFAULT: i32 = 4
WEAKEST: i32 = 6


class Items:
    data: "Array[Constraint]"
    count: i32

    def add(self, constraint: "Constraint") -> None:
        if self.count == len(self.data):
            larger = Array[Constraint](2 * self.count + 4)
            copy(larger, 0, self.data, 0, self.count)
            self.data = larger
        self.data[self.count] = constraint
        self.count += 1

    def remove(self, constraint: "Constraint") -> None:
        kept = 0
        for index in range(self.count):
            each = self.data[index]
            if each is not constraint:
                self.data[kept] = each
                kept += 1
        for index in range(kept, self.count):
            self.data[index] = None
        self.count = kept

    def take(self) -> "Constraint":
        self.count -= 1
        last = self.data[self.count]
        self.data[self.count] = None
        return last


class Variable:
    value: i32
    constraints: "Items"
    determined_by: "Constraint"
    mark: i32
    strength: i32
    stays: i32


class Constraint:
    force: i32

    def is_satisfied(self) -> i32:
        return 0

    def add_to_graph(self) -> None:
        pass

    def remove_from_graph(self) -> None:
        pass

    def choose_method(self, mark: i32) -> None:
        pass

    def mark_inputs(self, mark: i32) -> None:
        pass

    def inputs_known(self, mark: i32) -> i32:
        return 1

    def output(self) -> "Variable":
        return None

    def mark_unsatisfied(self) -> None:
        pass

    def recalculate(self) -> None:
        pass

    def execute(self) -> None:
        pass

    def is_input(self) -> i32:
        return 0


class Unary(Constraint):
    target: "Variable"
    satisfied: i32
    is_edit: i32

    def is_satisfied(self) -> i32:
        return self.satisfied

    def add_to_graph(self) -> None:
        self.target.constraints.add(self)
        self.satisfied = 0

    def remove_from_graph(self) -> None:
        self.target.constraints.remove(self)
        self.satisfied = 0

    def choose_method(self, mark: i32) -> None:
        self.satisfied = self.target.mark != mark and self.force < self.target.strength

    def output(self) -> "Variable":
        return self.target

    def mark_unsatisfied(self) -> None:
        self.satisfied = 0

    def recalculate(self) -> None:
        self.target.strength = self.force
        self.target.stays = not self.is_edit

    def is_input(self) -> i32:
        return self.is_edit


class Binary(Constraint):
    first: "Variable"
    second: "Variable"
    direction: i32

    def is_satisfied(self) -> i32:
        return self.direction != 0

    def add_to_graph(self) -> None:
        self.first.constraints.add(self)
        self.second.constraints.add(self)
        self.direction = 0

    def remove_from_graph(self) -> None:
        self.first.constraints.remove(self)
        self.second.constraints.remove(self)
        self.direction = 0

    def choose_method(self, mark: i32) -> None:
        first = self.first
        second = self.second
        if first.mark == mark:
            self.direction = 1 if second.mark != mark and self.force < second.strength else 0
        else:
            if second.mark == mark:
                self.direction = -1 if first.mark != mark and self.force < first.strength else 0
            else:
                if first.strength > second.strength:
                    self.direction = -1 if self.force < first.strength else 0
                else:
                    self.direction = 1 if self.force < second.strength else 0

    def input(self) -> "Variable":
        return self.first if self.direction > 0 else self.second

    def mark_inputs(self, mark: i32) -> None:
        self.input().mark = mark

    def inputs_known(self, mark: i32) -> i32:
        source = self.input()
        return source.mark == mark or source.stays or source.determined_by is None

    def output(self) -> "Variable":
        return self.second if self.direction > 0 else self.first

    def mark_unsatisfied(self) -> None:
        self.direction = 0

    def recalculate(self) -> None:
        source = self.input()
        target = self.second if self.direction > 0 else self.first
        target.strength = self.force if self.force > source.strength else source.strength
        target.stays = source.stays
        if target.stays:
            self.execute()

    def execute(self) -> None:
        target = self.second if self.direction > 0 else self.first
        target.value = self.convert(self.input().value, self.direction)

    def convert(self, value: i32, direction: i32) -> i32:
        return value


def variable(value: i32) -> "Variable":
    return Variable(value, Items(Array[Constraint](2), 0), None, 0, WEAKEST, 1)


def satisfy(constraint: "Constraint", mark: i32) -> "Constraint":
    constraint.choose_method(mark)
    if not constraint.is_satisfied():
        if constraint.force == REQUIRED:
            print(b"a required constraint is not satisfied")
        return None
    constraint.mark_inputs(mark)
    out = constraint.output()
    overridden = out.determined_by
    if overridden is not None:
        overridden.mark_unsatisfied()
    out.determined_by = constraint
    if not propagate(constraint, mark):
        print(b"a cycle")
    out.mark = mark
    return overridden


def incremental_add(constraint: "Constraint") -> None:
    mark_count = mark_count + 1
    mark = mark_count
    overridden = satisfy(constraint, mark)
    while overridden is not None:
        overridden = satisfy(overridden, mark)


def add_constraint(constraint: "Constraint") -> None:
    constraint.add_to_graph()
    incremental_add(constraint)


def consuming(into: "Items", out: "Variable") -> None:
    determining = out.determined_by
    for index in range(out.constraints.count):
        each = out.constraints.data[index]
        if each is not determining and each.is_satisfied():
            into.add(each)


def propagate(constraint: "Constraint", mark: i32) -> i32:
    todo = Items(Array[Constraint](4), 0)
    todo.add(constraint)
    while todo.count > 0:
        each = todo.take()
        out = each.output()
        if out.mark == mark:
            return 0
        each.recalculate()
        consuming(todo, out)
    return 1


def destroy(constraint: "Constraint") -> None:
    if not constraint.is_satisfied():
        constraint.remove_from_graph()
        return
    out = constraint.output()
    constraint.mark_unsatisfied()
    constraint.remove_from_graph()
    out.determined_by = None
    out.strength = WEAKEST
    out.stays = 1
    unsatisfied = Items(Array[Constraint](4), 0)
    todo = Items(Array[Constraint](4), 0)
    while 1:
        for index in range(out.constraints.count):
            each = out.constraints.data[index]
            if not each.is_satisfied():
                unsatisfied.add(each)
        consuming(todo, out)
        if todo.count == 0:
            break
        next = todo.take()
        next.recalculate()
        out = next.output()
    for strength in range(WEAKEST):
        for index in range(unsatisfied.count):
            each = unsatisfied.data[index]
            if each.force == strength:
                incremental_add(each)


def plan_from(sources: "Items") -> "Items":
    mark_count = mark_count + 1
    mark = mark_count
    plan = Items(Array[Constraint](4), 0)
    while sources.count > 0:
        each = sources.take()
        if each.output().mark != mark and each.inputs_known(mark):
            plan.add(each)
            each.output().mark = mark
            consuming(sources, each.output())
    return plan


def change(target: "Variable", value: i32) -> None:
    edit = Unary(PREFERRED, target, 0, 1)
    add_constraint(edit)
    sources = Items(Array[Constraint](4), 0)
    sources.add(edit)
    plan = plan_from(sources)
    for turn in range(10):
        target.value = value + turn
        for index in range(plan.count):
            plan.data[index].execute()
    destroy(edit)


def chain(count: i32) -> None:
    first = variable(0)
    last = first
    for index in range(count):
        next = variable(0)
        add_constraint(Binary(REQUIRED, last, next, 0))
        last = next
    add_constraint(Unary(DEFAULT, last, 0, 0))
    edit = Unary(PREFERRED, first, 0, 1)
    add_constraint(edit)
    sources = Items(Array[Constraint](4), 0)
    sources.add(edit)
    plan = plan_from(sources)
    for value in range(100):
        first.value = value
        for index in range(plan.count):
            plan.data[index].execute()
        if last.value != value:
            print(b"the chain does not hold")
    destroy(edit)


def tree(depth: i32, parent: "Variable", leaves: i32) -> i32:
    if depth == 0:
        return leaves + 1
    for index in range(4):
        child = variable(index)
        add_constraint(Binary(REQUIRED, parent, child, 0))
        leaves = tree(depth - 1, child, leaves)
    return leaves


def main() -> None:
    sum = 0
    for turn in range(1200):
        chain(300)
        root = variable(turn)
        sum += tree(5, root, 0)
        change(root, turn)
        change(root, turn + 1)
        sum += root.value
    print(sum)
    print(mark_count)
