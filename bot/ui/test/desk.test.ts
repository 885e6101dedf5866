import { expect, test, vi } from "vitest";
import * as store from "../src/desk/store";
import { NO_FILTER } from "../src/desk/views";
import type { TicketView } from "../src/shared/wire";
import { answers, desk, hear, opened, useDesk } from "./desk-house";
import { FakeSocket } from "./fakes";
import { ANNA, detail, mine, ticket, turn, welcome } from "./tickets";

const ids = (tickets: readonly TicketView[]) => tickets.map(({ id }) => id);
const watches = () => FakeSocket.last.sent.filter(({ type }) => type === "watch");

useDesk();

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
  await hear({ ...reminder, id: "r3", ticket: "", number: 0, conversation: "c-9" });
  expect(store.toasts.value.at(-1)?.href).toBe("#/c/c-9");
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

test("after a customer's words the card is looked at again, and the rows stay as they are", async () => {
  await hear(welcome([mine("a")]));
  await opened("a", 1);
  const found = [{ key: "phone", label: "Phone", value: null, found: "+79123456789", source: "" as const }];
  const known = detail(mine("a"), [1]);
  answers.set("tickets/a", () => ({ ...known, customer: { ...known.customer, fields: found } }));
  await hear({ type: "messages", conversation: "c-a", messages: [turn(2, { author: "customer" })] });
  await vi.advanceTimersByTimeAsync(500);
  expect(store.known.value?.customer.fields).toEqual(found);
  expect(store.rows.value.map(({ seq }) => seq)).toEqual([1, 2]);
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

test("after a cut the watched conversation is caught up from its cursor", async () => {
  await hear(welcome([ticket("a")]));
  await opened("a", 1, 2);
  FakeSocket.last.cut();
  await vi.advanceTimersByTimeAsync(500);
  FakeSocket.last.open();
  await hear(welcome([ticket("a")]));
  expect(watches().at(-1)).toMatchObject({ conversation: "c-a", after: 2 });
});
