import { describe, expect, test } from "vitest";
import { Board } from "../src/desk/board";
import { compare, holds, LIVE, NO_FILTER, passes } from "../src/desk/views";
import type { TicketView } from "../src/shared/wire";
import { mine, ticket } from "./tickets";

const at = (minute: number) => `2026-11-23T09:${String(minute).padStart(2, "0")}:00+00:00`;
const ids = (list: readonly TicketView[]) => list.map(({ id }) => id);

describe("the order of a list", () => {
  test("is priority, then who has waited longest, then those who do not wait", () => {
    const list = [
      ticket("late", { opened_at: at(1), waiting_since: at(30) }),
      ticket("answered", { waiting_since: null, opened_at: at(0) }),
      ticket("early", { waiting_since: at(10) }),
      ticket("urgent", { priority: 1, waiting_since: at(59) }),
    ];
    expect(ids(list.sort(compare))).toEqual(["urgent", "early", "late", "answered"]);
  });
});

describe("the views", () => {
  test("an offered ticket is unassigned for everybody and also mine for whom it is offered to", () => {
    const offered = ticket("o", { status: "offered", offered_to: "op1" });
    expect(LIVE.filter((view) => holds(view, offered, "op1"))).toEqual(["unassigned", "mine", "all"]);
    expect(LIVE.filter((view) => holds(view, offered, "op2"))).toEqual(["unassigned", "all"]);
  });

  test("a claimed one waits for the customer once it has been answered, a snoozed one is put off", () => {
    expect(LIVE.filter((view) => holds(view, mine("m", { waiting_since: null }), "op1"))).toEqual(["mine", "waiting", "all"]);
    expect(LIVE.filter((view) => holds(view, mine("s", { status: "snoozed" }), "op1"))).toEqual(["snoozed", "all"]);
  });

  test("a filter lets through what fits all of its words", () => {
    const one = ticket("a", { group: "billing", tags: ["bug"] });
    expect(passes(one, NO_FILTER)).toBe(true);
    expect(passes(one, { ...NO_FILTER, group: "billing", tag: "bug" })).toBe(true);
    expect(passes(one, { ...NO_FILTER, group: "billing", tag: "review" })).toBe(false);
  });
});

describe("the board", () => {
  test("moves a changed ticket to its new place and its new views", () => {
    const board = new Board();
    const first = ticket("a", { waiting_since: at(1) });
    board.reset([first, ticket("b", { waiting_since: at(2) })], "op1");
    board.put([{ ...first, priority: 4 }]);
    expect(ids(board.lists.unassigned.value)).toEqual(["b", "a"]);
    board.put([{ ...first, status: "claimed", assignee: "op1" }]);
    expect(ids(board.lists.unassigned.value)).toEqual(["b"]);
    expect(ids(board.lists.mine.value)).toEqual(["a"]);
    board.put([{ ...first, status: "closed" }]);
    expect(board.get("a")).toBeUndefined();
    expect(ids(board.lists.all.value)).toEqual(["b"]);
  });

  test("finds the open ticket of a conversation, the newer one when the older was closed", () => {
    const board = new Board();
    board.reset([ticket("old", { conversation: "c" })], "op1");
    board.put([ticket("old", { conversation: "c", status: "closed" }), ticket("new", { conversation: "c" })]);
    expect(board.of("c")?.id).toBe("new");
  });

  test("after any row of changes every list is what sorting everything anew would give", () => {
    const board = new Board();
    const truth = new Map<string, TicketView>();
    let seed = 7;
    const dice = (sides: number) => (seed = (seed * 48_271) % 2_147_483_647) % sides;
    board.reset([], "op1");
    for (let step = 0; step < 4_000; step += 1) {
      const id = `t${dice(150)}`;
      const status = (["queued", "offered", "claimed", "snoozed", "closed"] as const)[dice(5)]!;
      const changed: TicketView = {
        ...(truth.get(id) ?? ticket(id)),
        status,
        priority: 1 + dice(4),
        assignee: status === "claimed" || status === "snoozed" ? `op${1 + dice(3)}` : null,
        offered_to: status === "offered" ? `op${1 + dice(3)}` : null,
        waiting_since: dice(3) ? at(dice(60)) : null,
      };
      if (status === "closed") truth.delete(id);
      else truth.set(id, changed);
      board.put([changed]);
    }
    const all = [...truth.values()].sort(compare);
    for (const view of LIVE) expect(ids(board.lists[view].value)).toEqual(ids(all.filter((one) => holds(view, one, "op1"))));
    expect(truth.size).toBeGreaterThan(50);
  });
});
