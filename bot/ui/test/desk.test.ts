import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Api, ApiError } from "../src/desk/api";
import { Desk } from "../src/desk/desk";
import { Live } from "../src/desk/live";
import * as store from "../src/desk/store";
import type { DeskEvent, DeskMessageView, TicketDetail, TicketView } from "../src/shared/wire";
import { dial, FakeSocket, row, startClock } from "./fakes";

const ANNA = { id: "op1", login: "anna", name: "Anna", role: "operator" as const };
const answers = new Map<string, () => unknown>();
let asked: { path: string; body: unknown; csrf: string }[];
let desk: Desk;

function ticket(id: string, change: Partial<TicketView> = {}): TicketView {
  return {
    id,
    number: 1,
    conversation: `c-${id}`,
    status: "queued",
    reason: "asked",
    lang: "en",
    channel: "widget",
    subject: `subject of ${id}`,
    customer_name: "",
    assignee: null,
    assignee_name: null,
    opened_at: "2026-11-23T09:55:00+00:00",
    claimed_at: null,
    closed_at: null,
    outcome: null,
    rating: null,
    ...change,
  };
}

const turn = (seq: number, change: Partial<DeskMessageView> = {}): DeskMessageView => ({ ...row(seq), evidence: null, ...change });

function detail(id: string, seqs: number[]): TicketDetail {
  const customer = { name: "", channel: "widget" as const, lang: "en" as const, page_url: "", page_title: "", fields: {} };
  return { ticket: ticket(id), customer, tried: [], messages: seqs.map((seq) => turn(seq)) };
}

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
  await desk.select("");
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

const welcome = (...tickets: TicketView[]): DeskEvent => ({ type: "welcome", v: 1, operator: ANNA, tickets });
const ids = (tickets: TicketView[]) => tickets.map(({ id }) => id);
const watches = () => FakeSocket.last.sent.filter(({ type }) => type === "watch");

async function opened(id: string, ...seqs: number[]): Promise<void> {
  answers.set(`tickets/${id}`, () => detail(id, seqs));
  await desk.select(id);
}

test("sorts open tickets into mine, waiting and others, longest waiting first", async () => {
  const mine = ticket("m", { status: "claimed", assignee: "op1" });
  const late = ticket("late", { opened_at: "2026-11-23T09:00:00+00:00" });
  await hear(welcome(ticket("new"), mine, late, ticket("b", { status: "claimed", assignee: "op2" })));
  expect([ids(store.mine.value), ids(store.waiting.value), ids(store.others.value)]).toEqual([["m"], ["late", "new"], ["b"]]);
});

test("events are gathered and applied together, ten times a second at most", async () => {
  await hear(welcome());
  const drawn = vi.fn();
  const stop = store.tickets.subscribe(drawn);
  drawn.mockClear();
  for (let n = 0; n < 20; n += 1) FakeSocket.last.says({ type: "ticket", ticket: ticket(`t${n}`) });
  await vi.advanceTimersByTimeAsync(99);
  expect(drawn).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(drawn).toHaveBeenCalledTimes(1);
  expect(store.tickets.value.size).toBe(20);
  stop();
});

test("a closed ticket leaves the queue and stays readable while it is open", async () => {
  await hear(welcome(ticket("a")));
  await opened("a", 1);
  await hear({ type: "ticket", ticket: ticket("a", { status: "closed" }) });
  expect(store.waiting.value).toEqual([]);
  expect(store.ticket.value?.status).toBe("closed");
});

test("only a ticket that was not there before is news", async () => {
  await hear(welcome(ticket("a")));
  await hear({ type: "ticket", ticket: ticket("a", { subject: "changed" }) });
  expect(store.news.value).toBe("");
  await hear({ type: "ticket", ticket: ticket("b") });
  expect(store.news.value).toBe("subject of b");
});

