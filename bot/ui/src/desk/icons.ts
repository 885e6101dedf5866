// Pictures that only the desk uses; the shared ones are in shared/icons.
import type { View } from "./views";

export const BELL = "M6 17V11a6 6 0 1 1 12 0v6l1.5 2h-15ZM10 21h4";
export const BACK = "M15 6l-6 6 6 6";
export const INFO = "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM12 11v5M12 8v.01";
export const SEARCH = "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM16 16l4.5 4.5";
export const FILTER = "M4 6.5h16M7 12h10M10 17.5h4";
export const MOON = "M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10Z";
export const SWAP = "M4 8h14M14 4l4 4-4 4M20 16H6M10 12l-4 4 4 4";
export const UP = "M12 20V6M6 11l6-6 6 6M5 21h14";
export const DONE = "M5 12.5l4.5 4.5L19 7.5";
export const TWICE = "M2.5 12.5l4.5 4.5L15.5 7.5M12 16l1 1L21.5 7.5";
export const MORE = "M6 12h.01M12 12h.01M18 12h.01";
export const TAG = "M4 4h8l8 8-8 8-8-8ZM8 8h.01";
export const CLIP = "M19 11l-7.5 7.5a4.5 4.5 0 0 1-6.4-6.4L13 4.2a3 3 0 0 1 4.3 4.3l-7.8 7.8a1.5 1.5 0 0 1-2.1-2.1L14 7.5";
export const SLASH = "M5 4.5h14v15H5ZM14 8l-4 8";
export const NOTE = "M5 4h14v11l-5 5H5ZM14 20v-5h5M9 9h6";
export const CLOCK = "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM12 7.5V12l3 2";
export const BOT = "M5 9h14v10H5ZM12 5v4M9 13.5h.01M15 13.5h.01M2.5 13v2M21.5 13v2M12 4.5h.01";
export const BUG = "M8 9h8v6a4 4 0 0 1-8 0ZM9 9a3 3 0 0 1 6 0M4 12h4M16 12h4M5 19l3-2M19 19l-3-2M5 6l3 3M19 6l-3 3";
export const PEN = "M4 20l1-4L16 5l3 3L8 19ZM14 7l3 3";
export const GEAR = "M4 7h9M17 7h3M15 5v4M4 17h3M11 17h9M9 15v4";
export const KEYS = "M3 7h18v10H3ZM7 11h.01M11 11h.01M15 11h.01M8 14h8";
const QUEUE = "M4 13V5h16v8M4 13v6h16v-6M4 13h5l1.5 2.5h3L15 13h5";
const MINE = "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4 20c1-4 4-5.5 8-5.5s7 1.5 8 5.5";
const BALL = "M7 3h10M7 21h10M8 3c0 5 8 5 8 9s-8 4-8 9M16 3c0 5-8 5-8 9s8 4 8 9";
const BOX = "M4 4h16v4H4ZM5.5 8v12h13V8M10 12h4";
const LINES = "M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01";

export const VIEW_ICON: Record<View, string> = {
  unassigned: QUEUE,
  mine: MINE,
  waiting: BALL,
  snoozed: MOON,
  bot: BOT,
  closed: BOX,
  all: LINES,
};

/** By shape as well as by colour: two arrows up, one, a line, an arrow down. */
export const PRIORITY_ICON = ["", "M6 12l6-6 6 6M6 18l6-6 6 6", "M6 15l6-6 6 6", "M6 12h12", "M6 9l6 6 6-6"];

export const MOOD_ICON = {
  calm: "",
  annoyed: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM9 10h.01M15 10h.01M8.5 15.5h7",
  angry: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM8 9l2 1.2M16 9l-2 1.2M8.5 16.5c2-2.4 5-2.4 7 0",
};
