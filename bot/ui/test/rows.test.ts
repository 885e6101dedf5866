import { describe, expect, test } from "vitest";
import { Rows } from "../src/shared/rows";

const seqs = (rows: readonly { seq: number }[]) => rows.map((row) => row.seq);
const make = (...numbers: number[]) => numbers.map((seq) => ({ seq }));

describe("the transcript in the browser", () => {
  test("keeps each row once, in order, whatever order it came in", () => {
    const rows = new Rows();
    rows.take(make(2, 1, 3));
    const again = rows.take(make(2, 3, 4));
    expect(seqs(rows.list)).toEqual([1, 2, 3, 4]);
    expect(seqs(again.fresh)).toEqual([4]);
    expect(rows.cursor).toBe(4);
  });

  test("never shows a row behind a hole: it reports the gap and stays at the cursor", () => {
    const rows = new Rows();
    rows.take(make(1, 2));
    expect(rows.take(make(3, 5, 6))).toEqual({ fresh: make(3), gap: true });
    expect(rows.cursor).toBe(3);
    expect(rows.take(make(4, 5, 6))).toEqual({ fresh: make(4, 5, 6), gap: false });
  });

  test("accepts a hole that is still there after the server was asked for it", () => {
    const rows = new Rows();
    rows.take(make(1));
    expect(rows.take(make(4)).gap).toBe(true);
    expect(rows.take(make(4))).toEqual({ fresh: make(4), gap: false });
    expect(rows.take(make(9)).gap).toBe(true);
  });

  test("lets a history begin anywhere, because old rows may have been erased", () => {
    expect(new Rows().take(make(301, 302))).toEqual({ fresh: make(301, 302), gap: false });
  });

  test("starts anew after a reset", () => {
    const rows = new Rows();
    rows.take(make(1, 2));
    rows.reset();
    expect(rows.take(make(1))).toEqual({ fresh: make(1), gap: false });
    expect(seqs(rows.list)).toEqual([1]);
  });
});