test("opening a ticket loads its rows and watches on from there", async () => {
  await hear(welcome(ticket("a")));
  await opened("a", 1, 2, 3);
  expect(watches().at(-1)).toMatchObject({ conversation: "c-a", after: 3 });
  await hear({ type: "messages", conversation: "c-a", messages: [turn(4)] });
  await hear({ type: "messages", conversation: "c-other", messages: [turn(5)] });
  expect(store.rows.value.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
});

test("a gap is asked for again from the cursor", async () => {
  await hear(welcome(ticket("a")));
  await opened("a", 1);
  await hear({ type: "messages", conversation: "c-a", messages: [turn(3)] });
  expect(watches().at(-1)).toMatchObject({ after: 1 });
  await hear({ type: "messages", conversation: "c-a", messages: [turn(2), turn(3)] });
  expect(store.rows.value.map(({ seq }) => seq)).toEqual([1, 2, 3]);
});

test("what arrives for a ticket that was left meanwhile is dropped", async () => {
  await hear(welcome(ticket("a"), ticket("b")));
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  answers.set("tickets/a", () => detail("a", [1, 2]));
  const slow = vi.fn(globalThis.fetch);
  vi.stubGlobal("fetch", async (address: string, init: RequestInit) => {
    if (address.includes("tickets/a")) await held;
    return slow(address, init);
  });
  const first = desk.select("a");
  await opened("b", 1);
  release();
  await first;
  expect(store.rows.value.map(({ seq }) => seq)).toEqual([1]);
  expect(store.ticket.value?.id).toBe("b");
});

test("the loser of a claim is told in the server's words who won", async () => {
  await hear(welcome(ticket("a")));
  await opened("a", 1);
  answers.set("tickets/a/claim", refuse(409, "already_claimed", "Boris has taken it."));
  await desk.claim();
  expect(store.alarm.value).toBe("Boris has taken it.");
  expect(store.isMine.value).toBe(false);
});

test("a reply is sending, sent, and then its row; a refused one can be sent again under the same cid", async () => {
  await hear(welcome(ticket("a", { status: "claimed", assignee: "op1" })));
  await opened("a", 1);
  answers.set("tickets/a/messages", refuse(503, "unavailable", "Try later."));
  await desk.say("hello");
  const [failed] = store.replies.value;
  expect(failed).toMatchObject({ state: "failed", note: "Try later." });
  answers.set("tickets/a/messages", () => ({ cid: failed!.cid, seq: 2 }));
  await desk.retry(failed!);
  expect(store.replies.value[0]).toMatchObject({ state: "sent" });
  const sent = asked.filter(({ path }) => path.endsWith("messages")).map(({ body }) => (body as { cid: string }).cid);
  expect(new Set(sent).size).toBe(1);
  await hear({ type: "messages", conversation: "c-a", messages: [turn(2, { cid: failed!.cid, author: "operator" })] });
  expect(store.replies.value).toEqual([]);
});

test("a session that ends under a reply leads to the door and keeps the words", async () => {
  await hear(welcome(ticket("a", { status: "claimed", assignee: "op1" })));
  await opened("a", 1);
  store.setDraft("a", "begun");
  answers.set("tickets/a/messages", refuse(401, "unauthorised", "Sign in."));
  await desk.say("sent too late");
  expect(store.session.value).toBeNull();
  expect(store.expired.value).toBe(true);
  expect(store.draft("a")).toBe("begun\nsent too late");
});

test("a token that another tab has replaced is fetched anew, once", async () => {
  await hear(welcome(ticket("a")));
  await opened("a", 1);
  let refused = 0;
  answers.set("me", () => ({ operator: ANNA, csrf: "token-2" }));
  answers.set("tickets/a/claim", () => {
    if (refused++ === 0) refuse(403, "csrf_refused", "Reload.")();
    return ticket("a", { status: "claimed", assignee: "op1" });
  });
  await desk.claim();
  expect(store.isMine.value).toBe(true);
  expect(asked.filter(({ path }) => path.endsWith("claim")).map(({ csrf }) => csrf)).toEqual(["token-1", "token-2"]);
});

test("after a cut the watched conversation is caught up from its cursor", async () => {
  await hear(welcome(ticket("a")));
  await opened("a", 1, 2);
  FakeSocket.last.cut();
  await vi.advanceTimersByTimeAsync(500);
  FakeSocket.last.open();
  await hear(welcome(ticket("a")));
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
