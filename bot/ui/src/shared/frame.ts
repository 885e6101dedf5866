// What the loader on the site's page and the widget in its frame tell each other, always with exact origins.
import type { Lang } from "./wire";

/** Loader to widget. `init` is the first: its origin is the only one the widget will ever answer. */
export interface ToWidget {
  zeroline: "init" | "shown" | "hidden";
  lang: Lang;
  /** The site's colour as #rrggbb and what is written on it; empty for our own. */
  accent: string;
  ink: string;
  /** The chat was opened by the visitor's own act, so the cursor may go there. */
  focus: boolean;
  url: string;
  title: string;
}

/** Widget to loader: its first message says that it is there, a later plain one asks to be closed. */
export type ToLoader = { zeroline: "ready" | "close" } | { zeroline: "unread"; count: number } | { zeroline: "lang"; lang: Lang };
