import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Api, ApiError } from "../src/desk/api";
import { Desk } from "../src/desk/desk";
import { Live } from "../src/desk/live";
import * as store from "../src/desk/store";
import { NO_FILTER } from "../src/desk/views";
import { SEND_AFTER } from "../src/desk/outgoing";
import type { DeskEvent, TicketView } from "../src/shared/wire";
import { dial, FakeSocket, startClock } from "./fakes";
import { ANNA, detail, mine, ticket, turn, welcome } from "./tickets";

const answers = new Map<string, () => unknown>();
let asked: { path: string; body: unknown; csrf: string }[];
let desk: Desk;

function refuse(status: number, code: string, text: string): () => never {
  return () => {
    throw new Response(JSON.stringify({ code, text, retry_after: null }), { status });
  };
}

beforeEach(async () => {
  startClock();
  asked = [];
  answers.clear();
  vi.stubGlobal("fetch", async (address: string, init: { body?: string; headers: Record<string, string> }) => {
    const path = address.replace("/api/desk/", "").replace(/\?.*/, "");
    asked.push({ path, body: init.body && JSON.parse(init.body), csrf: init.headers["X-CSRF-Token"] ?? "" });
    try {
      return new Response(JSON.stringify(answers.get(path)?.() ?? null), { status: 200 });
    } catch (thrown) {
      if (thrown instanceof Response) return thrown;
      throw thrown;
    }
  });
  answers.set("login", () => ({ operator: ANNA, csrf: "token-1" }));
  const api = new Api(
    () => "en",
    () => "unreachable",
    () => desk.leave(true),
  );
  const live = new Live(
    "ws://x",
    {
      heard: (events) => desk.heard(events),
      changed: (status) => (store.status.value = status),
      signedIn: () => Promise.resolve(true),
    },
    dial,
  );
  desk = new Desk(api, live);
  store.keep.keys("").forEach((key) => store.keep.drop(key));
  store.acts.value = desk.acts;
  await desk.visit({ kind: "view", id: "unassigned" });
  await desk.signIn("anna", "secret");
  FakeSocket.last.open();
});

