import { describe, expect, test } from "vitest";
import { band, BOX, line, place, topOf } from "../src/desk/lead/curve-shape";
import { LEARNING_EN } from "../src/desk/lead/words/learning.en";
import { LEARNING_RU } from "../src/desk/lead/words/learning.ru";
import { allowed } from "../src/desk/lead/screens";

describe("the picture of a curve", () => {
  test("begins at the lower left and ends at the upper right", () => {
    expect(place(0, 0)).toEqual({ x: BOX.left, y: BOX.top + BOX.height });
    expect(place(1, 1)).toEqual({ x: BOX.left + BOX.width, y: BOX.top });
  });

  test("keeps what is above its axis at the upper edge", () => {
    expect(place(0.5, 0.9, 0.3).y).toBe(BOX.top);
  });

  test("draws a line through its places and closes the area of what is unsure", () => {
    const low = [place(0, 0), place(1, 0)];
    const high = [place(0, 1), place(1, 1)];
    expect(line(low)).toBe("M46 202L346 202");
    expect(band(low, high)).toBe("M46 12L346 12L346 202L46 202Z");
    expect(band([], [])).toBe("");
  });

  test.each([
    [[0.01, 0.02], 0.03, 0.05],
    [[0.22, 0.04], 0.03, 0.3],
    [[0], 0.5, 1],
    [[], 0.03, 0.05],
  ])("mistakes of %j with a limit of %d need an axis up to %d", (wrong, limit, top) => {
    expect(topOf(wrong, limit)).toBe(top);
  });
});

test("the limit's slider, the labels and the versions are for those who may", () => {
  const sees = (...permissions: string[]) => allowed(permissions).some(({ id }) => id === "answers");
  expect([sees("edit_articles"), sees("see_reports"), sees("answer", "see_desk")]).toEqual([true, true, false]);
});

test("every sentence of the screen fills in the same values in both languages", () => {
  const names = (text: unknown) => [...JSON.stringify(text).matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  for (const [key, english] of Object.entries(LEARNING_EN.learning)) {
    const russian = LEARNING_RU.learning[key as keyof typeof LEARNING_RU.learning];
    expect(new Set(names(russian)), key).toEqual(new Set(names(english)));
  }
});
