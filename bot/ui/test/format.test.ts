import { expect, test } from "vitest";
import { percent, score, waited } from "../src/desk/format";
import { WORDS } from "../src/desk/words";

const MINUTE = 60_000;

test("waiting is minutes and seconds, then hours, then days, in both languages", () => {
  expect(waited(7_400, WORDS.en)).toBe("0:07");
  expect(waited(12 * MINUTE + 5_000, WORDS.ru)).toBe("12:05");
  expect(waited(62 * MINUTE, WORDS.en)).toBe("1 h 02 min");
  expect(waited(26 * 60 * MINUTE, WORDS.ru)).toBe("1 д 2 ч");
  expect(waited(-5_000, WORDS.en)).toBe("0:00");
});

test("scores and confidences are written so that they can be compared", () => {
  expect([score(0.8), score(0.864)]).toEqual(["0.80", "0.86"]);
  expect(percent(0.864)).toBe("86 %");
});
