import { beforeEach, expect, test } from "vitest";
import { Keep } from "../src/shared/keep";
import { Outbox } from "../src/shared/outbox";
import { memoryStorage } from "./fakes";

const NOW = Date.parse("2026-11-23T10:00:00Z");
let storage: Storage;
let outbox: Outbox;

const message = (cid: string) => ({ type: "message" as const, cid, text: `text of ${cid}` });
const states = (box: Outbox) => box.items.map(({ frame, state }) => [frame.cid, state]);

beforeEach(() => {
  storage = memoryStorage();
  outbox = new Outbox(new Keep(() => storage));
});

function reloaded(now = NOW): Outbox {
  const box = new Outbox(new Keep(() => storage));
  box.load(now);
  return box;
}

test("what was not acknowledged is there after a reload, in its order", () => {
  outbox.add(message("second-1"), NOW - 1);
  outbox.add(message("first-01"), NOW - 2);
  outbox.add(message("acked-01"), NOW - 3);
  outbox.acked("acked-01", 7);
  expect(states(reloaded())).toEqual([
    ["first-01", "sending"],
    ["second-1", "sending"],
  ]);
});

test("an acknowledged item is shown as sent until its row arrives", () => {
  outbox.add(message("cid-0001"), NOW);
  outbox.acked("cid-0001", 5);
  outbox.settle(new Set(), 4);
  expect(states(outbox)).toEqual([["cid-0001", "sent"]]);
  outbox.settle(new Set(), 5);
  expect(outbox.items).toEqual([]);
});

test("an echo that comes before the acknowledgement settles the item as well", () => {
  outbox.add(message("cid-0001"), NOW);
  outbox.settle(new Set(["cid-0001"]), 5);
  expect(outbox.items).toEqual([]);
  outbox.acked("cid-0001", 5);
  expect(outbox.items).toEqual([]);
  expect(reloaded().items).toEqual([]);
});

test("retry sends the same cid", () => {
  outbox.add(message("cid-0001"), NOW);
  outbox.failed("cid-0001", "no");
  expect(outbox.waiting()).toEqual([]);
  outbox.retry("cid-0001");
  expect(outbox.waiting().map(({ frame }) => frame.cid)).toEqual(["cid-0001"]);
});

test("yesterday's unsent words wait for the customer's decision", () => {
  outbox.add(message("cid-0001"), NOW - 25 * 3600 * 1000);
  expect(states(reloaded())).toEqual([["cid-0001", "failed"]]);
});

test("two tabs do not overwrite each other", () => {
  const other = new Outbox(new Keep(() => storage));
  outbox.add(message("tab-one1"), NOW);
  other.add(message("tab-two2"), NOW);
  outbox.acked("tab-one1", 1);
  expect(states(reloaded())).toEqual([["tab-two2", "sending"]]);
});

test("a spoilt entry is passed over", () => {
  storage.setItem("zeroline.out.x", "{");
  storage.setItem("zeroline.out.y", '{"frame":{}}');
  expect(reloaded().items).toEqual([]);
});