afterEach(async () => {
  await desk.signOut();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

async function hear(...events: DeskEvent[]): Promise<void> {
  events.forEach((event) => FakeSocket.last.says(event));
  await vi.advanceTimersByTimeAsync(100);
}

const ids = (tickets: readonly TicketView[]) => tickets.map(({ id }) => id);
const watches = () => FakeSocket.last.sent.filter(({ type }) => type === "watch");

async function opened(id: string, ...seqs: number[]): Promise<void> {
  answers.set(`tickets/${id}`, () => detail(store.board.get(id) ?? ticket(id), seqs));
  await desk.visit({ kind: "ticket", id });
}

test("counters are the lengths of the lists, and the badge counts what needs me", async () => {
  const offered = ticket("o", { status: "offered", offered_to: "op1" });
  await hear(welcome([ticket("new"), mine("m"), mine("answered", { waiting_since: null }), offered]));
  expect((["unassigned", "mine", "waiting", "all"] as const).map((view) => store.count(view))).toEqual([2, 3, 1, 4]);
  expect(store.needMe.value).toBe(3);
  await hear({ type: "counts", bot: 7, closed: 12 });
  expect([store.count("bot"), store.count("closed")]).toEqual([7, 12]);
});

test("a filter narrows the list and a change that no longer fits leaves it at once", async () => {
  await hear(welcome([ticket("a", { tags: ["bug"] }), ticket("b")]));
  store.filter.value = { ...store.filter.value, tag: "bug" };
  expect(ids(store.shown.value)).toEqual(["a"]);
  await hear({ type: "ticket", ticket: ticket("a", { tags: [] }) });
  expect(store.shown.value).toEqual([]);
  store.filter.value = NO_FILTER;
});

test("events are gathered and applied together, ten times a second at most", async () => {
  await hear(welcome([]));
  const drawn = vi.fn();
  const stop = store.board.lists.all.subscribe(drawn);
  drawn.mockClear();
  for (let n = 0; n < 20; n += 1) FakeSocket.last.says({ type: "ticket", ticket: ticket(`t${n}`) });
  await vi.advanceTimersByTimeAsync(99);
  expect(drawn).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(drawn).toHaveBeenCalledTimes(1);
  expect(store.count("all")).toBe(20);
  stop();
});

test("a closed ticket leaves the queue and stays readable while it is open", async () => {
  await hear(welcome([ticket("a")]));
  await opened("a", 1);
  await hear({ type: "ticket", ticket: ticket("a", { status: "closed" }) });
  expect(store.count("unassigned")).toBe(0);
  expect(store.ticket.value?.status).toBe("closed");
});

test("a reminder is a toast with a link; an offer has a place of its own", async () => {
  await hear(welcome([ticket("a")]));
  const reminder = { type: "reminder", id: "r1", kind: "mention", ticket: "a", number: 1, text: "Boris needs you", at: "" } as const;
  await hear(reminder, { ...reminder, id: "r2", kind: "offer" });
  expect(store.toasts.value.map(({ id, href }) => [id, href])).toEqual([["r1", "#/t/a"]]);
  expect(store.news.value).toBe("Boris needs you");
});

test("opening a ticket loads its rows and watches on from there", async () => {
  await hear(welcome([ticket("a")]));
  await opened("a", 1, 2, 3);
  expect(watches().at(-1)).toMatchObject({ conversation: "c-a", after: 3 });
  await hear({ type: "messages", conversation: "c-a", messages: [turn(4)] });
  await hear({ type: "messages", conversation: "c-other", messages: [turn(5)] });
  expect(store.rows.value.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
});

test("a gap is asked for again from the cursor", async () => {
  await hear(welcome([ticket("a")]));
  await opened("a", 1);
  await hear({ type: "messages", conversation: "c-a", messages: [turn(3)] });
  expect(watches().at(-1)).toMatchObject({ after: 1 });
  await hear({ type: "messages", conversation: "c-a", messages: [turn(2), turn(3)] });
  expect(store.rows.value.map(({ seq }) => seq)).toEqual([1, 2, 3]);
});

test("what arrives for a ticket that was left meanwhile is dropped", async () => {
  await hear(welcome([ticket("a"), ticket("b")]));
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  answers.set("tickets/a", () => detail(ticket("a"), [1, 2]));
  const slow = vi.fn(globalThis.fetch);
  vi.stubGlobal("fetch", async (address: string, init: RequestInit) => {
    if (address.includes("tickets/a")) await held;
    return slow(address, init);
  });
  const first = desk.visit({ kind: "ticket", id: "a" });
  await opened("b", 1);
  release();
  await first;
  expect(store.rows.value.map(({ seq }) => seq)).toEqual([1]);
  expect(store.ticket.value?.id).toBe("b");
});

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
  asked = [];
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

test("older rows come before those in hand, and none is asked for twice", async () => {
  await hear(welcome([mine("a")]));
  answers.set("tickets/a", () => detail(mine("a"), [5, 6], { earlier: true }));
  await desk.visit({ kind: "ticket", id: "a" });
  answers.set("conversations/c-a/messages", () => ({ messages: [turn(3), turn(4)], earlier: false }));
  expect(await Promise.all([desk.loadOlder(), desk.loadOlder()])).toEqual([true, false]);
  await hear({ type: "messages", conversation: "c-a", messages: [turn(7)] });
  expect(store.rows.value.map(({ seq }) => seq)).toEqual([3, 4, 5, 6, 7]);
  expect(await desk.loadOlder()).toBe(false);
});

test("reading is told once per row and unread marks follow another tab", async () => {
  await hear(welcome([ticket("a", { last_seq: 4 })]));
  expect(store.isUnread(store.board.get("a")!)).toBe(true);
  await opened("a", 3, 4);
  desk.saw();
  desk.saw();
  expect(FakeSocket.last.sent.filter(({ type }) => type === "seen")).toEqual([{ type: "seen", conversation: "c-a", seq: 4 }]);
  await hear({ type: "ticket", ticket: ticket("a", { last_seq: 6 }) });
  expect(store.isUnread(store.board.get("a")!)).toBe(true);
  await hear({ type: "seen", conversation: "c-a", seq: 6 });
  expect(store.isUnread(store.board.get("a")!)).toBe(false);
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

test("the operator's pulse is felt every fifteen seconds", async () => {
  await hear(welcome([]));
  await vi.advanceTimersByTimeAsync(30_000);
  expect(FakeSocket.last.types().filter((type) => type === "beat")).toHaveLength(2);
});

test("a read-only colleague is told of nothing that only those who answer can do", async () => {
  await hear(welcome([ticket("a")], { operator: { ...ANNA, role: "read_only", permissions: ["see_desk"] } }));
  expect(store.may("answer")).toBe(false);
  expect(store.needMe.value).toBe(0);
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

test("after a cut the watched conversation is caught up from its cursor", async () => {
  await hear(welcome([ticket("a")]));
  await opened("a", 1, 2);
  FakeSocket.last.cut();
  await vi.advanceTimersByTimeAsync(500);
  FakeSocket.last.open();
  await hear(welcome([ticket("a")]));
  expect(watches().at(-1)).toMatchObject({ conversation: "c-a", after: 2 });
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
