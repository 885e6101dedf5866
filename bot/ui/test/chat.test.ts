import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Keep } from "../src/shared/keep";
import { Chat } from "../src/widget/chat";
import { dial, FakeSocket, memoryStorage, row, startClock, welcome } from "./fakes";

let storage: Storage;
let returned: string[];
let composerFree: boolean;

beforeEach(() => {
  startClock();
  storage = memoryStorage();
  returned = [];
  composerFree = true;
});
afterEach(() => vi.useRealTimers());

function newChat(): Chat {
  const giveBack = (text: string) => composerFree && returned.push(text) > 0;
  return new Chat("ws://x", new Keep(() => storage), "en", () => undefined, giveBack, dial);
}

function online(chat: Chat, change: Parameters<typeof welcome>[0] = {}): FakeSocket {
  chat.line.start();
  FakeSocket.last.open();
  FakeSocket.last.says(welcome(change));
  return FakeSocket.last;
}

const cidOf = (socket: FakeSocket, at = -1) => socket.sent.at(at)!.cid as string;
const seqs = (chat: Chat) => chat.rows.list.map(({ seq }) => seq);
const states = (chat: Chat) => chat.outbox.items.map(({ state }) => state);

test("keeps the token of the first welcome and shows it at the next hello", () => {
  online(newChat(), { token: "signed" });
  const later = newChat();
  later.line.start();
  FakeSocket.last.open();
  expect(FakeSocket.last.sent[0]).toMatchObject({ type: "hello", v: 1, token: "signed", after: 0, lang: "en" });
});

test("a message is sending, then sent, then its own row", () => {
  const chat = newChat();
  const socket = online(chat);
  chat.say("hello");
  expect(states(chat)).toEqual(["sending"]);
  socket.says({ type: "ack", cid: cidOf(socket), seq: 1 });
  expect(states(chat)).toEqual(["sent"]);
  socket.says({ type: "messages", messages: [row(1, { author: "customer", cid: cidOf(socket) })] });
  expect(states(chat)).toEqual([]);
  expect(seqs(chat)).toEqual([1]);
});

test("what was written without a connection goes out after the welcome, in order and once each", async () => {
  const chat = newChat();
  chat.line.start();
  chat.say("one");
  chat.say("two");
  FakeSocket.last.open();
  expect(FakeSocket.last.types()).toEqual(["hello"]);
  FakeSocket.last.says(welcome());
  expect(FakeSocket.last.sent.slice(1).map(({ text }) => text)).toEqual(["one", "two"]);
});

test("resends under the same cid after a cut and resumes from the cursor", async () => {
  const chat = newChat();
  const first = online(chat, { last_seq: 2 });
  first.says({ type: "messages", messages: [row(1), row(2)] });
  chat.say("lost?");
  const cid = cidOf(first);
  first.cut();
  await vi.advanceTimersByTimeAsync(500);
  FakeSocket.last.open();
  expect(FakeSocket.last.sent[0]).toMatchObject({ type: "hello", after: 2 });
  FakeSocket.last.says(welcome({ last_seq: 3 }));
  expect(cidOf(FakeSocket.last)).toBe(cid);
  FakeSocket.last.says({ type: "messages", messages: [row(3, { author: "customer", cid })] });
  FakeSocket.last.says({ type: "ack", cid, seq: 3 });
  expect(chat.outbox.items).toEqual([]);
  expect(seqs(chat)).toEqual([1, 2, 3]);
});

test("a gap makes it dial again and ask from the cursor", () => {
  const chat = newChat();
  const socket = online(chat, { last_seq: 1 });
  socket.says({ type: "messages", messages: [row(1)] });
  socket.says({ type: "messages", messages: [row(3)] });
  expect(seqs(chat)).toEqual([1]);
  expect(FakeSocket.last).not.toBe(socket);
  FakeSocket.last.open();
  expect(FakeSocket.last.sent[0]).toMatchObject({ after: 1 });
  FakeSocket.last.says(welcome({ last_seq: 3 }));
  FakeSocket.last.says({ type: "messages", messages: [row(2), row(3)] });
  expect(seqs(chat)).toEqual([1, 2, 3]);
});

