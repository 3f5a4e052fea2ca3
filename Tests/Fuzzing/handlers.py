"""Programs that throw and catch, as trees that can be written in both encodings of exceptions.

What a tree does is the same in both, so that an engine that knows one of them is an oracle for the
other. All blocks are without operands: values are kept in locals.
"""

from dataclasses import dataclass, field


@dataclass
class Tag:
    """A tag with the types of its payload, and the locals that this is kept in."""

    name: str
    types: list[str]


@dataclass
class Text:
    """Instructions that are the same in both encodings, in the folded form."""

    text: str


@dataclass
class Block:
    """A block, a loop, or one of two branches."""

    kind: str  # "block", "loop" or "if".
    label: str
    body: list
    #: For those that branch.
    condition: str = ""
    otherwise: list = field(default_factory=list)
    #: Whether something inside delegates to its label.
    is_delegated_to: bool = False


@dataclass
class Handler:
    """What is done with an exception of a tag, or of any."""

    tag: Tag | None
    body: list


@dataclass
class Try:
    """A try with handlers."""

    label: str
    body: list
    handlers: list[Handler]
    #: Whether a handler throws again what it has caught.
    rethrows: bool = False
    is_delegated_to: bool = False


@dataclass
class Delegate:
    """A try without handlers, whose exceptions go to what is around the label of a block, to the
    handlers of the label of a try, or out of the function."""

    body: list
    #: Nothing for the function.
    label: str | None


@dataclass
class Rethrow:
    """Throws again what the handlers of a try have caught."""

    label: str


class Writer:
    """What writes the text of a function in one of the encodings."""

    def all(self, nodes: list) -> str:
        """Statements in a row."""
        return "\n".join(self.one(node) for node in nodes)

    def one(self, node) -> str:
        """A statement."""
        raise NotImplementedError


class Legacy(Writer):
    """Writes try, catch, rethrow and delegate."""

    def function(self, head: str, body: list, is_delegated_to: bool, tail: str) -> str:
        """A whole function."""
        del is_delegated_to
        self.depth = 0
        return f"({head}\n{self.all(body)}\n{tail})"

    def one(self, node) -> str:
        """A statement; in the flat form, as the tools read these instructions in no other."""
        match node:
            case Text():
                return node.text
            case Block(kind="if"):
                self.depth += 1
                parts = [node.condition, f"if ${node.label}", self.all(node.body)]
                if node.otherwise:
                    parts += ["else", self.all(node.otherwise)]
                self.depth -= 1
                return "\n".join([*parts, "end"])
            case Block():
                return "\n".join([f"{node.kind} ${node.label}", self.inside(node.body), "end"])
            case Try():
                parts = [f"try ${node.label}", self.inside(node.body)]
                for handler in node.handlers:
                    if handler.tag is None:
                        parts.append("catch_all")
                    else:
                        parts.append(f"catch ${handler.tag.name}")
                        parts += keep_payload(handler.tag)
                    parts.append(self.inside(handler.body))
                return "\n".join([*parts, "end"])
            case Delegate():
                # The label of a function is behind all the others.
                body = self.inside(node.body)
                label = f"${node.label}" if node.label else str(self.depth)
                return f"try\n{body}\ndelegate {label}"
            case Rethrow():
                return f"rethrow ${node.label}"

    def inside(self, nodes: list) -> str:
        """Statements in a block."""
        self.depth += 1
        text = self.all(nodes)
        self.depth -= 1
        return text


class Exnref(Writer):
    """Writes try_table and throw_ref."""

    def function(self, head: str, body: list, is_delegated_to: bool, tail: str) -> str:
        """A whole function."""
        text = self.all(body)
        if is_delegated_to:
            text = self.landing("function", text)
        return f"({head}\n{text}\n{tail})"

    def one(self, node) -> str:
        """A statement."""
        match node:
            case Text():
                return node.text
            case Block(kind="if"):
                parts = [node.condition, f"if ${node.label}", self.all(node.body)]
                if node.otherwise:
                    parts += ["else", self.all(node.otherwise)]
                return self.maybe_landing(node, "\n".join([*parts, "end"]))
            case Block():
                text = f"{node.kind} ${node.label}\n{self.all(node.body)}\nend"
                return self.maybe_landing(node, text)
            case Try():
                return self.try_table(node)
            case Delegate():
                label = node.label or "function"
                return f"try_table (catch_all_ref $to_{label})\n{self.all(node.body)}\nend"
            case Rethrow():
                return f"(throw_ref (local.get $exn_{node.label}))"

    def maybe_landing(self, node: Block, text: str) -> str:
        """Where what is delegated to a block arrives, if anything is."""
        return self.landing(node.label, text) if node.is_delegated_to else text

    def landing(self, label: str, text: str) -> str:
        """Throws again, around some text, what is delegated to its label."""
        return (f"block $past_{label}\nblock $to_{label} (result exnref)\n{text}\n"
                f"br $past_{label}\nend\nthrow_ref\nend")

    def try_table(self, node: Try) -> str:
        """A ladder of blocks, one a handler, with the body on the highest step."""
        body = self.all(node.body)
        if node.is_delegated_to:
            body = self.landing(node.label, body)
        clauses, steps = [], []
        for number, handler in enumerate(node.handlers):
            step = f"${node.label}_{number}"
            steps.append(step)
            suffix = "_ref" if node.rethrows else ""
            tag = f" ${handler.tag.name}" if handler.tag else ""
            clauses.append(f"({'catch' if handler.tag else 'catch_all'}{suffix}{tag} {step})")
        text = f"try_table {' '.join(clauses)}\n{body}\nend\nbr ${node.label}"
        for step, handler in zip(steps, node.handlers):
            types = list(handler.tag.types) if handler.tag else []
            types += ["exnref"] if node.rethrows else []
            result = f" (result {' '.join(types)})" if types else ""
            parts = [f"block {step}{result}", text, "end"]
            if node.rethrows:
                parts.append(f"(local.set $exn_{node.label})")
            if handler.tag:
                parts += keep_payload(handler.tag)
            text = "\n".join([*parts, self.all(handler.body), f"br ${node.label}"])
        return f"block ${node.label}\n{text}\nend"


def keep_payload(tag: Tag) -> list[str]:
    """Moves a payload from the operand stack to its locals."""
    return [f"(local.set ${tag.name}_{i})" for i in reversed(range(len(tag.types)))]
