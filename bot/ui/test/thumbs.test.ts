import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Keep } from "../src/shared/keep";
import { rate, thumb } from "../src/widget/below";
import { Chat } from "../src/widget/chat";
import { dial, FakeSocket, memoryStorage, row, startClock, welcome } from "./fakes";

const ANSWER = row(2, { kind: "answer", source: { article: "router", title: "Router", url: "/help/en/router" } });

let storage: Storage;

beforeEach(() => {
  startClock();
  storage = memoryStorage();
});
afterEach(() => vi.useRealTimers());

function newChat(): Chat {
  return new Chat("ws://x", new Keep(() => storage), "en", () => undefined, () => true, dial);
}

function answered(chat: Chat): FakeSocket {
  chat.line.start();
  FakeSocket.last.open();
  FakeSocket.last.says(welcome());
  FakeSocket.last.says({ type: "messages", messages: [row(1, { author: "customer" }), ANSWER] });
  return FakeSocket.last;
}

const shown = (chat: Chat) => thumb(chat.rows.list[1]!, chat);
const marks = (socket: FakeSocket) => socket.sent.filter(({ type }) => type === "mark_answer");

test("a thumb is shown at once and stays when the server has stored it", () => {
  const chat = newChat();
  const socket = answered(chat);
  rate(ANSWER, chat, "up");
  expect(shown(chat)).toBe("up");
  socket.says({ type: "marked", seq: 2, mark: "up" });
  socket.says({ type: "ack", cid: marks(socket)[0]!.cid as string, seq: 2 });
  expect(chat.outbox.items).toEqual([]);
  expect(shown(chat)).toBe("up");
});

test("a mind changed before the first thumb was stored leaves only the last one to send", () => {
  const chat = newChat();
  const socket = answered(chat);
  rate(ANSWER, chat, "up");
  rate(ANSWER, chat, "down");
  expect(chat.outbox.items.map(({ frame }) => frame)).toMatchObject([{ type: "mark_answer", seq: 2, mark: "down" }]);
  expect(marks(socket).map(({ mark }) => mark)).toEqual(["up", "down"]);
  expect(shown(chat)).toBe("down");
});

test("a thumb given without a connection survives a reload and is sent with the next one", () => {
  rate(ANSWER, newChat(), "down");
  const later = newChat();
  const socket = answered(later);
  expect(marks(socket)).toMatchObject([{ seq: 2, mark: "down" }]);
  expect(shown(later)).toBe("down");
});

test("a thumb set or taken back in another tab is shown here", () => {
  const chat = newChat();
  const socket = answered(chat);
  socket.says({ type: "marked", seq: 2, mark: "down" });
  expect(shown(chat)).toBe("down");
  socket.says({ type: "marked", seq: 2, mark: null });
  expect(shown(chat)).toBe("none");
});

test("a refused thumb is taken off again and its reason is shown", () => {
  const chat = newChat();
  const socket = answered(chat);
  rate(ANSWER, chat, "up");
  socket.says({ type: "refused", cid: marks(socket)[0]!.cid as string, code: "not_an_answer", text: "Only answers.", retry_after: null });
  expect(shown(chat)).toBe("none");
  expect(chat.notice?.text).toBe("Only answers.");
});