test("an answer that does not come makes the line suspect, and at last the message fails with a way to retry", async () => {
  const chat = newChat();
  online(chat);
  chat.say("hello?");
  const cid = cidOf(FakeSocket.last);
  for (let round = 0; round < 3; round += 1) {
    await vi.advanceTimersByTimeAsync(8_000);
    if (round === 2) break;
    FakeSocket.last.open();
    FakeSocket.last.says(welcome());
    expect(cidOf(FakeSocket.last)).toBe(cid);
  }
  expect(states(chat)).toEqual(["failed"]);
  chat.retry(chat.outbox.items[0]!);
  expect(states(chat)).toEqual(["sending"]);
  expect(cidOf(FakeSocket.last)).toBe(cid);
});

test("a refused message comes back to the composer with the seconds to wait", () => {
  const chat = newChat();
  const socket = online(chat);
  chat.say("too fast");
  socket.says({ type: "refused", cid: cidOf(socket), code: "too_many_messages", text: "Wait.", retry_after: 7 });
  expect(returned).toEqual(["too fast"]);
  expect(chat.outbox.items).toEqual([]);
  expect(chat.notice).toEqual({ text: "Wait.", until: Date.now() + 7_000 });
});

test("a refused message stays as failed when the composer holds other words", () => {
  composerFree = false;
  const chat = newChat();
  const socket = online(chat);
  chat.say("too fast");
  socket.says({ type: "refused", cid: cidOf(socket), code: "too_many_messages", text: "Wait.", retry_after: 7 });
  expect(states(chat)).toEqual(["failed"]);
  expect(chat.outbox.items[0]!.note).toBe("Wait.");
});

test("a reset drops the rows of another life", () => {
  const chat = newChat();
  online(chat, { last_seq: 2 }).says({ type: "messages", messages: [row(1), row(2)] });
  chat.line.again();
  FakeSocket.last.open();
  FakeSocket.last.says(welcome({ reset: true, last_seq: 1 }));
  FakeSocket.last.says({ type: "messages", messages: [row(1, { text: "new" })] });
  expect(chat.rows.list.map(({ text }) => text)).toEqual(["new"]);
});

test("the first conversation of a visitor is no reason to reset", () => {
  const chat = newChat();
  const socket = online(chat, { conversation: "" });
  socket.says({ type: "messages", messages: [row(1)] });
  socket.says(welcome({ conversation: "c1", lang: "ru", last_seq: 1 }));
  expect(seqs(chat)).toEqual([1]);
});

test("announces what is new and never the history", () => {
  const chat = newChat();
  const socket = online(chat, { last_seq: 2 });
  socket.says({ type: "messages", messages: [row(1), row(2)] });
  expect(chat.heard).toEqual([]);
  socket.says({ type: "messages", messages: [row(3, { author: "customer" }), row(4)] });
  expect(chat.heard.map(({ seq }) => seq)).toEqual([4]);
});

test("unread counts the other side's rows after the last look, over a reload too", () => {
  const chat = newChat();
  const socket = online(chat, { last_seq: 2 });
  socket.says({ type: "messages", messages: [row(1), row(2)] });
  chat.seen();
  expect(chat.unread).toBe(0);
  socket.says({ type: "messages", messages: [row(3, { author: "customer" }), row(4), row(5, { author: "operator" })] });
  expect(chat.unread).toBe(2);
  const next = newChat();
  online(next, { last_seq: 5 }).says({ type: "messages", messages: [1, 2, 3, 4, 5].map((seq) => row(seq)) });
  expect(next.unread).toBe(3);
});

const typed = (socket: FakeSocket) => socket.sent.filter(({ type }) => type === "typing").map(({ text }) => text);

