import { expect, test, vi } from "vitest";
import { ApiError } from "../src/desk/api";
import { SEND_AFTER } from "../src/desk/outgoing";
import * as store from "../src/desk/store";
import { answers, asked, desk, hear, opened, refuse, useDesk } from "./desk-house";
import { ANNA, detail, mine, ticket, turn, welcome } from "./tickets";

useDesk();

test("the loser of a claim is told in the server's words who won", async () => {
  await hear(welcome([ticket("a")]));
  await opened("a", 1);
  answers.set("tickets/a/claim", refuse(409, "already_claimed", "Boris has taken it."));
  await desk.acts.claim();
  expect(store.alarm.value).toBe("Boris has taken it.");
  expect(store.isMine.value).toBe(false);
});

test("a reply is held, sent, and then its row", async () => {
  await hear(welcome([mine("a")]));
  await opened("a", 1);
  const { cid } = desk.outgoing.say(store.ticket.value!, "hello", [], Date.now());
  answers.set("tickets/a/messages", () => ({ cid, seq: 2 }));
  await vi.advanceTimersByTimeAsync(SEND_AFTER);
  expect(desk.outgoing.replies.value[0]).toMatchObject({ state: "sent" });
  await hear({ type: "messages", conversation: "c-a", messages: [turn(2, { cid, author: "operator" })] });
  expect(desk.outgoing.replies.value).toEqual([]);
});

test("a reply taken back is in the draft again, before what was begun since", async () => {
  await hear(welcome([mine("a")]));
  await opened("a", 1);
  const { cid } = desk.outgoing.say(store.ticket.value!, "first", [], Date.now());
  store.setDraft("c-a", "second");
  desk.takeBack(cid);
  expect(store.draft("c-a")).toBe("first\nsecond");
});

test("a session that ends under a reply leads to the door; the reply goes when the operator is back", async () => {
  await hear(welcome([mine("a")]));
  await opened("a", 1);
  store.setDraft("c-a", "begun");
  desk.outgoing.say(store.ticket.value!, "sent too late", [], Date.now());
  answers.set("tickets/a/messages", refuse(401, "unauthorised", "Sign in."));
  await vi.advanceTimersByTimeAsync(SEND_AFTER);
  expect(store.session.value).toBeNull();
  expect(store.expired.value).toBe(true);
  expect(store.draft("c-a")).toBe("begun");
  answers.delete("tickets/a/messages");
  asked.length = 0;
  await desk.signIn("anna", "secret");
  await vi.advanceTimersByTimeAsync(0);
  expect(asked.filter(({ path }) => path === "tickets/a/messages").map(({ body }) => body)).toMatchObject([{ text: "sent too late" }]);
});

test("what is written for a ticket arrives before it is passed on", async () => {
  await hear(welcome([mine("a")]));
  await opened("a", 1);
  desk.outgoing.say(store.ticket.value!, "a last word", [], Date.now());
  answers.set("tickets/a/transfer", () => ticket("a"));
  await desk.acts.transfer({ group: "billing" }, "money");
  expect(asked.map(({ path }) => path).slice(-2)).toEqual(["tickets/a/messages", "tickets/a/transfer"]);
});

test("stepping into the bot's conversation opens a ticket that is mine", async () => {
  await hear(welcome([]));
  answers.set("conversations/c9", () => detail(ticket("x"), [1], { conversation: "c9", ticket: null }));
  await desk.visit({ kind: "conversation", id: "c9" });
  expect(store.isMine.value).toBe(false);
  answers.set("conversations/c9/take", () => mine("fresh", { conversation: "c9" }));
  await desk.acts.take();
  expect(store.ticket.value?.id).toBe("fresh");
  expect(store.isMine.value).toBe(true);
});

test("a token that another tab has replaced is fetched anew, once", async () => {
  await hear(welcome([ticket("a")]));
  await opened("a", 1);
  let refused = 0;
  answers.set("me", () => ({ operator: ANNA, csrf: "token-2" }));
  answers.set("tickets/a/claim", () => {
    if (refused++ === 0) refuse(403, "csrf_refused", "Reload.")();
    return mine("a");
  });
  await desk.acts.claim();
  expect(store.isMine.value).toBe(true);
  expect(asked.filter(({ path }) => path.endsWith("claim")).map(({ csrf }) => csrf)).toEqual(["token-1", "token-2"]);
});

test("a wrong password is an error with the server's words", async () => {
  answers.set("login", refuse(401, "wrong_credentials", "Wrong login or password."));
  await expect(desk.signIn("anna", "x")).rejects.toEqual(new ApiError(401, "wrong_credentials", "Wrong login or password."));
});

test("nobody is signed in when the server says so, in either way", async () => {
  await desk.signOut();
  answers.set("me", () => null);
  await desk.start();
  expect(store.session.value).toBeNull();
  answers.set("me", refuse(401, "unauthorised", "Sign in."));
  await desk.start();
  expect(store.session.value).toBeNull();
  expect(store.expired.value).toBe(false);
});
