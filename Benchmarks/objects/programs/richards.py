"""The kernel of an operating system: tasks with queues of packets, run by a scheduler. After Martin
Richards' benchmark."""

IDLE: i32 = 0
WORKER: i32 = 1
HANDLER_A: i32 = 2
HANDLER_B: i32 = 3
DEVICE_A: i32 = 4
DEVICE_B: i32 = 5
DEVICE: i32 = 0
WORK: i32 = 1


class Packet:
    link: "Packet"
    to: i32
    kind: i32
    datum: i32
    data: "Array[i32]"


class Task:
    def run(self, scheduler: "Scheduler", packet: "Packet") -> "Control":
        return None


class Control:
    link: "Control"
    id: i32
    priority: i32
    queue: "Packet"
    is_waiting: i32
    is_held: i32
    task: "Task"

    def runs(self) -> i32:
        if self.is_held:
            return 0
        return not self.is_waiting or self.queue is not None

    def step(self, scheduler: "Scheduler") -> "Control":
        packet: "Packet" = None
        if self.is_waiting and self.queue is not None:
            packet = self.queue
            self.queue = packet.link
            self.is_waiting = 0
        return self.task.run(scheduler, packet)

    def check_priority(self, current: "Control", packet: "Packet") -> "Control":
        if self.queue is None:
            self.queue = packet
            packet.link = None
            if self.priority > current.priority:
                return self
        else:
            self.queue = append(packet, self.queue)
        return current


class Scheduler:
    blocks: "Array[Control]"
    list: "Control"
    current: "Control"
    queued: i32
    held: i32

    def add(self, id: i32, priority: i32, queue: "Packet", task: "Task", is_running: i32) -> None:
        control = Control(self.list, id, priority, queue, not is_running, 0, task)
        self.list = control
        self.blocks[id] = control

    def schedule(self) -> None:
        self.current = self.list
        while self.current is not None:
            if self.current.runs():
                self.current = self.current.step(self)
            else:
                self.current = self.current.link

    def release(self, id: i32) -> "Control":
        control = self.blocks[id]
        control.is_held = 0
        if control.priority > self.current.priority:
            return control
        return self.current

    def hold(self) -> "Control":
        self.held += 1
        self.current.is_held = 1
        return self.current.link

    def wait(self) -> "Control":
        self.current.is_waiting = 1
        return self.current

    def enqueue(self, packet: "Packet") -> "Control":
        control = self.blocks[packet.to]
        self.queued += 1
        packet.link = None
        packet.to = self.current.id
        return control.check_priority(self.current, packet)


class IdleTask(Task):
    seed: i32
    count: i32

    def run(self, scheduler: "Scheduler", packet: "Packet") -> "Control":
        self.count -= 1
        if self.count == 0:
            return scheduler.hold()
        if (self.seed & 1) == 0:
            self.seed = self.seed >> 1
            return scheduler.release(DEVICE_A)
        self.seed = (self.seed >> 1) ^ 53256
        return scheduler.release(DEVICE_B)


class DeviceTask(Task):
    kept: "Packet"

    def run(self, scheduler: "Scheduler", packet: "Packet") -> "Control":
        if packet is not None:
            self.kept = packet
            return scheduler.hold()
        if self.kept is None:
            return scheduler.wait()
        kept = self.kept
        self.kept = None
        return scheduler.enqueue(kept)


class WorkerTask(Task):
    to: i32
    letter: i32

    def run(self, scheduler: "Scheduler", packet: "Packet") -> "Control":
        if packet is None:
            return scheduler.wait()
        self.to = HANDLER_A + HANDLER_B - self.to
        packet.to = self.to
        packet.datum = 0
        for index in range(len(packet.data)):
            self.letter += 1
            if self.letter > 26:
                self.letter = 1
            packet.data[index] = self.letter
        return scheduler.enqueue(packet)


class HandlerTask(Task):
    work: "Packet"
    devices: "Packet"

    def run(self, scheduler: "Scheduler", packet: "Packet") -> "Control":
        if packet is not None:
            if packet.kind == WORK:
                self.work = append(packet, self.work)
            else:
                self.devices = append(packet, self.devices)
        if self.work is not None:
            count = self.work.datum
            if count < 4:
                if self.devices is not None:
                    device = self.devices
                    self.devices = device.link
                    device.datum = self.work.data[count]
                    self.work.datum = count + 1
                    return scheduler.enqueue(device)
            else:
                done = self.work
                self.work = done.link
                return scheduler.enqueue(done)
        return scheduler.wait()


def append(packet: "Packet", queue: "Packet") -> "Packet":
    packet.link = None
    if queue is None:
        return packet
    last = queue
    while last.link is not None:
        last = last.link
    last.link = packet
    return queue


def packet(link: "Packet", to: i32, kind: i32) -> "Packet":
    return Packet(link, to, kind, 0, Array[i32](4))


def main() -> None:
    for turn in range(600):
        scheduler = Scheduler(Array[Control](6), None, None, 0, 0)
        scheduler.add(IDLE, 0, None, IdleTask(1, 10000), 1)
        queue = packet(packet(None, WORKER, WORK), WORKER, WORK)
        scheduler.add(WORKER, 1000, queue, WorkerTask(HANDLER_A, 0), 0)
        queue = packet(packet(packet(None, DEVICE_A, DEVICE), DEVICE_A, DEVICE), DEVICE_A, DEVICE)
        scheduler.add(HANDLER_A, 2000, queue, HandlerTask(None, None), 0)
        queue = packet(packet(packet(None, DEVICE_B, DEVICE), DEVICE_B, DEVICE), DEVICE_B, DEVICE)
        scheduler.add(HANDLER_B, 3000, queue, HandlerTask(None, None), 0)
        scheduler.add(DEVICE_A, 4000, None, DeviceTask(None), 0)
        scheduler.add(DEVICE_B, 5000, None, DeviceTask(None), 0)
        scheduler.schedule()
        if turn % 200 == 0:
            print(scheduler.queued)
            print(scheduler.held)
