import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Line, type Status } from "../src/shared/line";
import { dial, FakeSocket, startClock } from "./fakes";

const heard: unknown[] = [];
const turns: Status[] = [];
let line: Line<{ type: string }, { type: string }>;
let mayRetry: () => Promise<boolean>;

beforeEach(() => {
  startClock();
  heard.length = turns.length = 0;
  mayRetry = () => Promise.resolve(true);
  line = new Line(
    "ws://x",
    {
      opened: () => void line.send({ type: "hello" }),
      received: (event) => void heard.push(event),
      changed: (status) => void turns.push(status),
      mayRetry: () => mayRetry(),
    },
    dial,
  );
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function welcomed(): FakeSocket {
  FakeSocket.last.open();
  line.ready();
  return FakeSocket.last;
}

test("says hello first and is online only when the server has answered", () => {
  line.start();
  expect(line.status).toBe("connecting");
  FakeSocket.last.open();
  expect(FakeSocket.last.types()).toEqual(["hello"]);
  expect(line.status).toBe("connecting");
  line.ready();
  expect(turns).toEqual(["connecting", "online"]);
});

test("comes back after a cut, later each time until it is welcomed again", async () => {
  vi.spyOn(Math, "random").mockReturnValue(0.999);
  line.start();
  welcomed().cut();
  expect(line.status).toBe("offline");
  await vi.advanceTimersByTimeAsync(500);
  expect(FakeSocket.all).toHaveLength(2);
  FakeSocket.last.cut();
  await vi.advanceTimersByTimeAsync(499);
  expect(FakeSocket.all).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(501);
  expect(FakeSocket.all).toHaveLength(3);
  expect(line.status).toBe("offline");
  welcomed();
  expect(line.status).toBe("online");
});

test("a server that accepts and cuts does not shorten the wait", async () => {
  vi.spyOn(Math, "random").mockReturnValue(0);
  line.start();
  for (const wait of [250, 500, 1000, 2000]) {
    const before = FakeSocket.all.length;
    FakeSocket.last.open();
    FakeSocket.last.cut();
    await vi.advanceTimersByTimeAsync(wait - 1);
    expect(FakeSocket.all).toHaveLength(before);
    await vi.advanceTimersByTimeAsync(1);
    expect(FakeSocket.all).toHaveLength(before + 1);
  }
});

test("dials at once when the page is looked at again", () => {
  line.start();
  welcomed().cut();
  line.wake();
  expect(FakeSocket.all).toHaveLength(2);
});

test("a line that looks open but is dead is found by its silence", async () => {
  line.start();
  const dead = welcomed();
  dead.says({ type: "pong" });
  await vi.advanceTimersByTimeAsync(25_000);
  expect(dead.types()).toContain("ping");
  await vi.advanceTimersByTimeAsync(8_000);
  expect(line.status).toBe("offline");
  await vi.advanceTimersByTimeAsync(500);
  expect(FakeSocket.last).not.toBe(dead);
});

test("an answered ping keeps the line", async () => {
  line.start();
  const socket = welcomed();
  socket.says({ type: "pong" });
  for (let beats = 0; beats < 4; beats += 1) {
    await vi.advanceTimersByTimeAsync(25_000);
    socket.says({ type: "pong" });
  }
  expect(FakeSocket.all).toHaveLength(1);
  expect(line.status).toBe("online");
});

test("a dial that never opens is given up and tried again", async () => {
  line.start();
  await vi.advanceTimersByTimeAsync(8_000);
  expect(line.status).toBe("offline");
  await vi.advanceTimersByTimeAsync(500);
  expect(FakeSocket.all).toHaveLength(2);
});

test("what an abandoned socket still says is not heard", () => {
  line.start();
  const old = welcomed();
  line.again();
  old.says({ type: "pong" });
  expect(heard).toEqual([]);
});

test("gives up when it may not try again", async () => {
  line.start();
  mayRetry = () => Promise.resolve(false);
  welcomed().cut();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(FakeSocket.all).toHaveLength(1);
});

test("stops for good and can be started again", async () => {
  line.start();
  welcomed();
  line.stop();
  await vi.advanceTimersByTimeAsync(120_000);
  expect(FakeSocket.all).toHaveLength(1);
  line.start();
  expect(FakeSocket.all).toHaveLength(2);
});

test("sends nothing into a socket that is not open", () => {
  line.start();
  expect(line.send({ type: "message" })).toBe(false);
  welcomed();
  expect(line.send({ type: "message" })).toBe(true);
});
