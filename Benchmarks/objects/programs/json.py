"""A JSON tree: parsed, changed and written, with a class for each kind of value."""


class Value:
    def write(self, out: "Writer") -> None:
        out.text(b"null")

    def weight(self) -> i32:
        return 1


class Number(Value):
    number: i32

    def write(self, out: "Writer") -> None:
        out.number(self.number)

    def weight(self) -> i32:
        return 2


class Text(Value):
    text: "Array[i8]"

    def write(self, out: "Writer") -> None:
        out.byte(34)
        out.text(self.text)
        out.byte(34)

    def weight(self) -> i32:
        return len(self.text)


class List(Value):
    items: "Array[Value]"
    count: i32

    def write(self, out: "Writer") -> None:
        out.byte(91)
        for index in range(self.count):
            if index > 0:
                out.byte(44)
            self.items[index].write(out)
        out.byte(93)

    def weight(self) -> i32:
        sum = 1
        for index in range(self.count):
            sum += self.items[index].weight()
        return sum

    def add(self, value: "Value") -> None:
        if self.count == len(self.items):
            larger = Array[Value](2 * self.count + 2)
            copy(larger, 0, self.items, 0, self.count)
            self.items = larger
        self.items[self.count] = value
        self.count += 1


class Object(Value):
    first: "Member"
    last: "Member"

    def write(self, out: "Writer") -> None:
        out.byte(123)
        member = self.first
        while member is not None:
            if member is not self.first:
                out.byte(44)
            out.byte(34)
            out.text(member.name)
            out.byte(34)
            out.byte(58)
            member.value.write(out)
            member = member.next
        out.byte(125)

    def weight(self) -> i32:
        sum = 1
        member = self.first
        while member is not None:
            sum += len(member.name) + member.value.weight()
            member = member.next
        return sum

    def add(self, name: "Array[i8]", value: "Value") -> None:
        member = Member(name, value, None)
        if self.last is None:
            self.first = member
        else:
            self.last.next = member
        self.last = member


class Member:
    name: "Array[i8]"
    value: "Value"
    next: "Member"


class Writer:
    bytes: "Array[i8]"
    length: i32

    def reserve(self, count: i32) -> None:
        if self.length + count > len(self.bytes):
            larger = Array[i8](2 * len(self.bytes) + count)
            copy(larger, 0, self.bytes, 0, self.length)
            self.bytes = larger

    def byte(self, byte: i32) -> None:
        self.reserve(1)
        self.bytes[self.length] = byte
        self.length += 1

    def text(self, text: "Array[i8]") -> None:
        self.reserve(len(text))
        copy(self.bytes, self.length, text, 0, len(text))
        self.length += len(text)

    def number(self, number: i32) -> None:
        if number >= 10:
            self.number(number // 10)
        self.byte(48 + number % 10)


class Parser:
    text: "Array[i8]"
    place: i32

    def value(self) -> "Value":
        byte = self.text[self.place]
        if byte == 123:
            return self.object()
        if byte == 91:
            return self.list()
        if byte == 34:
            return Text(self.string())
        if byte == 110:
            self.place += 4
            return Value()
        number = 0
        while self.place < len(self.text):
            digit = self.text[self.place] - 48
            if digit < 0 or digit > 9:
                break
            number = 10 * number + digit
            self.place += 1
        return Number(number)

    def string(self) -> "Array[i8]":
        self.place += 1
        first = self.place
        while self.text[self.place] != 34:
            self.place += 1
        result = Array[i8](self.place - first)
        copy(result, 0, self.text, first, len(result))
        self.place += 1
        return result

    def list(self) -> "Value":
        result = List(Array[Value](4), 0)
        self.place += 1
        while self.text[self.place] != 93:
            result.add(self.value())
            if self.text[self.place] == 44:
                self.place += 1
        self.place += 1
        return result

    def object(self) -> "Value":
        result = Object(None, None)
        self.place += 1
        while self.text[self.place] != 125:
            name = self.string()
            self.place += 1
            result.add(name, self.value())
            if self.text[self.place] == 44:
                self.place += 1
        self.place += 1
        return result


def make(depth: i32, seed: i32) -> "Value":
    if depth == 0:
        if seed % 3 == 0:
            return Number(seed * 7919 % 100000)
        if seed % 3 == 1:
            return Text(b"some text that is not long")
        return Value()
    if depth % 2 == 0:
        list = List(Array[Value](2), 0)
        for index in range(6):
            list.add(make(depth - 1, seed * 7 + index))
        return list
    object = Object(None, None)
    object.add(b"name", make(depth - 1, seed * 3 + 1))
    object.add(b"children", make(depth - 1, seed * 3 + 2))
    object.add(b"id", Number(seed & 65535))
    object.add(b"description", make(depth - 1, seed * 3))
    return object


def main() -> None:
    tree = make(7, 1)
    sum = 0
    for turn in range(60):
        writer = Writer(Array[i8](64), 0)
        tree.write(writer)
        text = Array[i8](writer.length)
        copy(text, 0, writer.bytes, 0, writer.length)
        tree = Parser(text, 0).value()
        sum += len(text) + tree.weight()
    print(sum)
