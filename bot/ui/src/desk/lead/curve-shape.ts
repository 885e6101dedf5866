// Where the points of a curve lie in its picture, and how far its axis goes. Pure.

/** The drawing inside of a figure, in its own units; the axes stand at the left and at the bottom. */
export const BOX = { left: 46, top: 12, width: 300, height: 190 };

export interface Place {
  x: number;
  y: number;
}

/** A share across and a share up (of `most`) as a place in the picture. */
export function place(across: number, up: number, most = 1): Place {
  const inside = Math.min(1, Math.max(0, up / most));
  return { x: round(BOX.left + across * BOX.width), y: round(BOX.top + (1 - inside) * BOX.height) };
}

export function line(places: readonly Place[]): string {
  return places.map(({ x, y }, at) => `${at ? "L" : "M"}${x} ${y}`).join("");
}

/** The area between the lower and the upper ends of what is uncertain. */
export function band(low: readonly Place[], high: readonly Place[]): string {
  return low.length ? `${line(high)}${line([...low].reverse()).replace("M", "L")}Z` : "";
}

const TOPS = [0.05, 0.1, 0.2, 0.3, 0.5, 1];

/** The end of the axis of mistakes: a round share with room for the limit and for nearly everything that was measured. */
export function topOf(wrong: readonly number[], limit: number): number {
  const most = Math.max(limit * 1.5, ...wrong);
  return TOPS.find((top) => top >= most) ?? 1;
}

const round = (value: number): number => Math.round(value * 10) / 10;
