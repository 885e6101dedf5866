import { describe, expect, test } from "vitest";
import { asked, fill, match } from "../src/desk/canned";
import type { CannedView } from "../src/shared/wire";

const reply = (shortcut: string, change: Partial<CannedView> = {}): CannedView => ({
  id: shortcut,
  shortcut,
  title: `title of ${shortcut}`,
  ru: "",
  en: "",
  group: "",
  used: 0,
  ...change,
});

describe("filling a ready answer", () => {
  const text = { ru: "Здравствуйте, {customer}! Договор {field.account}.", en: "Hello, {Customer}! I am {operator}." };

  test("takes the customer's language and puts in what is known", () => {
    expect(fill(text, "ru", { customer: "Марина", "field.account": "77" })).toBe("Здравствуйте, Марина! Договор 77.");
    expect(fill(text, "en", { customer: "Tom", operator: "Anna" })).toBe("Hello, Tom! I am Anna.");
  });

  test("an unknown value takes its comma and space along", () => {
    expect(fill(text, "ru", { customer: "" })).toBe("Здравствуйте! Договор.");
  });

  test("the other language stands in where one was never written, and strange braces stay", () => {
    expect(fill({ ru: "", en: "Use {curly} braces" }, "ru", {})).toBe("Use {curly} braces");
  });
});

describe("finding a ready answer", () => {
  const all = [reply("hello", { used: 1 }), reply("help", { used: 9 }), reply("bye", { en: "say hello again" }), reply("bill", { group: "billing" })];

  test("the shortcut counts first, then use, then the words", () => {
    expect(match(all, "hel", "support").map(({ id }) => id)).toEqual(["help", "hello", "bye"]);
  });

  test("those of another group are not offered", () => {
    expect(match(all, "", "support").map(({ id }) => id)).toEqual(["help", "hello", "bye"]);
    expect(match(all, "bill", "billing").map(({ id }) => id)).toEqual(["bill"]);
  });
});

describe("what asks to be completed", () => {
  test("a slash at the beginning of a line, not one inside a word or a path", () => {
    expect(asked("/out", 4, false)).toEqual({ kind: "canned", query: "out", from: 0 });
    expect(asked("Hi\n/", 4, false)).toEqual({ kind: "canned", query: "", from: 3 });
    expect(asked("and/or", 6, false)).toBeNull();
    expect(asked("/a/b", 4, false)).toBeNull();
  });

  test("an @ in a note, and only in a note", () => {
    expect(asked("ask @Bo", 7, true)).toEqual({ kind: "mention", query: "Bo", from: 4 });
    expect(asked("a@b", 3, true)).toBeNull();
    expect(asked("ask @Bo", 7, false)).toBeNull();
  });

  test("what stands behind the caret does not count", () => {
    expect(asked("/out and more", 2, false)).toEqual({ kind: "canned", query: "o", from: 0 });
  });
});
