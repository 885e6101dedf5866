import { expect, test } from "vitest";
import { insertAt, isShortcut, preview, unknownVariables } from "../src/desk/lead/canned-preview";

const VALUES = { customer: "Maria", number: "1042", "field.account": "71-204" };

test("a preview shows what stands for each variable and keeps every other word", () => {
  expect(preview("Hi {customer}! №{number}, {field.account}.", VALUES)).toEqual([
    { text: "Hi ", kind: "plain" },
    { text: "Maria", kind: "value" },
    { text: "! №", kind: "plain" },
    { text: "1042", kind: "value" },
    { text: ", ", kind: "plain" },
    { text: "71-204", kind: "value" },
    { text: ".", kind: "plain" },
  ]);
});

test("a line of the card without a sample is shown by its name", () => {
  expect(preview("{field.street}", VALUES)).toEqual([{ text: "street", kind: "value" }]);
});

test("a variable that does not exist stays as it is written, and each is named once", () => {
  expect(preview("{Customer} {nobody}", VALUES).map(({ text, kind }) => [text, kind])).toEqual([
    ["Maria", "value"],
    [" ", "plain"],
    ["{nobody}", "unknown"],
  ]);
  expect(unknownVariables("{x} {y} {x} {customer} {}", VALUES)).toEqual(["{x}", "{y}"]);
});

test("braces that hold no variable are text", () => {
  expect(preview("{ } {1} {кто}", VALUES)).toEqual([{ text: "{ } {1} {кто}", kind: "plain" }]);
  expect(preview("", VALUES)).toEqual([]);
});

test("a shortcut is what can be typed after the slash", () => {
  expect(["hello", "возврат-5", "a_b"].every(isShortcut)).toBe(true);
  expect(["", "two words", "/x", "x".repeat(41), "ok!"].some(isShortcut)).toBe(false);
});

test("a variable replaces what is selected and the cursor stands behind it", () => {
  expect(insertAt("Dear friend,", "{customer}", 5, 11)).toEqual({ text: "Dear {customer},", cursor: 15 });
});
