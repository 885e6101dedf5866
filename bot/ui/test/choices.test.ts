// What a waiting customer may still choose, from the rows alone, so that a reload changes nothing.
import { expect, test } from "vitest";
import { choices } from "../src/widget/choices";
import { row } from "./fakes";

const buttons = [
  { id: "wait", title: "I'll wait here", act: "wait" as const },
  { id: "write", title: "Write to me later", act: "write" as const },
  { id: "bot", title: "Back to the bot", act: "bot" as const },
];
const handoff = row(3, { kind: "handoff", buttons });
const said = (seq: number, text: string) => row(seq, { author: "customer", text });
const ids = (...rows: ReturnType<typeof row>[]) => choices(handoff, rows).map(({ id }) => id);

test("everything is open until something is chosen", () => {
  expect(ids(said(1, "I'll wait here"), handoff, said(4, "my account is 7"))).toEqual(["wait", "write", "bot"]);
});

test("who waits may still be written to or go back; who is written to may go back", () => {
  expect(ids(handoff, said(4, "I'll wait here"))).toEqual(["write", "bot"]);
  expect(ids(handoff, said(4, "I'll wait here"), row(5), said(6, "Write to me later"))).toEqual(["bot"]);
});
