import { expect, test } from "vitest";
import { weave } from "../src/desk/weave";
import type { NoteView } from "../src/shared/wire";
import { ticket, turn } from "./tickets";

const note = (id: string, after_seq: number, at = "2026-11-23T10:00:30+00:00"): NoteView => ({
  id,
  conversation: "c1",
  after_seq,
  author: "op1",
  author_name: "Anna",
  text: id,
  mentions: [],
  at,
  approval: "",
  decided_by: "",
});
const keys = (...given: Parameters<typeof weave>) => weave(...given).map(({ key }) => key);

test("notes stand behind the row they were written after, in the order of writing", () => {
  const notes = [note("late", 2, "2026-11-23T10:02:00+00:00"), note("early", 2, "2026-11-23T10:01:00+00:00"), note("end", 3)];
  expect(keys([turn(1), turn(2), turn(3)], notes, [], false)).toEqual(["r1", "r2", "early", "late", "r3", "end"]);
});

test("a note before every row is first, unless older rows are still to come", () => {
  expect(keys([turn(5)], [note("n", 0)], [], false)).toEqual(["n", "r5"]);
  expect(keys([turn(5)], [note("n", 2)], [], true)).toEqual(["r5"]);
});

test("a request begins before the first row that is not older", () => {
  const rows = [turn(1, { at: "2026-11-23T09:00:00+00:00" }), turn(2, { at: "2026-11-23T10:00:00+00:00" })];
  expect(keys(rows, [], [ticket("t", { opened_at: "2026-11-23T09:30:00+00:00" })], false)).toEqual(["r1", "t", "r2"]);
});

test("a name is said when another begins to speak, and again behind a note", () => {
  const rows = [turn(1, { author: "customer" }), turn(2, { author: "customer" }), turn(3, { author: "bot" }), turn(4, { author: "bot" })];
  const named = weave(rows, [note("n", 3)], [], false).flatMap((item) => (item.kind === "row" ? [item.named] : []));
  expect(named).toEqual([true, false, true, true]);
});