test("tells a person what the customer types, at the beginning and at pauses, and a bot never", async () => {
  const chat = newChat();
  const socket = online(chat);
  chat.types("h");
  expect(typed(socket)).toEqual([]);
  socket.says({ type: "state", holder: "operator", operator: "Anna", position: null });
  for (const text of ["h", "he", "hel"]) chat.types(text);
  expect(typed(socket)).toEqual(["h"]);
  await vi.advanceTimersByTimeAsync(600);
  expect(typed(socket)).toEqual(["h", "hel"]);
});

test("who only waits in the line is heard typing, and their words stay with them", () => {
  const chat = newChat();
  const socket = online(chat);
  socket.says({ type: "state", holder: "queue", operator: null, position: 1, text: "You are next." });
  chat.types("secret");
  expect(typed(socket)).toEqual([""]);
});

test("a message that has been sent is not previewed afterwards", async () => {
  const chat = newChat();
  const socket = online(chat);
  socket.says({ type: "state", holder: "operator", operator: "Anna", position: null });
  chat.types("h");
  chat.types("hello");
  chat.say("hello");
  await vi.advanceTimersByTimeAsync(2_000);
  expect(typed(socket)).toEqual(["h"]);
});

const reads = (socket: FakeSocket) => socket.sent.filter(({ type }) => type === "read").map(({ seq }) => seq);

test("tells how far the customer has read, again after a cut, and not while they read above", async () => {
  const chat = newChat();
  const socket = online(chat, { last_seq: 2 });
  socket.says({ type: "messages", messages: [row(1), row(2)] });
  expect(reads(socket)).toEqual([]);
  chat.seen();
  chat.seen();
  expect(reads(socket)).toEqual([2]);
  chat.away = true;
  socket.says({ type: "messages", messages: [row(3)] });
  chat.seen();
  expect(reads(socket)).toEqual([2]);
  expect(chat.unread).toBe(1);
  socket.cut();
  await vi.advanceTimersByTimeAsync(500);
  FakeSocket.last.open();
  FakeSocket.last.says(welcome({ last_seq: 3 }));
  expect(reads(FakeSocket.last)).toEqual([2]);
});

test("uploaded files leave with the next message, with or without words, and only once", () => {
  const chat = newChat();
  const socket = online(chat);
  chat.files = [{ id: "f1", name: "a.png", type: "image/png", size: 9, image: true, url: "/uploads/f1" }];
  chat.extra = { sent: (one: Chat) => (one.files = []) } as unknown as Chat["extra"];
  chat.say("");
  chat.say("again");
  const [first, second] = socket.sent.filter(({ type }) => type === "message");
  expect(first).toMatchObject({ text: "", files: ["f1"] });
  expect(second).not.toHaveProperty("files");
});

test("a refused message with files stays to be sent again, for its files cannot go back", () => {
  const chat = newChat();
  const socket = online(chat);
  chat.files = [{ id: "f1", name: "a.png", type: "image/png", size: 9, image: true, url: "/uploads/f1" }];
  chat.say("look");
  socket.says({ type: "refused", cid: cidOf(socket), code: "too_many_messages", text: "Wait.", retry_after: 7 });
  expect(returned).toEqual([]);
  expect(states(chat)).toEqual(["failed"]);
  chat.retry(chat.outbox.items[0]!);
  expect(socket.sent.at(-1)).toMatchObject({ text: "look", files: ["f1"] });
});

test("a typing mark goes out by itself, or with the message it promised", async () => {
  const chat = newChat();
  const socket = online(chat);
  socket.says({ type: "typing", conversation: "c1", who: "bot", name: "" });
  expect(chat.typing?.who).toBe("bot");
  await vi.advanceTimersByTimeAsync(6_000);
  expect(chat.typing).toBeNull();
  socket.says({ type: "typing", conversation: "c1", who: "bot", name: "" });
  socket.says({ type: "messages", messages: [row(1)] });
  expect(chat.typing).toBeNull();
});

test("a newer server stops the line and asks for a reload", async () => {
  const chat = newChat();
  online(chat).says({ type: "reload" });
  expect(chat.outdated).toBe(true);
  await vi.advanceTimersByTimeAsync(120_000);
  expect(FakeSocket.all).toHaveLength(1);
});
